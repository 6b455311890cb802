// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../interfaces/IConsents.sol";
import {Authorization} from "../types/Authorization.sol";
import {Authorizations} from "./Authorizations.sol";

/// @title Actions that several must agree to
/// @notice See {IConsents}.
abstract contract Consents is Authorizations, IConsents {
    mapping(bytes32 action => mapping(address account => address wallet)) internal _consents;

    /// @inheritdoc IConsents
    function hasConsented(address account, bytes32 action) public view returns (bool) {
        address wallet = _consents[action][account];
        return wallet != address(0) && wallet == _walletOf(account);
    }

    /// @notice Requires one side's consent to an action, and uses it up.
    /// @param signedAction hash of the EIP-712 struct that the account signs, nonce and deadline included
    function _useConsent(address account, bytes32 action, bytes32 signedAction, Authorization calldata authorization)
        internal
    {
        if (authorization.signature.length != 0) _spend(account, signedAction, authorization);
        else _useConsent(account, action);
    }

    /// @dev As the other, where only a consent by transaction will do.
    function _useConsent(address account, bytes32 action) internal {
        if (msg.sender == _walletOf(account)) return;
        if (!hasConsented(account, action)) revert ConsentMissing(account, action);
        delete _consents[action][account];
    }
}
