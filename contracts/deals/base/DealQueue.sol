// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rule} from "../../agreements/types/Terms.sol";
import {CustomerId, DealId, NO_DEAL, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealQueue} from "../interfaces/IDealQueue.sol";
import {DealState} from "../types/Deals.sol";
import {Commitment, Facts} from "../types/Record.sol";
import {DealStorage} from "./DealStorage.sol";

/// @title Who stands in whose way
/// @notice For each customer the queue of its registrations, ordered by priority. Whoever walks a queue takes out what is
/// finished, so that it holds no more than live deals and what nobody has met since it was finished.
abstract contract DealQueue is DealStorage, IDealQueue {
    /// @dev What a walk requires: that nobody comes before the deal or holds its customer, or that its account has no other.
    enum Wanted {
        Nothing,
        First,
        OneOfAnAccount
    }

    function _customerOf(ProgrammeId programme, uint32 epoch, bytes32 tag) internal pure returns (CustomerId) {
        return CustomerId.wrap(bytes12(keccak256(abi.encode(programme, epoch, tag))));
    }

    /// @notice Puts a deal into its customer's queue.
    /// @param territory the deal's
    /// @param alone whether it must be the account's only live one there
    /// @return rival the first live registration of the same customer, under the rule of territories in the same one
    function _enqueue(DealId deal, CustomerId customer, bytes32 territory, bool alone) internal returns (DealId rival) {
        DealId before;
        (rival, before,) = _walk(deal, customer, territory, alone ? Wanted.OneOfAnAccount : Wanted.Nothing);
        _insert(customer, before, deal);
    }

    /// @notice Takes a deal out of its customer's queue, if it still stands there.
    function _dequeue(DealId deal, CustomerId customer) internal {
        DealId before;
        DealId queued = _first[customer];
        while (queued != deal) {
            if (queued == NO_DEAL) return;
            before = queued;
            queued = _next[queued];
        }
        _unlink(customer, before, deal, _next[deal]);
    }

    /// @notice Requires that a deal may hold its customer: first registered, first served, so nobody earlier may be waiting,
    /// and nobody at all may hold it. Under the rule of territories that goes for the deal's own territory, under the open
    /// rule for nobody. A deal that had left the queue, its exclusivity over, takes its place in it again.
    function _requireFirst(DealId deal, Facts facts) internal {
        Rule rule = facts.ruleOf();
        // slither-disable-next-line incorrect-equality: an enum
        if (rule == Rule.Open) return;
        // slither-disable-next-line incorrect-equality: an enum
        bytes32 territory = rule == Rule.Territory ? _territory[deal] : bytes32(0);
        (, DealId before, bool met) = _walk(deal, facts.customer(), territory, Wanted.First);
        if (!met) _insert(facts.customer(), before, deal);
    }

    /// @notice Walks a customer's queue, and takes out what is finished.
    /// @return rival the first that lives, in the territory
    /// @return before the last that has priority over the deal; none has when it is none
    /// @return met whether the deal stands in the queue
    function _walk(DealId deal, CustomerId customer, bytes32 territory, Wanted wanted)
        private
        returns (DealId rival, DealId before, bool met)
    {
        Commitment memory own = _deals[deal].commitment;
        DealId last;
        DealId queued = _first[customer];
        while (queued != NO_DEAL) {
            DealId next = _next[queued];
            Facts other = _deals[queued].facts;
            if (queued == deal) {
                met = true;
                last = queued;
            } else if (_isFinished(other)) {
                _unlink(customer, last, queued, next);
            } else {
                bool earlier = _deals[queued].commitment.priority < own.priority;
                if (_isIn(territory, queued)) {
                    if (wanted == Wanted.First && (earlier || !_isOpen(other))) revert EarlierDeal(deal, queued);
                    if (wanted == Wanted.OneOfAnAccount && _deals[queued].commitment.account == own.account) {
                        revert AlreadyRegistered(deal, queued);
                    }
                    if (rival == NO_DEAL) rival = queued;
                }
                if (earlier) before = queued;
                last = queued;
            }
            queued = next;
        }
    }

    /// @dev No territory is zero under the rule of territories; under the others all deals' are.
    function _isIn(bytes32 territory, DealId deal) private view returns (bool) {
        return territory == 0 || _territory[deal] == territory;
    }

    function _insert(CustomerId customer, DealId before, DealId deal) private {
        DealId behind = before == NO_DEAL ? _first[customer] : _next[before];
        if (behind != NO_DEAL) _next[deal] = behind;
        _link(customer, before, deal);
    }

    function _unlink(CustomerId customer, DealId before, DealId deal, DealId next) private {
        _link(customer, before, next);
        if (next != NO_DEAL) _next[deal] = NO_DEAL;
    }

    /// @dev Lets a customer's queue go on with `next` after `before`, or begin with it where there is none before.
    function _link(CustomerId customer, DealId before, DealId next) private {
        if (before == NO_DEAL) _first[customer] = next;
        else _next[before] = next;
    }

    /// @dev Waiting for a decision.
    function _isOpen(Facts facts) internal pure returns (bool) {
        return facts.state() == DealState.Registered || facts.state() == DealState.Returned;
    }

    /// @dev Neither waits for a decision nor holds its customer: not won, and not within an exclusivity. All deals of a queue
    /// are of one key epoch, so whether they were tagged again is not asked here.
    function _isFinished(Facts facts) internal view returns (bool) {
        if (facts.state() == DealState.Approved) return block.timestamp > facts.exclusive();
        return !_isOpen(facts) && facts.state() != DealState.Won;
    }
}
