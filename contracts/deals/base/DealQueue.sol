// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../interfaces/IDealRegistry.sol";
import {AfterEnd, Rule} from "../../agreements/types/Terms.sol";

/// @title Who stands in whose way
/// @notice The deals' records, and for each customer the queue of its registrations, ordered by priority.
abstract contract DealQueue is IDealRegistry {
    /// @dev A {Deal} as it is stored: in five words, with the number of its programme, whose owner is the vendor.
    struct Record {
        address account;
        State state;
        uint40 since;
        uint48 priority;
        bytes32 agreement;
        address vendor;
        uint40 decideBy;
        uint32 exclusivitySeconds;
        uint24 revealDelay;
        bytes32 customer;
        uint96 number;
        uint40 validUntil;
        uint40 exclusiveUntil;
        uint40 contestableUntil;
        uint32 epoch;
        uint8 ruleAndAfterEnd;
    }

    mapping(bytes32 deal => Record) internal _deals;
    /// @inheritdoc IDealRegistry
    mapping(bytes32 customer => bytes32 deal) public firstOf;
    /// @inheritdoc IDealRegistry
    mapping(bytes32 deal => bytes32 next) public nextOf;
    /// @inheritdoc IDealRegistry
    mapping(bytes32 deal => bytes32) public territoryOf;

    /// @inheritdoc IDealRegistry
    function dealOf(bytes32 deal) external view returns (Deal memory) {
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

    /// @inheritdoc IDealRegistry
    function isLive(bytes32 deal) external view returns (bool) {
        return _isLive(_deals[deal]);
    }

    /// @inheritdoc IDealRegistry
    function wonUnder(bytes32 deal) external view returns (bytes32 agreement) {
        // slither-disable-next-line incorrect-equality: an enum
        return _deals[deal].state == State.Won ? _deals[deal].agreement : bytes32(0);
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

    function _customerOf(bytes32 programme, uint32 epoch, bytes32 tag) internal pure returns (bytes32) {
        return keccak256(abi.encode(programme, epoch, tag));
    }

    /// @notice Puts the deal into its customer's queue. What an account registered before and is over leaves the queue here,
    /// so the walk is no longer than the programme had partners (and an account of them territories), whatever one of them
    /// does.
    /// @param territory the deal's
    /// @return rival the first live registration of the same customer, under the rule of territories in the same one
    function _enqueue(bytes32 deal, bytes32 customer, bytes32 territory) internal returns (bytes32 rival) {
        (address account, uint48 priority) = (_deals[deal].account, _deals[deal].priority);
        bytes32 last;
        bytes32 before;
        bytes32 queued = firstOf[customer];
        while (queued != 0) {
            Record storage other = _deals[queued];
            bytes32 next = nextOf[queued];
            if (other.account == account && _isOver(other)) {
                _link(customer, last, next);
            } else {
                if (_isLive(other) && _isIn(territory, queued)) {
                    if (other.account == account) revert AlreadyRegistered(deal, queued);
                    if (rival == 0) rival = queued;
                }
                if (other.priority < priority) before = queued;
                last = queued;
            }
            queued = next;
        }
        bytes32 behind = before == 0 ? firstOf[customer] : nextOf[before];
        if (behind != 0) nextOf[deal] = behind;
        _link(customer, before, deal);
    }

    /// @notice Takes a deal out of its customer's queue.
    function _dequeue(bytes32 deal, bytes32 customer) internal {
        bytes32 before;
        bytes32 queued = firstOf[customer];
        while (queued != deal) {
            before = queued;
            queued = nextOf[queued];
        }
        _link(customer, before, nextOf[deal]);
        delete nextOf[deal];
    }

    /// @dev First registered, first served: nobody earlier may be waiting, and nobody at all may hold the customer. Under the
    /// rule of territories that goes for the deal's own territory, under the open rule for nobody.
    function _requireFirst(bytes32 deal, Record storage record) internal view {
        // slither-disable-next-line incorrect-equality: an enum
        if (_ruleOf(record.ruleAndAfterEnd) == Rule.Open) return;
        // slither-disable-next-line incorrect-equality: an enum
        bytes32 territory = _ruleOf(record.ruleAndAfterEnd) == Rule.Territory ? territoryOf[deal] : bytes32(0);
        bytes32 queued = firstOf[record.customer];
        while (queued != 0) {
            Record storage other = _deals[queued];
            bool inTheWay = _isExclusive(other) || (other.priority < record.priority && _isOpen(other));
            if (queued != deal && inTheWay && _isIn(territory, queued)) revert EarlierDeal(deal, queued);
            queued = nextOf[queued];
        }
    }

    /// @dev No territory is zero under the rule of territories; under the others all deals' are.
    function _isIn(bytes32 territory, bytes32 deal) private view returns (bool) {
        return territory == 0 || territoryOf[deal] == territory;
    }

    /// @dev Lets a customer's queue go on with `next` after `before`, or begin with it where there is none before.
    function _link(bytes32 customer, bytes32 before, bytes32 next) private {
        if (before == 0) firstOf[customer] = next;
        else nextOf[before] = next;
    }

    function _isLive(Record storage deal) internal view returns (bool) {
        return _isOpen(deal) || _isExclusive(deal);
    }

    /// @dev Nothing can become of it any more.
    function _isOver(Record storage deal) private view returns (bool) {
        return deal.state == State.Rejected || deal.state == State.Lost || deal.state == State.Withdrawn;
    }

    /// @dev Waiting for a decision.
    function _isOpen(Record storage deal) private view returns (bool) {
        return deal.state == State.Registered || deal.state == State.Returned;
    }

    /// @dev Holds the customer: won, or approved and within its exclusivity.
    function _isExclusive(Record storage deal) private view returns (bool) {
        if (deal.state == State.Won) return true;
        return deal.state == State.Approved && block.timestamp <= deal.exclusiveUntil;
    }
}
