// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Journal} from "../../shared/base/Journal.sol";
import {AgreementId, DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealDecisions} from "../interfaces/IDealDecisions.sol";
import {IDealEpochs} from "../interfaces/IDealEpochs.sol";
import {IDealIntake} from "../interfaces/IDealIntake.sol";
import {IDealReviews} from "../interfaces/IDealReviews.sol";
import {Decision} from "../types/Deals.sol";

/// @title The entries of the deal registry's journal
/// @notice The only place where they are encoded: one function for each event, with its arguments.
abstract contract DealEntries is Journal {
    /// @dev Returns the entry's number, which is the deal's priority.
    function _emitCommitted(DealId deal, address account, bytes32 commitment) internal returns (uint64 seq) {
        return _emit3(abi.encode(_source(3), IDealIntake.DealCommitted.selector, deal, account, commitment, 0, 0));
    }

    function _emitRegistered(
        DealId deal,
        AgreementId agreement,
        address account,
        ProgrammeId programme,
        uint32 epoch,
        bytes32 tag,
        bytes32 territory,
        DealId rival,
        uint40 decideBy
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDealIntake.DealRegistered.selector,
                deal,
                agreement,
                account,
                programme,
                epoch,
                tag,
                territory,
                rival,
                decideBy,
                0,
                0
            )
        );
    }

    /// @dev `exclusiveUntil` is 0 unless it was approved, `decideBy` unless it was returned.
    function _emitDecided(address vendor, Decision calldata decision, uint40 exclusiveUntil, uint40 decideBy) internal {
        _emit3(
            abi.encode(
                _source(3),
                IDealDecisions.DealDecided.selector,
                decision.deal,
                vendor,
                decision.outcome,
                decision.reason,
                decision.value,
                decision.token,
                exclusiveUntil,
                decideBy,
                0,
                0
            )
        );
    }

    function _emitWithdrawn(DealId deal, address account) internal {
        _emit3(abi.encode(_source(3), IDealDecisions.DealWithdrawn.selector, deal, account, 0, 0));
    }

    function _emitApprovedByDefault(DealId deal, address by, uint40 exclusiveUntil) internal {
        _emit3(abi.encode(_source(3), IDealDecisions.DealApprovedByDefault.selector, deal, by, exclusiveUntil, 0, 0));
    }

    function _emitConsentedToExtension(
        DealId deal,
        address account,
        bytes32 action,
        uint40 exclusiveUntil,
        uint40 deadline
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDealDecisions.ConsentedToExtension.selector,
                deal,
                account,
                action,
                exclusiveUntil,
                deadline,
                0,
                0
            )
        );
    }

    function _emitExtended(DealId deal, uint40 exclusiveUntil) internal {
        _emit2(abi.encode(_source(2), IDealDecisions.DealExtended.selector, deal, exclusiveUntil, 0, 0));
    }

    function _emitRetagged(DealId deal, address by, uint32 epoch, bytes32 tag, DealId rival) internal {
        _emit3(abi.encode(_source(3), IDealEpochs.DealRetagged.selector, deal, by, epoch, tag, rival, 0, 0));
    }

    function _emitMoved(DealId deal, AgreementId agreement) internal {
        _emit3(abi.encode(_source(3), IDealDecisions.DealMoved.selector, deal, agreement, 0, 0));
    }

    function _emitReviewed(DealId deal, address reviewer, address reviewed, uint8 rating, bytes32 comment) internal {
        _emit4(
            abi.encode(_source(4), IDealReviews.DealReviewed.selector, deal, reviewer, reviewed, rating, comment, 0, 0)
        );
    }

    function _emitReviewRevoked(DealId deal, address reviewer) internal {
        _emit3(abi.encode(_source(3), IDealReviews.ReviewRevoked.selector, deal, reviewer, 0, 0));
    }
}
