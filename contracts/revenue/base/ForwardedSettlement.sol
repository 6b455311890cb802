// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RevenueDebts} from "../RevenueDebts.sol";
import {RevenueSettlement} from "../RevenueSettlement.sol";
import {INamesOthers} from "../../shared/interfaces/INamesOthers.sol";
import {IDebts} from "../interfaces/IDebts.sol";
import {RevenueState} from "./RevenueState.sol";

/// @title The entrance to {RevenueSettlement} and {RevenueDebts}
/// @notice What the ledger has no function for is carried out there, on the ledger's own storage: {IConsents}, {ISignedRefunds},
/// {IDisputes}, {IDistributions}, {IBookViews} and {IDebts}, which those contracts implement. It is a fallback and not a
/// function for each of theirs, because each function makes those dearer that are called most (some 20 gas), and takes room.
abstract contract ForwardedSettlement is RevenueState {
    /// @notice The contract whose code is run for consents, refunds, disputes and paying everybody. It can never be another.
    RevenueSettlement public immutable SETTLEMENT;
    /// @notice The contract whose code is run for debts. It can never be another.
    RevenueDebts public immutable DEBTS;

    constructor(RevenueSettlement settlement, RevenueDebts debts) {
        _requireOwn(settlement);
        _requireOwn(debts);
        INamesOthers agreements = INamesOthers(address(AGREEMENTS));
        if (agreements.PARTNERS() != address(PARTNERS) || agreements.LEDGER() != address(this)) {
            revert NotOfThisLedger(address(agreements));
        }
        INamesOthers deals = INamesOthers(address(DEALS));
        if (deals.PARTNERS() != address(PARTNERS) || deals.AGREEMENTS() != address(agreements)) {
            revert NotOfThisLedger(address(deals));
        }
        SETTLEMENT = settlement;
        DEBTS = debts;
    }

    /// @notice Runs the same call in the contract that has the code for it.
    fallback() external {
        _forward(_isOfDebts(msg.sig) ? address(DEBTS) : address(SETTLEMENT));
    }

    /// @dev Runs the same call there, on this contract's storage, and ends it with what comes back.
    // slither-disable-next-line incorrect-return: to end the call is what it is for
    function _forward(address settlement) internal {
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            calldatacopy(call_, 0, calldatasize())
            let done := delegatecall(gas(), settlement, call_, calldatasize(), 0, 0)
            returndatacopy(call_, 0, returndatasize())
            if iszero(done) { revert(call_, returndatasize()) }
            return(call_, returndatasize())
        }
    }

    function _isOfDebts(bytes4 selector) private pure returns (bool) {
        return selector == IDebts.clawBackByConsent.selector || selector == IDebts.consentToClawback.selector
            || selector == IDebts.ruleClawback.selector || selector == IDebts.ruleClawbackWithAuthorization.selector
            || selector == IDebts.payDebt.selector || selector == IDebts.payDebtTo.selector
            || selector == IDebts.payDebtWithAuthorization.selector || selector == IDebts.debtOf.selector
            || selector == IDebts.clawbackGathered.selector || selector == IDebts.clawbackAction.selector;
    }

    function _requireOwn(RevenueState settlement) private view {
        bool isOwn = address(settlement.PARTNERS()) == address(PARTNERS)
            && address(settlement.AGREEMENTS()) == address(AGREEMENTS) && address(settlement.DEALS()) == address(DEALS);
        if (!isOwn) revert NotOfThisLedger(address(settlement));
    }
}
