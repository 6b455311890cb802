// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";
import {IBookViews} from "./IBookViews.sol";
import {IClaims} from "./IClaims.sol";
import {IDebts} from "./IDebts.sol";
import {IDisputes} from "./IDisputes.sol";
import {IDistributions} from "./IDistributions.sol";
import {IPayments} from "./IPayments.sol";
import {IRefunds} from "./IRefunds.sol";
import {IRevenueBooks} from "./IRevenueBooks.sol";
import {IRevenueViews} from "./IRevenueViews.sol";
import {ISignedRefunds} from "./ISignedRefunds.sol";

// All that it has is in its slices.
// solhint-disable no-empty-blocks

/// @title What came in, and who is owed how much
/// @notice Revenue paid under an agreement is split by its signed plan. Paying costs the same for any number of payees:
/// a payee's entitlement is a function of the total released, and each claims for itself or has anyone do it, or anyone pays
/// everybody at once.
///
/// Under terms with a hold a payment is released as the day begins on which its hold is over; until then its payer can take
/// it back, and a party can dispute it, which leaves it to the terms' arbiter. Under terms with clawback a refund after the
/// hold becomes a debt of the agreement in that token, which its later revenue serves first. What was released is never
/// taken back.
///
/// Per agreement and token: received = paid out + claimable + held + disputed + refunded + netted + carry, where netted is
/// what served debts, and the carry, less than the number of payees (in each period), is what rounding leaves.
interface IRevenueLedger is
    IJournal,
    IConsents,
    IRevenueBooks,
    IRevenueViews,
    IBookViews,
    IPayments,
    IRefunds,
    IClaims,
    IDistributions,
    ISignedRefunds,
    IDisputes,
    IDebts
{}
