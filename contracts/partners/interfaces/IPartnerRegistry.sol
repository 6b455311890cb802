// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {IAuthorizations} from "../../shared/interfaces/IAuthorizations.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";

/// @title Who the partners are
/// @notice A partner's permanent id is its first address, the account. Terms, claims and scores name the account;
/// {walletOf} says which wallet acts for it now. Each account has an owner key, its wallet unless another was set: only the
/// owner rotates the wallet, names another owner, and cancels a recovery that the consortium has begun. A wallet acts for
/// one account only, and for good: whoever takes a wallet or an owner's place says so with a signature of its own,
/// `AcceptWallet(address account,address wallet,uint256 nonce,uint256 deadline)` or `AcceptOwnership(address account,
/// address owner,uint256 nonce,uint256 deadline)`, whose nonce is the new key's own.
interface IPartnerRegistry is IJournal, IAuthorizations {
    /// @notice A company made itself known under its account.
    event PartnerRegistered(address indexed account, string name, string uri, uint64 seq, bytes24 head);
    /// @notice The consortium verified the account. A later attestation replaces an earlier one.
    event PartnerAttested(
        address indexed account, uint8 level, uint40 expiresAt, bytes32 evidence, uint64 seq, bytes24 head
    );
    /// @notice The consortium took its attestation back.
    event AttestationRevoked(address indexed account, bytes32 reason, uint64 seq, bytes24 head);

    /// @notice Another wallet acts for the account.
    /// @param previous the wallet that did until now
    event WalletRotated(address indexed account, address indexed wallet, address previous, uint64 seq, bytes24 head);
    /// @notice Another key is the account's owner.
    /// @param owner the zero address: the account's wallet, whichever it is
    /// @param previous the owner until now, by the same rule
    event OwnerChanged(address indexed account, address indexed owner, address previous, uint64 seq, bytes24 head);
    /// @notice The consortium began to recover an account whose keys are lost. A later proposal replaces an earlier one.
    /// @param executableAt from when on the recovery can be completed, in seconds
    event RecoveryProposed(
        address indexed account, address indexed wallet, uint40 executableAt, uint64 seq, bytes24 head
    );
    /// @notice The owner stopped a recovery, by saying so or by rotating the wallet itself.
    event RecoveryCancelled(address indexed account, address indexed wallet, uint64 seq, bytes24 head);
    /// @notice A recovery was completed: another wallet acts for the account and, by default, owns it.
    event AccountRecovered(address indexed account, address indexed wallet, address previous, uint64 seq, bytes24 head);

    error AlreadyRegistered(address account);
    error NameInvalid(uint256 length);
    error UriTooLong(uint256 length);
    error LevelInvalid();
    error ExpiryInThePast(uint40 expiresAt);
    error NotAttested(address account);
    error NotTheOwner(address account, address caller);
    /// @notice The address is, or was, another account's wallet, or is registered as an account itself.
    error WalletInUse(address wallet, address account);
    error WalletInvalid(address wallet);
    error OwnerInvalid(address owner);
    error NoRecovery(address account);
    error RecoveryTooEarly(address account, uint256 executableAt);

    /// @notice The wallet that acts for an account: itself when never rotated.
    function walletOf(address account) external view returns (address);

    /// @notice The account that an address is or was a wallet of; the address itself when it never was another's.
    /// @dev For the payments that a wallet made. It says nothing about who may act: {walletOf} does.
    function accountOf(address wallet) external view returns (address);

    /// @notice `walletOf(accountOf(wallet))`: the wallet that now stands for whoever once acted with this one.
    function successorOf(address wallet) external view returns (address);

    /// @notice The key that alone rotates the wallet: the wallet itself unless another was named.
    function ownerOf(address account) external view returns (address);

    /// @notice A recovery that waits: its wallet and from when on it can be completed; zeros when there is none.
    function recoveryOf(address account) external view returns (address wallet, uint40 executableAt);

