// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Authorization} from "../../shared/types/Authorization.sol";
import {IRegistration} from "../interfaces/IRegistration.sol";
import {AccountKeys} from "./AccountKeys.sol";

/// @title How a company makes itself known, and what the consortium attests of it
/// @notice See {IRegistration}.
abstract contract Registration is AccountKeys, AccessManaged, IRegistration {
    bytes32 private constant REGISTER =
        keccak256("Register(address account,string name,string uri,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_NAME = 100;
    uint256 private constant MAX_URI = 300;

    /// @inheritdoc IRegistration
    function attestationOf(address account) external view returns (uint8 level, uint40 expiresAt) {
        Attestation memory held = _attestation[account];
        if (block.timestamp > held.expiresAt) return (0, 0);
        return (held.level, held.expiresAt);
    }

    /// @inheritdoc IRegistration
    function register(address account, string calldata name, string calldata uri) external {
        _requireWallet(account);
        _register(account, name, uri);
    }

    /// @inheritdoc IRegistration
    function registerWithAuthorization(
        address account,
        string calldata name,
        string calldata uri,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(
            abi.encode(
                REGISTER,
                account,
                keccak256(bytes(name)),
                keccak256(bytes(uri)),
                authorization.nonce,
                authorization.deadline
            )
        );
        _spend(account, action, authorization);
        _register(account, name, uri);
    }

    /// @inheritdoc IRegistration
    function attest(address account, uint8 level, uint40 expiresAt, bytes32 evidence) external restricted {
        if (level == 0) revert LevelInvalid();
        if (expiresAt < block.timestamp) revert ExpiryInThePast(expiresAt);
        _attestation[account] = Attestation(level, expiresAt);
        _emitAttested(account, level, expiresAt, evidence);
    }

    /// @inheritdoc IRegistration
    function revoke(address account, bytes32 reason) external restricted {
        if (_attestation[account].level == 0) revert NotAttested(account);
        delete _attestation[account];
        _emitAttestationRevoked(account, reason);
    }

    function _register(address account, string calldata name, string calldata uri) private {
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert NameInvalid(bytes(name).length);
        if (bytes(uri).length > MAX_URI) revert UriTooLong(bytes(uri).length);
        _markRegistered(account);
        _emitPartnerRegistered(account, name, uri);
    }
}
