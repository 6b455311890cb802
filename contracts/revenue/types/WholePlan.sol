// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche} from "../../agreements/types/Terms.sol";

/// @notice Who is paid under an agreement, in flat lists: a thousand nested payees would be longer than a transaction may be.
/// @param conditionsHash with the rest what proves it against the agreement's root
/// @param tranches an empty list stands for a single unbounded one without period
/// @param accounts all payees in the order of the terms, which ascends
/// @param weights each payee's weights one after the other, as many as there are tranches
struct WholePlan {
    bytes32 conditionsHash;
    Tranche[] tranches;
    address[] accounts;
    uint64[] weights;
}