    /// @notice Seconds that a recovery waits in public.
    function RECOVERY_SECONDS() external view returns (uint256);

    /// @notice Whether the account has made itself known.
    function isRegistered(address account) external view returns (bool);

    /// @notice The consortium's attestation: level 0 when there is none, it was revoked, or it has expired.
    function attestationOf(address account) external view returns (uint8 level, uint40 expiresAt);

    /// @notice Makes the account known under a public name. Called by its wallet.
    /// @param name 1 to 100 bytes of UTF-8
    /// @param uri at most 300 bytes, may be empty
    /// @dev Reverts {NotTheWallet}, {AlreadyRegistered}, {NameInvalid}, {UriTooLong}.
    function register(address account, string calldata name, string calldata uri) external;

    /// @notice The signed form of {register}: `Register(address account,string name,string uri,uint256 nonce,uint256
    /// deadline)`.
    function registerWithAuthorization(
        address account,
        string calldata name,
        string calldata uri,
        Authorization calldata authorization
    ) external;

    /// @notice The consortium attests a verification level (1 and up) until `expiresAt` (inclusive).
    /// @param evidence hash of what the consortium saw
    /// @dev Restricted to the role that the access manager gives. Reverts {LevelInvalid}, {ExpiryInThePast}.
    function attest(address account, uint8 level, uint40 expiresAt, bytes32 evidence) external;

    /// @notice The consortium takes its attestation back.
    /// @dev Restricted to the role that the access manager gives. Reverts {NotAttested}.
    function revoke(address account, bytes32 reason) external;

    /// @notice Lets another wallet act for the account, and cancels a recovery that waits. Called by the owner.
    /// @param consent the new wallet's `AcceptWallet`; an empty signature when it is the caller
    /// @dev Reverts {NotTheOwner}, {WalletInvalid} (zero, or the wallet it has), {WalletInUse}, {AuthorizationExpired},
    /// {NonceSpent}, {SignatureInvalid}.
    function rotate(address account, address wallet, Authorization calldata consent) external;

    /// @notice The signed form of {rotate}, by the owner's key, whose own nonce it spends: `Rotate(address account,address
    /// wallet,uint256 nonce,uint256 deadline)`.
    function rotateWithAuthorization(
        address account,
        address wallet,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external;

    /// @notice Names another owner; the zero address gives the place back to the wallet. Called by the owner.
    /// @param consent the new owner's `AcceptOwnership`; an empty signature when it is the caller or the zero address
    /// @dev Reverts {NotTheOwner}, {OwnerInvalid}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function changeOwner(address account, address owner, Authorization calldata consent) external;

    /// @notice The signed form of {changeOwner}, by the owner's key: `ChangeOwner(address account,address owner,uint256
    /// nonce,uint256 deadline)`.
    function changeOwnerWithAuthorization(
        address account,
        address owner,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external;

    /// @notice Begins the recovery of an account whose keys are lost. The owner has 14 days to cancel it.
    /// @dev Restricted to the role that the access manager gives. Reverts {WalletInvalid}, {WalletInUse}.
    function proposeRecovery(address account, address wallet) external;

    /// @notice Stops a recovery. Called by the owner.
    /// @dev Reverts {NotTheOwner}, {NoRecovery}.
    function cancelRecovery(address account) external;

    /// @notice The signed form of {cancelRecovery}, by the owner's key: `CancelRecovery(address account,uint256
    /// nonce,uint256 deadline)`.
    function cancelRecoveryWithAuthorization(address account, Authorization calldata authorization) external;

    /// @notice Completes a recovery after its 14 days; the owner's place falls to the new wallet. Anyone may call.
    /// @param consent the new wallet's `AcceptWallet`; an empty signature when it is the caller
    /// @dev Reverts {NoRecovery}, {RecoveryTooEarly}, {WalletInUse}, {AuthorizationExpired}, {NonceSpent},
    /// {SignatureInvalid}.
    function recover(address account, Authorization calldata consent) external;
}
