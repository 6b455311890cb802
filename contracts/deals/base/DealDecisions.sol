// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AfterEnd} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealDecisions} from "../interfaces/IDealDecisions.sol";
import {DealState, Decision} from "../types/Deals.sol";
import {APPROVED, Facts, MOVED, RETAGGED, Record} from "../types/Record.sol";
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
        Facts facts = record.facts;
        if (!_isOpen(facts)) _refuseState(deal, DealState.Registered);
        uint256 decideBy = facts.decideBy();
        if (decideBy == 0 || block.timestamp <= decideBy) revert NotOverdue(deal, decideBy);
        uint40 exclusiveUntil = _approve(deal, record, facts);
        _emitApprovedByDefault(deal, msg.sender, exclusiveUntil);
    }

    /// @inheritdoc IDealDecisions
    function extensionAction(DealId deal, uint40 exclusiveUntil) public pure returns (bytes32) {
        return keccak256(abi.encode(EXTEND, deal, exclusiveUntil));
    }

    /// @inheritdoc IDealDecisions
    function consentToExtension(address account, DealId deal, uint40 exclusiveUntil, uint40 deadline) external {
        bytes32 action = extensionAction(deal, exclusiveUntil);
        _keepConsent(account, action, deadline);
        _emitConsentedToExtension(deal, account, action, exclusiveUntil, deadline);
    }

    /// @inheritdoc IDealDecisions
    function extend(
        DealId deal,
        uint40 exclusiveUntil,
        Authorization calldata byAccount,
        Authorization calldata byVendor
    ) external {
        Record storage record = _deals[deal];
        Facts facts = record.facts;
        if (facts.state() != DealState.Approved) _refuseState(deal, DealState.Approved);
        bool isLater = exclusiveUntil > facts.exclusive() && exclusiveUntil >= block.timestamp;
        if (!isLater || exclusiveUntil > block.timestamp + MAX_EXTENSION) {
            revert ExtensionInvalid(deal, exclusiveUntil);
        }
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        ProgrammeId programme = _programmeOf(record);
        _requireHolder(deal, facts, programme, _keyOf(programme));
        _useExtension(record.commitment.account, deal, exclusiveUntil, byAccount);
        _useExtension(programme.owner(), deal, exclusiveUntil, byVendor);
        record.facts = facts.withExclusive(exclusiveUntil);
        _emitExtended(deal, exclusiveUntil);
    }

    function _useExtension(address side, DealId deal, uint40 exclusiveUntil, Authorization calldata consent_) private {
        bytes32 until = bytes32(uint256(exclusiveUntil));
        bytes32 signed = _actionOf(EXTEND_DEAL, side, DealId.unwrap(deal), until, consent_);
        _useConsent(side, extensionAction(deal, exclusiveUntil), signed, consent_);
    }

    function _decide(address vendor, Decision calldata decision) private {
        DealId deal = decision.deal;
        Record storage record = _deals[deal];
        ProgrammeId programme = _programmeOf(record);
        _requireVendor(deal, programme, vendor);
        Facts facts = record.facts;
        _checkDecision(facts, decision, programme);
        uint40 exclusiveUntil;
        uint40 decideBy;
        if (decision.outcome == DealState.Approved) {
            exclusiveUntil = _approve(deal, record, facts);
        } else {
            if (decision.outcome == DealState.Won) facts = _win(deal, record, facts, programme);
            if (decision.outcome == DealState.Returned) {
                decideBy = _anew(record, facts);
                facts = facts.withDecideBy(decideBy);
            }
            record.facts = facts.withState(decision.outcome);
        }
        _emitDecided(vendor, decision, exclusiveUntil, decideBy);
    }

    function _checkDecision(Facts facts, Decision calldata decision, ProgrammeId programme) private view {
        DealState state = facts.state();
        DealState outcome = decision.outcome;
        bool allowed;
        if (outcome == DealState.Approved) {
            allowed = _isOpen(facts);
        } else if (outcome == DealState.Rejected) {
            allowed = _isOpen(facts) || _isContestable(facts, programme);
        } else if (outcome == DealState.Returned) {
            allowed = state == DealState.Registered;
        } else if (outcome == DealState.Won || outcome == DealState.Lost) {
            allowed = state == DealState.Approved;
        } else {
            revert OutcomeInvalid(outcome);
        }
        if (!allowed) _refuseState(decision.deal, outcome);
        if ((outcome == DealState.Returned || outcome == DealState.Rejected) && decision.reason == 0) {
            revert ReasonMissing();
        }
        bool declared = decision.value != 0 && decision.token != address(0);
        bool blank = decision.value == 0 && decision.token == address(0);
        if (outcome == DealState.Won ? !declared : !blank) revert ValueInvalid();
    }

    /// @dev Whether an approved deal can be rejected: its tag is new, and until the grace ends the vendor looks at it.
    function _isContestable(Facts facts, ProgrammeId programme) private view returns (bool) {
        if (facts.state() != DealState.Approved || !facts.has(RETAGGED)) return false;
        Key memory key = _keyOf(programme);
        return facts.epoch() == key.epoch && block.timestamp <= key.graceUntil;
    }

    /// @dev A returned deal's vendor has as long again as it had from the commitment on. A deal is returned once at most.
    function _anew(Record storage record, Facts facts) private view returns (uint40 decideBy) {
        if (facts.decideBy() == 0) return 0;
        return uint40(block.timestamp) + (facts.decideBy() - record.commitment.since);
    }

    /// @dev Approves a deal, unless another may still come first, is first, or the agreement has ended.
    function _approve(DealId deal, Record storage record, Facts facts) private returns (uint40 exclusiveUntil) {
        uint256 notBefore = record.commitment.since + MOST_REVEAL_SECONDS + 1;
        if (block.timestamp < notBefore) revert DecisionTooEarly(deal, notBefore);
        ProgrammeId programme = _programmeOf(record);
        _requireComplete(deal, facts, programme, _keyOf(programme));
        _requireInForce(_placeOf(record), AfterEnd.Finish);
        _requireFirst(deal, facts);
        exclusiveUntil = uint40(block.timestamp) + facts.exclusive();
        record.facts = facts.withState(DealState.Approved).withExclusive(exclusiveUntil).with(APPROVED);
    }

    /// @dev Checks that an approved deal can be won, under the version of its agreement that is in effect.
    function _win(DealId deal, Record storage record, Facts facts, ProgrammeId programme) private returns (Facts) {
        Place memory place = _placeOf(record);
        bool isExclusive = block.timestamp <= facts.exclusive();
        _requireInForce(place, isExclusive ? AfterEnd.WinApproved : AfterEnd.Finish);
        Key memory key = _keyOf(programme);
        _requireHolder(deal, facts, programme, key);
        _countWon(facts, programme, key.epoch, false);
        // slither-disable-next-line incorrect-equality: ids
        if (place.agreement == record.agreement) return facts;
        _movedTo[deal] = place.agreement;
        _emitMoved(deal, place.agreement);
        return facts.with(MOVED);
    }

    /// @dev Requires that an approved deal holds its customer, or may once more, its exclusivity being over.
    function _requireHolder(DealId deal, Facts facts, ProgrammeId programme, Key memory key) private {
        if (block.timestamp <= facts.exclusive()) {
            _requireOfKey(deal, facts, key);
        } else {
            _requireComplete(deal, facts, programme, key);
            _requireFirst(deal, facts);
        }
    }

    function _withdraw(address account, DealId deal) private {
        Record storage record = _deals[deal];
        _requireRegistrant(deal, record, account);
        Facts facts = record.facts;
        if (facts.state() != DealState.Approved && !_isOpen(facts)) _refuseState(deal, DealState.Withdrawn);
        record.facts = facts.withState(DealState.Withdrawn);
        _emitWithdrawn(deal, account);
    }
}
