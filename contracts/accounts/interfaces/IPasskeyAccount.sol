// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {Authorization} from "../../shared/types/Authorization.sol";
import {PublicKey} from "../types/PublicKey.sol";

/// @title A wallet that a passkey signs for, with a second key for the day on which the passkey is lost
/// @notice The ledger asks it about signatures (ERC-1271), as any wallet that is a contract. What a passkey signs is bound to
/// this account and chain by ERC-7739, whatever it is about.
/// @dev A clone: its keys are in its own code, until others take their place. Nothing of it can be upgraded. The passkey must
/// have verified who holds it (a fingerprint, a face, a PIN). Of which site it is, the browser sees to and not the chain.
interface IPasskeyAccount is IERC1271 {
    /// @notice From now on this passkey signs for the account, and the one before it no more.
    event PasskeyChanged(bytes32 x, bytes32 y);
    /// @notice From now on this key can have the passkey replaced.
    event RecoveryKeyChanged(bytes32 x, bytes32 y);
    /// @notice The recovery key wants this passkey to take the place of the present one.
    event ReplacementProposed(bytes32 x, bytes32 y, uint40 executableAt);
    /// @notice The account objected, its keys changed, or another replacement was proposed instead.
    event ReplacementCancelled(bytes32 x, bytes32 y);

    error NotTheAccount(address caller);
    error NoReplacement();
    error ReplacementTooEarly(uint40 executableAt);

    /// @notice How long a replacement waits in public: the passkey's holder may object meanwhile.
    function REPLACEMENT_SECONDS() external view returns (uint256);

    /// @notice The passkey that signs for the account now.
    function signer() external view returns (bytes32 x, bytes32 y);

    /// @notice The key that can have a lost passkey replaced.
    function recoveryKey() external view returns (bytes32 x, bytes32 y);

    /// @notice The passkey that is to take the place, and from when on anyone can have it so; zeros without one.
    function replacement() external view returns (bytes32 x, bytes32 y, uint40 executableAt);

    /// @notice Whether this nonce has been spent.
    function nonceSpent(uint256 nonce) external view returns (bool);

    /// @notice Makes the account call a contract, or send coin. Anyone can carry it.
    /// @dev Signed by the passkey: `Execute(address target,uint256 value,bytes data,uint256 nonce,uint256 deadline)` in the
    /// account's own domain. Reverts {IAuthorizations.AuthorizationExpired}, {IAuthorizations.NonceSpent},
    /// {IAuthorizations.SignatureInvalid}, and as the call does.
    function execute(address target, uint256 value, bytes calldata data, Authorization calldata authorization)
        external
        returns (bytes memory);

    /// @notice Puts another passkey in the place of the present one, at once. By {execute} alone.
    /// @dev Reverts {NotTheAccount}, {KeyInvalid}, {KeysAlike}.
    function changePasskey(PublicKey calldata passkey) external;

    /// @notice Puts another recovery key in the place of the present one, at once. By {execute} alone.
    /// @dev Reverts as {changePasskey}.
    function changeRecoveryKey(PublicKey calldata recovery) external;

    /// @notice Objects to a replacement. By {execute} alone.
    /// @dev Reverts {NotTheAccount}, {NoReplacement}.
    function cancelReplacement() external;

    /// @notice Begins to put another passkey in the place of a lost one; it takes the place of a replacement begun before.
    /// Anyone can carry it.
    /// @dev Signed by the recovery key: `Replace(bytes32 x,bytes32 y,uint256 nonce,uint256 deadline)` in the account's own
    /// domain; as a passkey signs, or as 64 bytes r and s over the SHA-256 of the digest, as a key in a file does. Reverts
    /// {KeyInvalid}, {KeysAlike}, and as {execute} for the signature.
    function proposeReplacement(PublicKey calldata passkey, Authorization calldata authorization) external;

    /// @notice Has the new passkey sign for the account from now on, and the old one no more. By anyone, once its time has come.
    /// @dev Reverts {NoReplacement}, {ReplacementTooEarly}.
    function completeReplacement() external;
}
