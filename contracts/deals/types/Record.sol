// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AfterEnd, Rule} from "../../agreements/types/Terms.sol";
import {AgreementId, CustomerId} from "../../shared/types/Ids.sol";
import {DealState} from "./Deals.sol";

/// @dev A deal as it is stored, in three words: what its commitment says and never changes, the agreement that it was
/// registered under, and the rest. Its programme is the agreement's, and kept once for all of that agreement's deals.
struct Record {
    Commitment commitment;
    AgreementId agreement;
    Facts facts;
}

struct Commitment {
    address account;
    uint40 since;
    uint48 priority;
}

/// @dev From the highest bit: customer (96 bits), flags (8), state (8: `None` until it is revealed), epoch (24), exclusive
/// (40: seconds of exclusivity until the deal is approved, from then on the last second of it), decideBy (40), validUntil
/// (40). Flags: rule in the lowest two, what open deals may do after the agreement's end in the next two, then one each.
type Facts is uint256;

using {
    customer,
    ruleOf,
    afterEndOf,
    has,
    with,
    state,
    withState,
    epoch,
    withTag,
    exclusive,
    withExclusive,
    decideBy,
    withDecideBy,
    validUntil
} for Facts global;

/// @dev It was approved once.
uint256 constant APPROVED = 1 << 156;
/// @dev Its tag is not the one that it was revealed with.
uint256 constant RETAGGED = 1 << 157;
/// @dev It was won under a successor of its agreement.
uint256 constant MOVED = 1 << 158;

/// @notice Of a deal that is registered.
function factsOf(
    CustomerId customer_,
    Rule rule,
    uint8 afterEnd,
    uint32 epoch_,
    uint32 exclusivitySeconds,
    uint40 decideBy_,
    uint40 validUntil_
) pure returns (Facts) {
    uint256 low = (uint256(DealState.Registered) << 144) | (uint256(uint24(epoch_)) << 120)
        | (uint256(exclusivitySeconds) << 80) | (uint256(decideBy_) << 40) | validUntil_;
    return Facts.wrap(_customerBits(customer_) | ((uint256(rule) | (uint256(afterEnd) << 2)) << 152) | low);
}

function customer(Facts facts) pure returns (CustomerId) {
    return CustomerId.wrap(bytes12(bytes32(Facts.unwrap(facts))));
}

function ruleOf(Facts facts) pure returns (Rule) {
    return Rule((Facts.unwrap(facts) >> 152) & 3);
}

function afterEndOf(Facts facts) pure returns (AfterEnd) {
    return AfterEnd((Facts.unwrap(facts) >> 154) & 3);
}

function has(Facts facts, uint256 flag) pure returns (bool) {
    return Facts.unwrap(facts) & flag != 0;
}

function with(Facts facts, uint256 flag) pure returns (Facts) {
    return Facts.wrap(Facts.unwrap(facts) | flag);
}

function state(Facts facts) pure returns (DealState) {
    return DealState(uint8(Facts.unwrap(facts) >> 144));
}

function withState(Facts facts, DealState state_) pure returns (Facts) {
    return Facts.wrap((Facts.unwrap(facts) & ~(uint256(0xff) << 144)) | (uint256(state_) << 144));
}

function epoch(Facts facts) pure returns (uint32) {
    return uint24(Facts.unwrap(facts) >> 120);
}

/// @dev Under another key.
function withTag(Facts facts, CustomerId customer_, uint32 epoch_) pure returns (Facts) {
    uint256 rest = (Facts.unwrap(facts) << 96 >> 96) & ~(uint256(0xffffff) << 120);
    return Facts.wrap(_customerBits(customer_) | rest | (uint256(uint24(epoch_)) << 120) | RETAGGED);
}

function exclusive(Facts facts) pure returns (uint40) {
    return uint40(Facts.unwrap(facts) >> 80);
}

function withExclusive(Facts facts, uint40 exclusive_) pure returns (Facts) {
    return Facts.wrap((Facts.unwrap(facts) & ~(uint256(0xffffffffff) << 80)) | (uint256(exclusive_) << 80));
}

function decideBy(Facts facts) pure returns (uint40) {
    return uint40(Facts.unwrap(facts) >> 40);
}

function withDecideBy(Facts facts, uint40 decideBy_) pure returns (Facts) {
    return Facts.wrap((Facts.unwrap(facts) & ~(uint256(0xffffffffff) << 40)) | (uint256(decideBy_) << 40));
}

function validUntil(Facts facts) pure returns (uint40) {
    return uint40(Facts.unwrap(facts));
}

function _customerBits(CustomerId customer_) pure returns (uint256) {
    return uint256(bytes32(CustomerId.unwrap(customer_)));
}
