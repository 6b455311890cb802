// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Share} from "../types/Books.sol";

/// @title What the ledger tells
/// @notice Amounts are in token base units. All are locked while money moves. What it tells of books is in {IBookViews}.
interface IRevenueViews {
    /// @notice What an account could claim now of one agreement in a token, in base units.
    /// @dev Counts what is due but not yet recorded as released, up to the days that a claim itself would release. Reverts
    /// {ShareInvalid}.
    function claimableOf(address account, address token, Share calldata share) external view returns (uint256);
}
