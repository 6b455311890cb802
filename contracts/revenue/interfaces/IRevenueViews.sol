// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Share} from "../types/Books.sol";

/// @title What the ledger tells
/// @notice Amounts are in token base units. All are locked while money moves. What it tells of books is in {IBookViews}.
interface IRevenueViews {
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

    /// @notice What an account could claim now of one agreement in a token, in base units.
    /// @dev Counts what is due but not yet recorded as released, up to the days that a claim itself would release. Reverts
    /// {ShareInvalid}.
    function claimableOf(address account, address token, Share calldata share) external view returns (uint256);
}
