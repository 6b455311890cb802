// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AfterEnd} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId} from "../../shared/types/Ids.sol";
import {IDealDecisions} from "../interfaces/IDealDecisions.sol";
import {DealState, Decision} from "../types/Deals.sol";
import {DealEpochs} from "./DealEpochs.sol";
import {DealPlaces} from "./DealPlaces.sol";

/// @title What the vendor decides, and what both sides agree on
/// @notice See {IDealDecisions}.
abstract contract DealDecisions is DealPlaces, DealEpochs, IDealDecisions {
    bytes32 private constant DECIDE = keccak256(
        "Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256 value,address token,uint256 nonce,"
        "uint256 deadline)"
    );
    bytes32 private constant WITHDRAW =
        keccak256("Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)");
    bytes32 private constant EXTEND = keccak256("Extend(bytes32 deal,uint40 exclusiveUntil)");
    bytes32 private constant EXTEND_DEAL =
        keccak256("ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_EXTENSION = 3650 days;

    /// @inheritdoc IDealDecisions
    function decide(address vendor, Decision calldata decision) external {
        _requireWallet(vendor);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealDecisions
    function decideWithAuthorization(address vendor, Decision calldata decision, Authorization calldata authorization)
        external
    {
        bytes32 action = keccak256(abi.encode(DECIDE, vendor, decision, authorization.nonce, authorization.deadline));
        _spend(vendor, action, authorization);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealDecisions
    function withdraw(address account, DealId deal) external {
        _requireWallet(account);
        _withdraw(account, deal);
    }

    /// @inheritdoc IDealDecisions
    function withdrawWithAuthorization(address account, DealId deal, Authorization calldata authorization) external {
        _spend(WITHDRAW, account, DealId.unwrap(deal), authorization);
        _withdraw(account, deal);
    }

    /// @inheritdoc IDealDecisions
    function approveByDefault(DealId deal) external {
        Record storage record = _deals[deal];
        if (record.state != DealState.Registered) revert WrongState(deal, record.state, DealState.Registered);
        uint256 decideBy = record.decideBy;
        if (decideBy == 0 || block.timestamp <= decideBy) revert NotOverdue(deal, decideBy);
        uint40 exclusiveUntil = _approve(deal, record);
        _emitApprovedByDefault(deal, msg.sender, exclusiveUntil);
    }

    /// @inheritdoc IDealDecisions
    function extensionAction(DealId deal, uint40 exclusiveUntil) public pure returns (bytes32) {
        return keccak256(abi.encode(EXTEND, deal, exclusiveUntil));
    }

    /// @inheritdoc IDealDecisions
    function extend(
        DealId deal,
        uint40 exclusiveUntil,
        Authorization calldata byAccount,
        Authorization calldata byVendor
    ) external {
        Record storage record = _deals[deal];
        if (record.state != DealState.Approved) revert WrongState(deal, record.state, DealState.Approved);
        bool isLater = exclusiveUntil > record.exclusiveUntil && exclusiveUntil >= block.timestamp;
        if (!isLater || exclusiveUntil > block.timestamp + MAX_EXTENSION) {
            revert ExtensionInvalid(deal, exclusiveUntil);
        }
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        if (block.timestamp > record.exclusiveUntil) _requireFirst(deal, record);
        _useExtension(record.account, deal, exclusiveUntil, byAccount);
        _useExtension(record.vendor, deal, exclusiveUntil, byVendor);
        record.exclusiveUntil = exclusiveUntil;
        _emitExtended(deal, exclusiveUntil);
    }

    function _useExtension(address side, DealId deal, uint40 exclusiveUntil, Authorization calldata consent_) private {
        bytes32 signed =
            keccak256(abi.encode(EXTEND_DEAL, side, deal, exclusiveUntil, consent_.nonce, consent_.deadline));
        _useConsent(side, extensionAction(deal, exclusiveUntil), signed, consent_);
    }

    function _decide(address vendor, Decision calldata decision) private {
        DealId deal = decision.deal;
        Record storage record = _deals[deal];
        if (record.vendor != vendor || vendor == address(0)) revert NotTheVendor(deal, vendor);
        _checkDecision(record, decision);
        uint40 exclusiveUntil;
        if (decision.outcome == DealState.Approved) {
            exclusiveUntil = _approve(deal, record);
        } else {
            if (decision.outcome == DealState.Won) _win(deal, record);
            record.state = decision.outcome;
            // Until it is approved, `since` stays the time of the commitment, which a later approval waits on.
            if (decision.outcome != DealState.Returned) record.since = uint40(block.timestamp);
        }
        _emitDecided(vendor, decision, exclusiveUntil);
    }

    function _checkDecision(Record storage record, Decision calldata decision) private view {
        DealState state = record.state;
        DealState outcome = decision.outcome;
        bool isOpen = state == DealState.Registered || state == DealState.Returned;
        bool allowed;
        if (outcome == DealState.Approved) {
            allowed = isOpen;
        } else if (outcome == DealState.Rejected) {
            allowed = isOpen || (state == DealState.Approved && block.timestamp <= record.contestableUntil);
        } else if (outcome == DealState.Returned) {
            allowed = state == DealState.Registered;
        } else if (outcome == DealState.Won || outcome == DealState.Lost) {
            allowed = state == DealState.Approved;
        } else {
            revert OutcomeInvalid(outcome);
        }
        if (!allowed) revert WrongState(decision.deal, state, outcome);
        if ((outcome == DealState.Returned || outcome == DealState.Rejected) && decision.reason == 0) {
            revert ReasonMissing();
        }
        bool declared = decision.value != 0 && decision.token != address(0);
        bool blank = decision.value == 0 && decision.token == address(0);
        if (outcome == DealState.Won ? !declared : !blank) revert ValueInvalid();
    }

    /// @dev Approves a deal, unless another may still come first, is first, or the agreement has ended.
    function _approve(DealId deal, Record storage record) private returns (uint40 exclusiveUntil) {
        uint256 notBefore = record.since + MOST_REVEAL_SECONDS + 1;
        if (block.timestamp < notBefore) revert DecisionTooEarly(deal, notBefore);
        _requireComplete(deal, record);
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        _requireFirst(deal, record);
        exclusiveUntil = uint40(block.timestamp) + record.exclusivitySeconds;
        record.state = DealState.Approved;
        record.since = uint40(block.timestamp);
        record.exclusiveUntil = exclusiveUntil;
    }

    /// @dev Checks that an approved deal can be won, and moves it to the version of its agreement that is in effect.
    function _win(DealId deal, Record storage record) private {
        Place memory place = _placeOf(record);
        bool isExclusive = block.timestamp <= record.exclusiveUntil;
        _requireInForce(place, isExclusive ? AfterEnd.WinApproved : AfterEnd.Finish);
        _requireFirst(deal, record);
        // slither-disable-next-line incorrect-equality: ids
        if (place.agreement == record.agreement) return;
        record.agreement = place.agreement;
        record.validUntil = place.validUntil;
        record.ruleAndAfterEnd = _pack(_ruleOf(record.ruleAndAfterEnd), uint8(place.afterEnd));
        _emitMoved(deal, place.agreement);
    }

    function _withdraw(address account, DealId deal) private {
        Record storage record = _deals[deal];
        if (record.account != account || account == address(0)) revert NotTheRegistrant(deal, account);
        DealState state = record.state;
        if (state != DealState.Registered && state != DealState.Returned && state != DealState.Approved) {
            revert WrongState(deal, state, DealState.Withdrawn);
        }
        record.state = DealState.Withdrawn;
        record.since = uint40(block.timestamp);
        _emitWithdrawn(deal, account);
    }
}
