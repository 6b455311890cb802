// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {Book} from "../types/Books.sol";

/// @title What the ledger tells of its books and payments
/// @notice Amounts are in token base units. All are locked while money moves.
interface IBookViews {
    /// @notice Invoices that one batch can carry.
    function MAX_BATCH() external view returns (uint256);

    /// @notice Whether the guardian has stopped new deposits.
    function depositsPaused() external view returns (bool);

    /// @notice What a ruling gave back to a payer and has not been paid out, in token base units.
    function refundDue(address payer, bytes32 invoiceRef) external view returns (uint256);

    /// @notice Seconds after which a dispute without a ruling can be dropped by anyone.
    function RULING_SECONDS() external view returns (uint256);

    /// @notice The record of an invoice: zero when unpaid; else the status in the low byte (1: paid, 2: in dispute, 3: its
    /// dispute is over) and above it the high 248 bits of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt,
    /// refunded))`, once disputed of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt, refunded, disputedAt))`.
    /// @dev One slot, whatever it says: the duplicate check, and the proof of what may be refunded.
    function paymentOf(address payer, bytes32 invoiceRef) external view returns (bytes32);

    /// @notice An agreement's totals in a token.
    function bookOf(AgreementId agreement, address token) external view returns (Book memory);

    /// @notice What an account had earned of an agreement in a token when it was last paid by itself, in base units. What it
    /// was paid, also with everybody, is what it has earned less {IRevenueViews.claimableOf}.
    /// @param period 0 when there are none
    function claimedOf(AgreementId agreement, address token, uint32 period, address account)
        external
        view
        returns (uint256);

    /// @notice What was released in one period, in token base units. Without periods: the book's `released`, as period 0.
    function releasedIn(AgreementId agreement, address token, uint32 period) external view returns (uint256);

    /// @notice What is held of one day's payments, in token base units; still there, although due, until {IClaims.mature}.
    /// @param maturesAt the day's beginning
    function heldUntil(AgreementId agreement, address token, uint40 maturesAt) external view returns (uint256);
}
