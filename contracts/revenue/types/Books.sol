// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche} from "../../agreements/types/Terms.sol";
import {AgreementId} from "../../shared/types/Ids.sol";

/// @notice An agreement's terms and total in one token.
/// @param released cumulative revenue that is split, in token base units and over all periods; it never falls. What is
/// due but not yet recorded as released is not in it
/// @param validUntil last second for revenue without a deal: the terms', or the earlier one of its ending or amendment
/// @param holdDays days for which a payment is held
/// @param periodDays days of a period; 0: there are none
/// @param owed debts to payers by ruling, in all and ever
/// @param served what revenue has netted of them: the oldest debts are served first
/// @param agreed debts to payers by consent, in all and ever
/// @param agreedServed what revenue has netted of those
/// @param open whether the agreement's terms have been read for this token
struct Book {
    uint128 released;
    uint40 validFrom;
    uint40 validUntil;
    uint16 holdDays;
    uint16 periodDays;
    uint8 clawback;
    uint128 owed;
    uint128 served;
    uint128 agreed;
    uint128 agreedServed;
    bool open;
}

/// @notice A payee's share of an agreement, and what proves it against the agreement's root.
/// @param period number of the period claimed for, from 0; 0 when the tranches have no period
/// @param tranches the agreement's; an empty list stands for a single unbounded one without period
struct Share {
    AgreementId agreement;
    bytes32 conditionsHash;
    uint32 period;
    Tranche[] tranches;
    uint64[] weights;
    bytes32[] proof;
}

/// @notice What of a claim came of an agreement's period, in token base units.
struct Portion {
    AgreementId agreement;
    uint32 period;
    uint256 amount;
}

/// @notice What an agreement owes a payer in one token.
/// @param byConsent whether all payees agreed to it; else it is by ruling
/// @param from where in the agreement's cumulative debts of that kind it begins, less what was paid out: what it can be paid
/// now is what of `from` to `to` lies below the book's `served`, or `agreedServed`
struct Debt {
    address payer;
    bool byConsent;
    uint128 from;
    uint128 to;
}
