// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche} from "../../agreements/types/Terms.sol";

/// @notice An agreement's whole plan in flat lists, and how much of it to pay: what paying everybody at once brings along.
/// @dev Flat, because a thousand nested payees would be longer than a transaction may be.
/// @param period number of the period paid out, from 0; 0 when the tranches have no period
/// @param most payees that this call reaches at most; 0, or no less than there are: all of them
/// @param tranches the agreement's; an empty list stands for a single unbounded one without period
/// @param accounts all payees in the order of the terms, which ascends
/// @param weights each payee's weights one after the other, as many as there are tranches
struct Division {
    bytes32 conditionsHash;
    uint32 period;
    uint256 most;
    Tranche[] tranches;
    address[] accounts;
    uint64[] weights;
}

/// @notice A payee's part of what was paid out, in token base units.
/// @param recipient the wallet that acted for the account
struct Part {
    address account;
    address recipient;
    uint256 amount;
}

/// @notice How far a total is paid out to everybody.
/// @dev Every payee's entitlement to `upTo` is settled, and to `upTo + ahead` that of those whom the round under way came to.
/// `ahead` is not zero only while there is one.
/// @param reads whether the round under way must look at what each payee was paid by itself
/// @param exceptions whether a payee was paid beyond that by itself, or something is set aside for one: whether the next
/// round must look. The first of a total always does
struct Settled {
    uint128 upTo;
    uint112 ahead;
    bool reads;
    bool exceptions;
}
