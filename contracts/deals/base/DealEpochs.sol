// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rule} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {CustomerId, DealId, ProgrammeId, programmeIdOf} from "../../shared/types/Ids.sol";
import {IDealEpochs} from "../interfaces/IDealEpochs.sol";
import {DealState} from "../types/Deals.sol";
import {DealEntries} from "./DealEntries.sol";
import {DealQueue} from "./DealQueue.sol";

/// @title How deals follow when their programme's key is replaced
/// @notice See {IDealRegistry.retag}.
abstract contract DealEpochs is DealQueue, DealEntries, IDealEpochs {
    bytes32 private constant RETAG =
        keccak256("Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)");
    bytes32 private constant RETAG_WON = keccak256("RetagWon(bytes32 deal,bytes32 tag)");

    /// @inheritdoc IDealEpochs
    function retagAction(DealId deal, bytes32 tag) public pure returns (bytes32) {
        return keccak256(abi.encode(RETAG_WON, deal, tag));
    }

    /// @inheritdoc IDealEpochs
    function retag(address account, DealId deal, bytes32 tag) external {
        _requireWallet(account);
        _retag(account, deal, tag);
    }

    /// @inheritdoc IDealEpochs
    function retagWithAuthorization(address account, DealId deal, bytes32 tag, Authorization calldata authorization)
        external
    {
        bytes32 action = keccak256(abi.encode(RETAG, account, deal, tag, authorization.nonce, authorization.deadline));
        _spend(account, action, authorization);
        _retag(account, deal, tag);
    }

    /// @dev While deals of the epoch before may still come into the queue, ahead of what stands there, nobody is first.
    function _requireComplete(DealId deal, Record storage record) internal view {
        // slither-disable-next-line incorrect-equality: an enum, and a number that is never skipped
        if (_ruleOf(record.ruleAndAfterEnd) == Rule.Open || record.epoch == 1) return;
        // slither-disable-next-line unused-return: the rest is not asked for
        (, uint32 epoch,, uint40 graceUntil) = AGREEMENTS.programmeOf(_programmeOf(record));
        if (record.epoch == epoch && block.timestamp <= graceUntil) {
            revert DecisionTooEarly(deal, uint256(graceUntil) + 1);
        }
    }

    function _retag(address account, DealId deal, bytes32 tag) private {
        Record storage record = _deals[deal];
        if (record.account != account || account == address(0)) revert NotTheRegistrant(deal, account);
        DealState state = record.state;
        bool lives = state == DealState.Registered || state == DealState.Returned || state == DealState.Approved;
        if (!lives && state != DealState.Won) revert WrongState(deal, state, DealState.Registered);
        ProgrammeId programme = _programmeOf(record);
        // slither-disable-next-line unused-return: the rest is not asked for
        (, uint32 epoch,, uint40 graceUntil) = AGREEMENTS.programmeOf(programme);
        if (record.epoch >= epoch || block.timestamp > graceUntil) revert RetagInvalid(deal);
        // It holds its customer for good and cannot be rejected: under a wrong tag it would hold another's.
        if (state == DealState.Won) _useConsent(record.vendor, retagAction(deal, tag));

        _dequeue(deal, record.customer);
        CustomerId customer = _customerOf(programme, epoch, tag);
        (record.customer, record.epoch, record.contestableUntil) = (customer, epoch, graceUntil);
        DealId rival = _enqueue(deal, customer, _territory[deal]);
        _emitRetagged(deal, account, epoch, tag, rival);
    }

    function _programmeOf(Record storage record) private view returns (ProgrammeId) {
        return programmeIdOf(record.vendor, record.number);
    }
}
