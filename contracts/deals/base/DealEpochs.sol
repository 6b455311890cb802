// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rule} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {CustomerId, DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealEpochs} from "../interfaces/IDealEpochs.sol";
import {DealState, Retag} from "../types/Deals.sol";
import {Facts, Record} from "../types/Record.sol";
import {DealEntries} from "./DealEntries.sol";
import {DealQueue} from "./DealQueue.sol";

/// @title How deals follow when their programme's key is replaced
/// @notice See {IDealEpochs}.
abstract contract DealEpochs is DealQueue, DealEntries, IDealEpochs {
    /// @dev A programme's newest key: its epoch, and until when deals of the one before are tagged again.
    struct Key {
        uint32 epoch;
        uint40 graceUntil;
    }

    bytes32 private constant RETAG =
        keccak256("Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)");
    bytes32 private constant RETAG_WON_DEALS =
        keccak256("RetagWonDeals(address vendor,bytes32[] dealsAndTags,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IDealEpochs
    function wonBehind(ProgrammeId programme) external view returns (uint256) {
        return _countOf(programme, _keyOf(programme).epoch).behind;
    }

    /// @inheritdoc IDealEpochs
    function retag(address account, DealId deal, bytes32 tag) external {
        _requireWallet(account);
        _retagOwn(account, deal, tag);
    }

    /// @inheritdoc IDealEpochs
    function retagWithAuthorization(address account, DealId deal, bytes32 tag, Authorization calldata authorization)
        external
    {
        _spend(account, _actionOf(RETAG, account, DealId.unwrap(deal), tag, authorization), authorization);
        _retagOwn(account, deal, tag);
    }

    /// @inheritdoc IDealEpochs
    function retagWon(address vendor, Retag[] calldata retags) external {
        _requireWallet(vendor);
        _retagWon(vendor, retags);
    }

    /// @inheritdoc IDealEpochs
    function retagWonWithAuthorization(address vendor, Retag[] calldata retags, Authorization calldata authorization)
        external
    {
        bytes32 words;
        assembly ("memory-safe") {
            // a list of words: each deal, and its tag behind it
            let from := mload(0x40)
            calldatacopy(from, retags.offset, mul(retags.length, 0x40))
            words := keccak256(from, mul(retags.length, 0x40))
        }
        _spend(RETAG_WON_DEALS, vendor, words, authorization);
        _retagWon(vendor, retags);
    }

    function _programmeOf(Record storage record) internal view returns (ProgrammeId) {
        return _programmeUnder[record.agreement];
    }

    /// @dev A commitment is all that there is of a deal until it is revealed.
    function _stateOf(Record storage record) internal view returns (DealState state) {
        state = record.facts.state();
        if (state == DealState.None && record.commitment.account != address(0)) return DealState.Committed;
    }

    function _refuseState(DealId deal, DealState wanted) internal view {
        revert WrongState(deal, _stateOf(_deals[deal]), wanted);
    }

    function _requireRegistrant(DealId deal, Record storage record, address account) internal view {
        if (record.commitment.account != account || account == address(0)) revert NotTheRegistrant(deal, account);
    }

    function _requireVendor(DealId deal, ProgrammeId programme, address vendor) internal pure {
        if (programme.owner() != vendor || vendor == address(0)) revert NotTheVendor(deal, vendor);
    }

    function _keyOf(ProgrammeId programme) internal view returns (Key memory key) {
        // slither-disable-next-line unused-return,calls-loop: the rest is not asked for; our own registry
        (, key.epoch,, key.graceUntil) = AGREEMENTS.programmeOf(programme);
    }

    /// @dev Whether a deal's tag is of the newest key or, in the grace, of the one before. Under the open rule nobody is kept
    /// off, and a tag of any key will do.
    function _isOfKey(Facts facts, Key memory key) internal view returns (bool) {
        if (facts.ruleOf() == Rule.Open || facts.epoch() == key.epoch) return true;
        return facts.epoch() + 1 == key.epoch && block.timestamp <= key.graceUntil;
    }

    /// @dev For a deal that holds its customer already: it goes on doing so while it can still be tagged again.
    function _requireOfKey(DealId deal, Facts facts, Key memory key) internal view {
        if (!_isOfKey(facts, key)) _refuseTag(deal, facts, key);
    }

    function _refuseTag(DealId deal, Facts facts, Key memory key) private pure {
        revert NotTaggedAgain(deal, facts.epoch(), key.epoch);
    }

    /// @dev For a deal that is to hold its customer: nobody may who could stand before it in a queue that it is not in. That
    /// is so once the grace is over, in which deals of the key before may still come into its queue, and no won deal is left
    /// behind, which holds its customer under an earlier key.
    function _requireComplete(DealId deal, Facts facts, ProgrammeId programme, Key memory key) internal view {
        // slither-disable-next-line incorrect-equality: an enum
        if (facts.ruleOf() == Rule.Open) return;
        if (facts.epoch() != key.epoch) _refuseTag(deal, facts, key);
        // slither-disable-next-line incorrect-equality: a number that is never skipped
        if (key.epoch == 1) return;
        if (block.timestamp <= key.graceUntil) revert DecisionTooEarly(deal, uint256(key.graceUntil) + 1);
        uint256 behind = _countOf(programme, key.epoch).behind;
        if (behind != 0) revert WonDealsBehind(programme, behind);
    }

    /// @notice Counts a deal that is won among those that hold their customers for good.
    /// @param again whether it was won before, and is no longer behind
    function _countWon(Facts facts, ProgrammeId programme, uint32 epoch, bool again) internal {
        // slither-disable-next-line incorrect-equality: an enum
        if (facts.ruleOf() == Rule.Open) return;
        Won memory won = _countOf(programme, epoch);
        // slither-disable-next-line incorrect-equality: a number that is never skipped
        if (again || facts.epoch() == epoch) won.tagged += 1;
        else won.behind += 1;
        if (again) won.behind -= 1;
        _won[programme] = won;
    }

    /// @dev As things stand under this epoch: with it, all that was tagged before is behind.
    function _countOf(ProgrammeId programme, uint32 epoch) private view returns (Won memory won) {
        won = _won[programme];
        // slither-disable-next-line incorrect-equality: a number that is never skipped
        if (won.epoch == epoch) return won;
        return Won(epoch, 0, won.behind + won.tagged);
    }

    function _retagOwn(address account, DealId deal, bytes32 tag) private {
        Record storage record = _deals[deal];
        _requireRegistrant(deal, record, account);
        Facts facts = record.facts;
        if (facts.state() != DealState.Approved && !_isOpen(facts)) _refuseState(deal, DealState.Registered);
        ProgrammeId programme = _programmeOf(record);
        Key memory key = _keyOf(programme);
        if (block.timestamp > key.graceUntil || facts.epoch() + 1 != key.epoch) revert RetagInvalid(deal);
        _retag(deal, record, facts, account, tag, programme, key);
    }

    function _retagWon(address vendor, Retag[] calldata retags) private {
        for (uint256 i; i < retags.length; ++i) {
            DealId deal = retags[i].deal;
            Record storage record = _deals[deal];
            ProgrammeId programme = _programmeOf(record);
            _requireVendor(deal, programme, vendor);
            Facts facts = record.facts;
            if (facts.state() != DealState.Won) _refuseState(deal, DealState.Won);
            // slither-disable-next-line calls-loop: our own registry
            _retag(deal, record, facts, vendor, retags[i].tag, programme, _keyOf(programme));
        }
    }

    /// @dev A won deal can be tagged again at any time, and others of its account are in nobody's way.
    function _retag(
        DealId deal,
        Record storage record,
        Facts facts,
        address by,
        bytes32 tag,
        ProgrammeId programme,
        Key memory key
    ) private {
        if (facts.epoch() >= key.epoch) revert RetagInvalid(deal);
        bool isWon = facts.state() == DealState.Won;
        if (isWon) _countWon(facts, programme, key.epoch, true);
        _dequeue(deal, facts.customer());
        CustomerId customer = _customerOf(programme, key.epoch, tag);
        record.facts = facts.withTag(customer, key.epoch);
        DealId rival = _enqueue(deal, customer, _territory[deal], !isWon);
        _emitRetagged(deal, by, key.epoch, tag, rival);
    }
}
