// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId} from "../../shared/types/Ids.sol";
import {IDealReviews} from "../interfaces/IDealReviews.sol";
import {DealState} from "../types/Deals.sol";
import {Record} from "../types/Record.sol";
import {DealEpochs} from "./DealEpochs.sol";

/// @title What the two sides of a won deal say of each other
/// @notice See {IDealRegistry.review}.
abstract contract DealReviews is DealEpochs, IDealReviews {
    bytes32 private constant REVIEW =
        keccak256("Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVOKE_REVIEW =
        keccak256("RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256 deadline)");
    uint8 private constant MAX_RATING = 5;

    /// @inheritdoc IDealReviews
    function reviewOf(DealId deal, address reviewer)
        external
        view
        returns (uint8 rating, bytes32 comment, bool revoked)
    {
        Review memory given = _reviews[deal][reviewer];
        return (given.rating, given.comment, given.revoked);
    }

    /// @inheritdoc IDealReviews
    function review(address reviewer, DealId deal, uint8 rating, bytes32 comment) external {
        _requireWallet(reviewer);
        _review(reviewer, deal, rating, comment);
    }

    /// @inheritdoc IDealReviews
    function reviewWithAuthorization(
        address reviewer,
        DealId deal,
        uint8 rating,
        bytes32 comment,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(
            abi.encode(REVIEW, reviewer, deal, rating, comment, authorization.nonce, authorization.deadline)
        );
        _spend(reviewer, action, authorization);
        _review(reviewer, deal, rating, comment);
    }

    /// @inheritdoc IDealReviews
    function revokeReview(address reviewer, DealId deal) external {
        _requireWallet(reviewer);
        _revokeReview(reviewer, deal);
    }

    /// @inheritdoc IDealReviews
    function revokeReviewWithAuthorization(address reviewer, DealId deal, Authorization calldata authorization)
        external
    {
        _spend(REVOKE_REVIEW, reviewer, DealId.unwrap(deal), authorization);
        _revokeReview(reviewer, deal);
    }

    function _review(address reviewer, DealId deal, uint8 rating, bytes32 comment) private {
        address reviewed = _otherSide(reviewer, deal);
        if (rating == 0 || rating > MAX_RATING) revert RatingInvalid(rating);
        Review memory given = _reviews[deal][reviewer];
        if (given.rating != 0 || given.revoked) revert AlreadyReviewed(deal, reviewer);
        _reviews[deal][reviewer] = Review(rating, false, comment);
        _emitReviewed(deal, reviewer, reviewed, rating, comment);
    }

    function _revokeReview(address reviewer, DealId deal) private {
        if (_reviews[deal][reviewer].rating == 0) revert NotReviewed(deal, reviewer);
        _reviews[deal][reviewer] = Review(0, true, 0);
        _emitReviewRevoked(deal, reviewer);
    }

    function _otherSide(address reviewer, DealId deal) private view returns (address) {
        Record storage record = _deals[deal];
        (address account, address vendor) = (record.commitment.account, _programmeOf(record).owner());
        if (vendor == address(0) || (reviewer != account && reviewer != vendor)) {
            revert NotACounterparty(deal, reviewer);
        }
        if (record.facts.state() != DealState.Won) _refuseState(deal, DealState.Won);
        return reviewer == account ? vendor : account;
    }
}
