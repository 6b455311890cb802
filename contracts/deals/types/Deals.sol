// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rule} from "../../agreements/types/Terms.sol";
import {AgreementId, CustomerId, DealId, ProgrammeId} from "../../shared/types/Ids.sol";

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
/// @param epoch whose key made the tag
struct Reveal {
    address account;
    AgreementId agreement;
    bytes32 tag;
    bytes32 salt;
    bytes32 territory;
    uint32 epoch;
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

/// @notice A deal's newest tag, as its vendor gives it when the deal is won.
struct Retag {
    DealId deal;
    bytes32 tag;
}

/// @param since when it was committed
/// @param priority the commitment's journal number: the lower was first
/// @param agreement under which it is registered; once won, the version that its revenue is split by
/// @param vendor its programme's owner
/// @param decideBy last second for a decision in time; 0 when the terms set no time
/// @param exclusivitySeconds how long its approval keeps others off; 0 once it was approved
/// @param exclusiveUntil last second at which its approval keeps others off; 0 until approved
/// @param validUntil last second of the agreement that it is registered under, by that agreement's terms
/// @param epoch whose key made its newest tag
/// @param customer whose queue it stands in
/// @param retagged whether it was tagged again
struct Deal {
    address account;
    DealState state;
    uint40 since;
    uint48 priority;
    AgreementId agreement;
    address vendor;
    uint40 decideBy;
    uint32 exclusivitySeconds;
    uint40 exclusiveUntil;
    uint40 validUntil;
    uint8 afterEnd;
    Rule rule;
    ProgrammeId programme;
    uint32 epoch;
    CustomerId customer;
    bool retagged;
}
