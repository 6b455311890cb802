// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, CustomerId, DealId, NO_AGREEMENT, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealQueue} from "../interfaces/IDealQueue.sol";
import {Deal, DealState} from "../types/Deals.sol";
import {APPROVED, Commitment, Facts, MOVED, RETAGGED, Record} from "../types/Record.sol";
import {DealEpochs} from "./DealEpochs.sol";

/// @title What others ask of a deal's record
/// @notice See {IDealQueue}.
abstract contract DealViews is DealEpochs {
    /// @inheritdoc IDealQueue
    function firstOf(CustomerId customer) external view returns (DealId deal) {
        return _first[customer];
    }

    /// @inheritdoc IDealQueue
    function nextOf(DealId deal) external view returns (DealId next) {
        return _next[deal];
    }

    /// @inheritdoc IDealQueue
    function territoryOf(DealId deal) external view returns (bytes32) {
        return _territory[deal];
    }

    /// @inheritdoc IDealQueue
    function dealOf(DealId deal) external view returns (Deal memory) {
        Record storage record = _deals[deal];
        Commitment memory commitment = record.commitment;
        Facts facts = record.facts;
        bool approved = facts.has(APPROVED);
        ProgrammeId programme = _programmeOf(record);
        return Deal(
            commitment.account,
            _stateOf(record),
            commitment.since,
            commitment.priority,
            _agreementOf(deal, record),
            programme.owner(),
            facts.decideBy(),
            approved ? 0 : uint32(facts.exclusive()),
            approved ? facts.exclusive() : 0,
            facts.validUntil(),
            uint8(facts.afterEndOf()),
            facts.ruleOf(),
            programme,
            facts.epoch(),
            facts.customer(),
            facts.has(RETAGGED)
        );
    }

    /// @inheritdoc IDealQueue
    function isLive(DealId deal) external view returns (bool) {
        Record storage record = _deals[deal];
        Facts facts = record.facts;
        // slither-disable-next-line incorrect-equality: an enum
        if (facts.state() == DealState.Won) return true;
        return !_isFinished(facts) && _isOfKey(facts, _keyOf(_programmeOf(record)));
    }

    /// @inheritdoc IDealQueue
    function wonUnder(DealId deal) external view returns (AgreementId agreement) {
        Record storage record = _deals[deal];
        // slither-disable-next-line incorrect-equality: an enum
        return record.facts.state() == DealState.Won ? _agreementOf(deal, record) : NO_AGREEMENT;
    }

    function _agreementOf(DealId deal, Record storage record) private view returns (AgreementId) {
        return record.facts.has(MOVED) ? _movedTo[deal] : record.agreement;
    }
}
