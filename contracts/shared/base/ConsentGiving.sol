// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../interfaces/IConsents.sol";
import {Consents} from "./Consents.sol";
import {NonceCancelling} from "./NonceCancelling.sol";

/// @title What a wallet has consented to, and how it takes that back
/// @notice See {IConsents}.
abstract contract ConsentGiving is Consents, NonceCancelling, IConsents {
    /// @inheritdoc IConsents
    function hasConsented(address account, bytes32 action) external view returns (bool) {
        Consent storage consent = _consents[action][account];
        return block.timestamp <= consent.deadline && consent.wallet == _walletOf(account);
    }

    /// @inheritdoc IConsents
    function withdrawConsent(address account, bytes32 action) external {
        _requireWallet(account);
        if (_consents[action][account].wallet == address(0)) revert ConsentMissing(account, action);
        delete _consents[action][account];
        _emitConsentWithdrawn(account, action);
    }
}
