// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../interfaces/IDealRegistry.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {Authorizations} from "../../shared/base/Authorizations.sol";
import {DealQueue} from "./DealQueue.sol";

/// @title What the two sides of a won deal say of each other
/// @notice See {IDealRegistry.review}.
abstract contract DealReviews is Authorizations, DealQueue {
    struct Review {
        uint8 rating;
        bool revoked;
        bytes32 comment;
    }

    bytes32 private constant REVIEW =
        keccak256("Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVOKE_REVIEW =
        keccak256("RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256 deadline)");
    uint8 private constant MAX_RATING = 5;

    mapping(bytes32 deal => mapping(address reviewer => Review)) private _reviews;

    /// @inheritdoc IDealRegistry
    function reviewOf(bytes32 deal, address reviewer)
        external
        view
        returns (uint8 rating, bytes32 comment, bool revoked)
    {
        Review memory given = _reviews[deal][reviewer];
        return (given.rating, given.comment, given.revoked);
    }

    /// @inheritdoc IDealRegistry
    function review(address reviewer, bytes32 deal, uint8 rating, bytes32 comment) external {
        _requireWallet(reviewer);
        _review(reviewer, deal, rating, comment);
    }

    /// @inheritdoc IDealRegistry
    function reviewWithAuthorization(
        address reviewer,
        bytes32 deal,
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

    /// @inheritdoc IDealRegistry
    function revokeReview(address reviewer, bytes32 deal) external {
        _requireWallet(reviewer);
        _revokeReview(reviewer, deal);
    }

    /// @inheritdoc IDealRegistry
    function revokeReviewWithAuthorization(address reviewer, bytes32 deal, Authorization calldata authorization)
        external
    {
        _spend(REVOKE_REVIEW, reviewer, deal, authorization);
        _revokeReview(reviewer, deal);
    }

    function _review(address reviewer, bytes32 deal, uint8 rating, bytes32 comment) private {
        address reviewed = _otherSide(reviewer, deal);
        if (rating == 0 || rating > MAX_RATING) revert RatingInvalid(rating);
        Review memory given = _reviews[deal][reviewer];
        if (given.rating != 0 || given.revoked) revert AlreadyReviewed(deal, reviewer);
        _reviews[deal][reviewer] = Review(rating, false, comment);
        _emit4(abi.encode(_source(4), DealReviewed.selector, deal, reviewer, reviewed, rating, comment, 0, 0));
    }

    function _revokeReview(address reviewer, bytes32 deal) private {
        if (_reviews[deal][reviewer].rating == 0) revert NotReviewed(deal, reviewer);
        _reviews[deal][reviewer] = Review(0, true, 0);
        _emit3(abi.encode(_source(3), ReviewRevoked.selector, deal, reviewer, 0, 0));
    }

    function _otherSide(address reviewer, bytes32 deal) private view returns (address) {
        Record storage record = _deals[deal];
        (address account, address vendor) = (record.account, record.vendor);
        if (vendor == address(0) || (reviewer != account && reviewer != vendor)) {
            revert NotACounterparty(deal, reviewer);
        }
        if (record.state != State.Won) revert WrongState(deal, record.state, State.Won);
        return reviewer == account ? vendor : account;
    }
}
