// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {Book, Debt, Share} from "../types/Books.sol";

/// @title What the ledger tells
/// @notice Amounts are in token base units. All are locked while money moves.
interface IRevenueViews {
    /// @notice Invoices that one batch can carry.
    function MAX_BATCH() external view returns (uint256);

    /// @notice Whether the guardian has stopped new deposits.
    function depositsPaused() external view returns (bool);

    /// @notice An agreement's totals in a token.
    function bookOf(AgreementId agreement, address token) external view returns (Book memory);

    /// @notice What an account had earned of an agreement in a token when it was last paid by itself, in base units. What it
    /// was paid, also with everybody, is what it has earned less {claimableOf}.
    /// @param period 0 when there are none
    function claimedOf(AgreementId agreement, address token, uint32 period, address account)
        external
        view
        returns (uint256);

    /// @notice What was released in one period, in token base units. Without periods: the book's `released`, as period 0.
    function releasedIn(AgreementId agreement, address token, uint32 period) external view returns (uint256);

    /// @notice What is held of one day's payments, in token base units; still there, although due, until {mature}d.
    /// @param maturesAt the day's beginning
    function heldUntil(AgreementId agreement, address token, uint40 maturesAt) external view returns (uint256);

    /// @notice A debt of an agreement in a token, by its number.
    function debtOf(AgreementId agreement, address token, uint32 debt) external view returns (Debt memory);

    /// @notice What a ruling gave back to a payer and has not been paid out, in token base units.
    function refundDue(address payer, bytes32 invoiceRef) external view returns (uint256);

    /// @notice Seconds after which a dispute without a ruling can be dropped by anyone.
    function RULING_SECONDS() external view returns (uint256);

    /// @notice The record of an invoice: zero when unpaid; else the status in the low byte (1: paid, 2: in dispute, 3: its
    /// dispute is over) and above it the high 248 bits of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt,
    /// refunded))`, once disputed of `keccak256(abi.encode(agreement, token, deal, amount, maturesAt, refunded, disputedAt))`.
    /// @dev One slot, whatever it says: the duplicate check, and the proof of what may be refunded.
    function paymentOf(address payer, bytes32 invoiceRef) external view returns (bytes32);

    /// @notice What an account could claim now of one agreement in a token, in base units.
    /// @dev Counts what is due but not yet recorded as released, up to the days that a claim itself would release. Reverts
    /// {ShareInvalid}.
    function claimableOf(address account, address token, Share calldata share) external view returns (uint256);

    /// @notice How far the consents to a clawback are gathered that needs several calls.
    /// @param action what {clawbackAction} says
    /// @return through the last payee whose consent there is, of those before it too; zero when there is none
    /// @return until last second at which they count: that of the first to expire, and at most 30 days after the first call
    function clawbackGathered(bytes32 action) external view returns (address through, uint40 until);

    /// @notice The action that all payees consent to when a released payment is clawed back: the hash of `Clawback(address
    /// payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)`.
    /// @param refunded what of the payment was refunded before, so that one consent is good for one clawback
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32);
}
