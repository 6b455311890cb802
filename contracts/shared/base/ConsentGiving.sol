// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../interfaces/IConsents.sol";
import {Consents} from "./Consents.sol";
import {NonceCancelling} from "./NonceCancelling.sol";

/// @title How a wallet consents by its own transaction
/// @notice See {IConsents}.
abstract contract ConsentGiving is Consents, NonceCancelling {
    /// @inheritdoc IConsents
    function consent(address account, bytes32 action) external {
        _requireWallet(account);
        _consents[action][account] = msg.sender;
        _emitConsented(account, action);
    }

    /// @inheritdoc IConsents
    function withdrawConsent(address account, bytes32 action) external {
        _requireWallet(account);
        if (_consents[action][account] == address(0)) revert ConsentMissing(account, action);
        delete _consents[action][account];
        _emitConsentWithdrawn(account, action);
    }
}
