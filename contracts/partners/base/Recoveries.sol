// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Authorization} from "../../shared/types/Authorization.sol";
import {IRecoveries} from "../interfaces/IRecoveries.sol";
import {AccountKeys} from "./AccountKeys.sol";

/// @title How an account whose keys are lost gets another wallet
/// @notice See {IRecoveries}.
abstract contract Recoveries is AccountKeys, AccessManaged, IRecoveries {
    bytes32 private constant CANCEL_RECOVERY =
        keccak256("CancelRecovery(address account,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IRecoveries
    uint256 public constant RECOVERY_SECONDS = 14 days;
    /// @inheritdoc IRecoveries
    uint256 public constant RECOVERY_WINDOW_SECONDS = 30 days;

    /// @inheritdoc IRecoveries
    function recoveryOf(address account) external view returns (address wallet, uint40 executableAt, uint40 expiresAt) {
        Recovery memory recovery = _recovery[account];
        uint40 expiry = _expiryOf(recovery.executableAt);
        if (recovery.wallet == address(0) || block.timestamp > expiry) return (address(0), 0, 0);
        return (recovery.wallet, recovery.executableAt, expiry);
    }

    /// @inheritdoc IRecoveries
    function proposeRecovery(address account, address wallet) external restricted {
        _requireFree(account, wallet);
        uint40 executableAt = uint40(block.timestamp + RECOVERY_SECONDS);
        _recovery[account] = Recovery(wallet, executableAt);
        _emitRecoveryProposed(account, wallet, executableAt, _expiryOf(executableAt));
    }

    /// @inheritdoc IRecoveries
    function cancelRecovery(address account) external {
        _requireOwner(account);
        _cancelRecovery(account);
    }

    /// @inheritdoc IRecoveries
    function cancelRecoveryWithAuthorization(address account, Authorization calldata authorization) external {
        bytes32 action = keccak256(abi.encode(CANCEL_RECOVERY, account, authorization.nonce, authorization.deadline));
        _spendOfKey(ownerOf(account), action, authorization);
        _cancelRecovery(account);
    }

    /// @inheritdoc IRecoveries
    function recover(address account, Authorization calldata consent) external {
        Recovery memory recovery = _recovery[account];
        if (recovery.wallet == address(0)) revert NoRecovery(account);
        if (block.timestamp < recovery.executableAt) revert RecoveryTooEarly(account, recovery.executableAt);
        uint40 expiresAt = _expiryOf(recovery.executableAt);
        if (block.timestamp > expiresAt) revert RecoveryExpired(account, expiresAt);
        address previous = _install(account, recovery.wallet, consent);
        delete _recovery[account];
        _clearOwner(account);
        _emitRecovered(account, recovery.wallet, previous);
    }

    /// @dev Last second at which it can be completed.
    function _expiryOf(uint40 executableAt) private pure returns (uint40) {
        return uint40(executableAt + RECOVERY_WINDOW_SECONDS);
    }

    function _cancelRecovery(address account) private {
        if (_recovery[account].wallet == address(0)) revert NoRecovery(account);
        _forgetRecovery(account);
    }

    function _forgetRecovery(address account) internal override {
        address wallet = _recovery[account].wallet;
        if (wallet == address(0)) return;
        delete _recovery[account];
        _emitRecoveryCancelled(account, wallet);
    }
}
