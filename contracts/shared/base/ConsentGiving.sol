// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../interfaces/IConsents.sol";
import {Consents} from "./Consents.sol";
import {NonceCancelling} from "./NonceCancelling.sol";

/// @title How a wallet takes back what it consented to, or signed
/// @notice See {IConsents}.
abstract contract ConsentGiving is Consents, NonceCancelling {
    /// @inheritdoc IConsents
    function withdrawConsent(address account, bytes32 action) external {
        _requireWallet(account);
        if (_consents[action][account].wallet == address(0)) revert ConsentMissing(account, action);
        delete _consents[action][account];
        _emitConsentWithdrawn(account, action);
    }
}
