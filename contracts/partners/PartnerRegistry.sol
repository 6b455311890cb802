// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {AccountKeys} from "./base/AccountKeys.sol";
import {IPartnerRegistry} from "./interfaces/IPartnerRegistry.sol";
import {Authorization} from "../shared/types/Authorization.sol";

/// @title Who the partners are
/// @notice See {IPartnerRegistry}.
contract PartnerRegistry is AccountKeys, AccessManaged {
    struct Attestation {
        uint8 level;
        uint40 expiresAt;
    }

    struct Recovery {
        address wallet;
        uint40 executableAt;
    }

    bytes32 private constant REGISTER =
        keccak256("Register(address account,string name,string uri,uint256 nonce,uint256 deadline)");
    bytes32 private constant CANCEL_RECOVERY =
        keccak256("CancelRecovery(address account,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_NAME = 100;
    uint256 private constant MAX_URI = 300;

    /// @inheritdoc IPartnerRegistry
    uint256 public constant RECOVERY_SECONDS = 14 days;

    /// @inheritdoc IPartnerRegistry
    mapping(address account => Recovery) public recoveryOf;
    mapping(address account => Attestation) private _attestation;

    /// @param consortium the access manager that says who may attest, and who may begin a recovery
    constructor(address consortium) EIP712("Partnership Ledger Partners", "1") AccessManaged(consortium) {}

    /// @inheritdoc IPartnerRegistry
    function attestationOf(address account) external view returns (uint8 level, uint40 expiresAt) {
        Attestation memory held = _attestation[account];
        if (block.timestamp > held.expiresAt) return (0, 0);
        return (held.level, held.expiresAt);
    }

    /// @inheritdoc IPartnerRegistry
    function register(address account, string calldata name, string calldata uri) external {
        _requireWallet(account);
        _register(account, name, uri);
    }

    /// @inheritdoc IPartnerRegistry
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

    /// @inheritdoc IPartnerRegistry
    function attest(address account, uint8 level, uint40 expiresAt, bytes32 evidence) external restricted {
        if (level == 0) revert LevelInvalid();
        if (expiresAt < block.timestamp) revert ExpiryInThePast(expiresAt);
        _attestation[account] = Attestation(level, expiresAt);
        _emit2(abi.encode(_source(2), PartnerAttested.selector, account, level, expiresAt, evidence, 0, 0));
    }

    /// @inheritdoc IPartnerRegistry
    function revoke(address account, bytes32 reason) external restricted {
        if (_attestation[account].level == 0) revert NotAttested(account);
        delete _attestation[account];
        _emit2(abi.encode(_source(2), AttestationRevoked.selector, account, reason, 0, 0));
    }

    /// @inheritdoc IPartnerRegistry
    function proposeRecovery(address account, address wallet) external restricted {
        _requireFree(account, wallet);
        uint40 executableAt = uint40(block.timestamp + RECOVERY_SECONDS);
        recoveryOf[account] = Recovery(wallet, executableAt);
        _emit3(abi.encode(_source(3), RecoveryProposed.selector, account, wallet, executableAt, 0, 0));
    }

    /// @inheritdoc IPartnerRegistry
    function cancelRecovery(address account) external {
        _requireOwner(account);
        _cancelRecovery(account);
    }

    /// @inheritdoc IPartnerRegistry
    function cancelRecoveryWithAuthorization(address account, Authorization calldata authorization) external {
        bytes32 action = keccak256(abi.encode(CANCEL_RECOVERY, account, authorization.nonce, authorization.deadline));
        _spendOfKey(ownerOf(account), action, authorization);
        _cancelRecovery(account);
    }

    /// @inheritdoc IPartnerRegistry
    function recover(address account, Authorization calldata consent) external {
        Recovery memory recovery = recoveryOf[account];
        if (recovery.wallet == address(0)) revert NoRecovery(account);
        if (block.timestamp < recovery.executableAt) revert RecoveryTooEarly(account, recovery.executableAt);
        address previous = _install(account, recovery.wallet, consent);
        delete recoveryOf[account];
        _clearOwner(account);
        _emit3(abi.encode(_source(3), AccountRecovered.selector, account, recovery.wallet, previous, 0, 0));
    }

    function _register(address account, string calldata name, string calldata uri) private {
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert NameInvalid(bytes(name).length);
        if (bytes(uri).length > MAX_URI) revert UriTooLong(bytes(uri).length);
        _markRegistered(account);
        (uint64 seq, bytes24 head) = _recordDynamic(
            abi.encode(_source(2), PartnerRegistered.selector, account),
            abi.encode(name, uri, uint256(0), uint256(0)),
            0x40
        );
        emit PartnerRegistered(account, name, uri, seq, head);
    }

    function _cancelRecovery(address account) private {
        if (recoveryOf[account].wallet == address(0)) revert NoRecovery(account);
        _forgetRecovery(account);
    }

    function _forgetRecovery(address account) internal override {
        address wallet = recoveryOf[account].wallet;
        if (wallet == address(0)) return;
        delete recoveryOf[account];
        _emit3(abi.encode(_source(3), RecoveryCancelled.selector, account, wallet, 0, 0));
    }
}
