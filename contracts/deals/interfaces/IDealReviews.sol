// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId} from "../../shared/types/Ids.sol";

/// @title What the two sides of a won deal say of each other
/// @notice Once each, and taken back for good.
interface IDealReviews {
    /// @notice One side of a won deal rated the other.
    /// @param rating 1 to 5
    /// @param comment hash of a text kept elsewhere; 0 for none
    event DealReviewed(
        DealId indexed deal,
        address indexed reviewer,
        address indexed reviewed,
        uint8 rating,
        bytes32 comment,
        uint64 seq,
        bytes24 head
    );
    /// @notice A review was taken back, for good.
    event ReviewRevoked(DealId indexed deal, address indexed reviewer, uint64 seq, bytes24 head);

    error RatingInvalid(uint8 rating);
    /// @notice Neither the deal's partner nor its vendor.
    error NotACounterparty(DealId deal, address account);
    error AlreadyReviewed(DealId deal, address reviewer);
    error NotReviewed(DealId deal, address reviewer);

    /// @notice The review that an account gave of a won deal's other side: rating 0 when there is none or it was revoked.
    function reviewOf(DealId deal, address reviewer) external view returns (uint8 rating, bytes32 comment, bool revoked);

    /// @notice Rates the other side of a won deal, once. Called by the wallet of its partner or of its vendor.
    /// @param rating 1 to 5
    /// @param comment hash of a text kept elsewhere; 0 for none
    /// @dev Whether the deal is settled, and the review counts, is for whoever scores to say: revenue is not known here.
    /// Reverts {NotTheWallet}, {NotACounterparty}, {WrongState}, {RatingInvalid}, {AlreadyReviewed}.
    function review(address reviewer, DealId deal, uint8 rating, bytes32 comment) external;

    /// @notice The signed form of {review}: `Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256
    /// nonce,uint256 deadline)`.
    function reviewWithAuthorization(
        address reviewer,
        DealId deal,
        uint8 rating,
        bytes32 comment,
        Authorization calldata authorization
    ) external;

    /// @notice Takes a review back, for good. Called by the reviewer's wallet.
    /// @dev Reverts {NotTheWallet}, {NotReviewed}.
    function revokeReview(address reviewer, DealId deal) external;

    /// @notice The signed form of {revokeReview}: `RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256
    /// deadline)`.
    function revokeReviewWithAuthorization(address reviewer, DealId deal, Authorization calldata authorization) external;
}
