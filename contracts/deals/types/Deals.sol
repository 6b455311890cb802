// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rule} from "../../agreements/types/Terms.sol";
import {AgreementId, CustomerId, DealId} from "../../shared/types/Ids.sol";

enum DealState {
    None,
    Committed,
    Registered,
    Approved,
    Returned,
    Rejected,
    Won,
    Lost,
    Withdrawn
}

/// @notice What a partner reveals about its commitment.
/// @param tag HMAC-SHA256 of the customer's canonical id under the programme's epoch key
/// @param territory where the customer is, as the agreement's terms name it; 0 unless the programme's rule is `Territory`
struct Reveal {
    address account;
    AgreementId agreement;
    bytes32 tag;
    bytes32 salt;
    bytes32 territory;
}

/// @notice What the vendor decides.
/// @param outcome Approved, Returned, Rejected, Won or Lost
/// @param reason a code of at most 32 ASCII characters; required when returned or rejected
/// @param value declared value in base units of `token`, when won; zero otherwise
struct Decision {
    DealId deal;
    DealState outcome;
    bytes32 reason;
    uint256 value;
    address token;
}

/// @param since when it was committed; once decided, when it was last decided
/// @param priority the commitment's journal number: the lower was first
/// @param agreement under which it is registered; once won, the version that its revenue is split by
/// @param decideBy last second for a decision in time; 0 when the terms set no time
/// @param revealDelay seconds from commitment to reveal
/// @param customer `keccak256(abi.encode(programme, epoch, tag))`: whose queue it stands in
/// @param validUntil last second of its agreement, by the agreement's terms
/// @param exclusiveUntil last second at which its approval keeps others off; 0 until approved
/// @param contestableUntil until when the vendor can reject it although approved, since it was tagged again
struct Deal {
    address account;
    DealState state;
    uint40 since;
    uint48 priority;
    AgreementId agreement;
    address vendor;
    uint40 decideBy;
    uint32 exclusivitySeconds;
    uint24 revealDelay;
    CustomerId customer;
    uint40 validUntil;
    uint8 afterEnd;
    Rule rule;
    uint32 epoch;
    uint40 exclusiveUntil;
    uint40 contestableUntil;
}
