// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../interfaces/IAuthorizations.sol";
import {Authorization} from "../types/Authorization.sol";
import {Authorizations} from "./Authorizations.sol";

/// @title Which signatures are worthless, and how one that was given away is made so
/// @notice See {IAuthorizations}.
abstract contract NonceCancelling is Authorizations, IAuthorizations {
    bytes32 private constant CANCEL_NONCE =
        keccak256("CancelNonce(address account,uint256 cancelled,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IAuthorizations
    function nonceSpent(address account, uint256 nonce) external view returns (bool) {
        return _isSpent(account, nonce);
    }

    /// @inheritdoc IAuthorizations
    function cancelNonce(address account, uint256 nonce) external {
        _requireWallet(account);
        _cancel(account, nonce);
    }

    /// @inheritdoc IAuthorizations
    function cancelNonceWithAuthorization(address account, uint256 cancelled, Authorization calldata authorization)
        external
    {
        _spend(CANCEL_NONCE, account, bytes32(cancelled), authorization);
        _cancel(account, cancelled);
    }

    function _cancel(address account, uint256 nonce) private {
        _spendNonce(account, nonce);
        _emitNonceCancelled(account, nonce);
    }
}
