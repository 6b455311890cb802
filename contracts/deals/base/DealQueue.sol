// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AfterEnd, Rule} from "../../agreements/types/Terms.sol";
import {AgreementId, CustomerId, DealId, NO_AGREEMENT, NO_DEAL, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealQueue} from "../interfaces/IDealQueue.sol";
import {Deal, DealState} from "../types/Deals.sol";
import {DealStorage} from "./DealStorage.sol";

/// @title Who stands in whose way
/// @notice For each customer the queue of its registrations, ordered by priority; and what others ask of a deal's record.
abstract contract DealQueue is DealStorage, IDealQueue {
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
        Record memory record = _deals[deal];
        return Deal(
            record.account,
            record.state,
            record.since,
            record.priority,
            record.agreement,
            record.vendor,
            record.decideBy,
            record.exclusivitySeconds,
            record.revealDelay,
            record.customer,
            record.validUntil,
            uint8(_afterEndOf(record.ruleAndAfterEnd)),
            _ruleOf(record.ruleAndAfterEnd),
            record.epoch,
            record.exclusiveUntil,
            record.contestableUntil
        );
    }

    /// @inheritdoc IDealQueue
    function isLive(DealId deal) external view returns (bool) {
        return _isLive(_deals[deal]);
    }

    /// @inheritdoc IDealQueue
    function wonUnder(DealId deal) external view returns (AgreementId agreement) {
        // slither-disable-next-line incorrect-equality: an enum
        return _deals[deal].state == DealState.Won ? _deals[deal].agreement : NO_AGREEMENT;
    }

    function _pack(Rule rule, uint8 afterEnd) internal pure returns (uint8) {
        return (uint8(rule) << 4) | afterEnd;
    }

    function _ruleOf(uint8 ruleAndAfterEnd) internal pure returns (Rule) {
        return Rule(ruleAndAfterEnd >> 4);
    }

    function _afterEndOf(uint8 ruleAndAfterEnd) internal pure returns (AfterEnd) {
        return AfterEnd(ruleAndAfterEnd & 0x0f);
    }

    function _customerOf(ProgrammeId programme, uint32 epoch, bytes32 tag) internal pure returns (CustomerId) {
        return CustomerId.wrap(keccak256(abi.encode(programme, epoch, tag)));
    }

    /// @notice Puts the deal into its customer's queue. What an account registered before and is over leaves the queue here,
    /// so the walk is no longer than the programme had partners (and an account of them territories), whatever one of them
    /// does.
    /// @param territory the deal's
    /// @return rival the first live registration of the same customer, under the rule of territories in the same one
    function _enqueue(DealId deal, CustomerId customer, bytes32 territory) internal returns (DealId rival) {
        (address account, uint48 priority) = (_deals[deal].account, _deals[deal].priority);
        DealId last;
        DealId before;
        DealId queued = _first[customer];
        while (queued != NO_DEAL) {
            Record storage other = _deals[queued];
            DealId next = _next[queued];
            if (other.account == account && _isOver(other)) {
                _link(customer, last, next);
            } else {
                if (_isLive(other) && _isIn(territory, queued)) {
                    if (other.account == account) revert AlreadyRegistered(deal, queued);
                    if (rival == NO_DEAL) rival = queued;
                }
                if (other.priority < priority) before = queued;
                last = queued;
            }
            queued = next;
        }
        DealId behind = before == NO_DEAL ? _first[customer] : _next[before];
        if (behind != NO_DEAL) _next[deal] = behind;
        _link(customer, before, deal);
    }

    /// @notice Takes a deal out of its customer's queue.
    function _dequeue(DealId deal, CustomerId customer) internal {
        DealId before;
        DealId queued = _first[customer];
        while (queued != deal) {
            before = queued;
            queued = _next[queued];
        }
        _link(customer, before, _next[deal]);
        _next[deal] = NO_DEAL;
    }

    /// @dev First registered, first served: nobody earlier may be waiting, and nobody at all may hold the customer. Under the
    /// rule of territories that goes for the deal's own territory, under the open rule for nobody.
    function _requireFirst(DealId deal, Record storage record) internal view {
        // slither-disable-next-line incorrect-equality: an enum
        if (_ruleOf(record.ruleAndAfterEnd) == Rule.Open) return;
        // slither-disable-next-line incorrect-equality: an enum
        bytes32 territory = _ruleOf(record.ruleAndAfterEnd) == Rule.Territory ? _territory[deal] : bytes32(0);
        DealId queued = _first[record.customer];
        while (queued != NO_DEAL) {
            Record storage other = _deals[queued];
            bool inTheWay = _isExclusive(other) || (other.priority < record.priority && _isOpen(other));
            if (queued != deal && inTheWay && _isIn(territory, queued)) revert EarlierDeal(deal, queued);
            queued = _next[queued];
        }
    }

    /// @dev No territory is zero under the rule of territories; under the others all deals' are.
    function _isIn(bytes32 territory, DealId deal) private view returns (bool) {
        return territory == 0 || _territory[deal] == territory;
    }

    /// @dev Lets a customer's queue go on with `next` after `before`, or begin with it where there is none before.
    function _link(CustomerId customer, DealId before, DealId next) private {
        if (before == NO_DEAL) _first[customer] = next;
        else _next[before] = next;
    }

    function _isLive(Record storage deal) internal view returns (bool) {
        return _isOpen(deal) || _isExclusive(deal);
    }

    /// @dev Nothing can become of it any more.
    function _isOver(Record storage deal) private view returns (bool) {
        return deal.state == DealState.Rejected || deal.state == DealState.Lost || deal.state == DealState.Withdrawn;
    }

    /// @dev Waiting for a decision.
    function _isOpen(Record storage deal) private view returns (bool) {
        return deal.state == DealState.Registered || deal.state == DealState.Returned;
    }

    /// @dev Holds the customer: won, or approved and within its exclusivity.
    function _isExclusive(Record storage deal) private view returns (bool) {
        if (deal.state == DealState.Won) return true;
        return deal.state == DealState.Approved && block.timestamp <= deal.exclusiveUntil;
    }
}
