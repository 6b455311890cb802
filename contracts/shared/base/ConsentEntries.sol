// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../interfaces/IAuthorizations.sol";
import {IConsents} from "../interfaces/IConsents.sol";
import {Journal} from "./Journal.sol";

/// @title The entries that every contract's journal may have
/// @notice The only place where they are encoded: one function for each event, with its arguments.
abstract contract ConsentEntries is Journal {
    function _emitNonceCancelled(address account, uint256 nonce) internal {
        _emit2(abi.encode(_source(2), IAuthorizations.NonceCancelled.selector, account, nonce, 0, 0));
    }

    function _emitConsentWithdrawn(address account, bytes32 action) internal {
        _emit3(abi.encode(_source(3), IConsents.ConsentWithdrawn.selector, account, action, 0, 0));
    }
}
