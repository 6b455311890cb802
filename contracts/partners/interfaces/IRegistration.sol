// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";

/// @title How a company makes itself known, and what the consortium attests of it
/// @notice Names and attestations are looked at by people and scores; no contract asks for them.
interface IRegistration {
    /// @notice A company made itself known under its account.
    event PartnerRegistered(address indexed account, string name, string uri, uint64 seq, bytes24 head);
    /// @notice The consortium verified the account. A later attestation replaces an earlier one.
    event PartnerAttested(
        address indexed account, uint8 level, uint40 expiresAt, bytes32 evidence, uint64 seq, bytes24 head
    );
    /// @notice The consortium took its attestation back.
    event AttestationRevoked(address indexed account, bytes32 reason, uint64 seq, bytes24 head);

    error NameInvalid(uint256 length);
    error UriTooLong(uint256 length);
    error LevelInvalid();
    error ExpiryInThePast(uint40 expiresAt);
    error NotAttested(address account);

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
}
