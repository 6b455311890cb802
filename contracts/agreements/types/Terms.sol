// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, ProgrammeId} from "../../shared/types/Ids.sol";

/// @dev One whole share: every weight is a fraction of it, and in each tranche the payees' weights sum to exactly this.
uint256 constant WHOLE = 1e18;

/// @dev ERC-7528's address for the chain's own coin.
address constant NATIVE_COIN = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;

/// @notice Who is paid, and how much of each tranche.
/// @param account the payee's permanent id (its first address); payees need not register
/// @param weights one weight of 1e18 per tranche
struct Payee {
    address account;
    uint64[] weights;
}

/// @notice A band of cumulative revenue.
/// @param upTo cumulative boundary in token base units; the last tranche is unbounded (`type(uint256).max`)
/// @param periodSeconds after how many seconds, counted from `validFrom`, the band starts anew: whole days, and the same in
/// every tranche of an agreement; 0 never
struct Tranche {
    uint256 upTo;
    uint32 periodSeconds;
}

/// @notice Everything the parties sign. The agreement's id binds all of it, see {Plan}.
/// @param parties the accounts whose signatures activate the agreement, strictly ascending
/// @param payees who is paid, strictly ascending by account, at most 1,000
/// @param tranches cumulative bands of revenue, strictly ascending, the last one unbounded
/// @param listRoot root of a long payee list kept off chain
/// @param listHash hash of that list's file
/// @param listCount number of payees in that list
/// @param tokens tokens in which revenue may be paid, strictly ascending
/// @param programme the programme whose deals may be registered under this agreement; 0 for none
/// @param territories territories in which this agreement's partner may register deals
/// @param decisionSeconds how long the vendor has to decide on a registered deal
/// @param exclusivitySeconds how long an approved deal keeps others off the same customer
/// @param holdSeconds how long at least a payment can be refunded before it is released, in whole days; what is held is
/// released as a day (of UTC) begins
/// @param paymentSeconds how soon after a win its revenue is to be recorded
/// @param clawback whether and how a refund after the hold is served: 0 not at all, else the sum of {CLAWBACK_ALLOWED} and
/// {CLAWBACK_INHERITED}, or one of them
/// @param arbiter account that rules on disputes; 0 for nobody
/// @param validFrom first second at which the agreement is in force
/// @param validUntil last second at which it is in force (`type(uint40).max`: open-ended)
/// @param noticeSeconds notice that a party gives to end it alone; 0: no party can
/// @param afterEnd what open deals may still do once it has ended, see {AfterEnd}
/// @param predecessor the agreement this one amends
/// @param documentHash hash of the contract document, which may be encrypted
/// @param uri where that document is
/// @param salt makes otherwise equal terms different agreements
struct Terms {
    address[] parties;
    Payee[] payees;
    Tranche[] tranches;
    bytes32 listRoot;
    bytes32 listHash;
    uint32 listCount;
    address[] tokens;
    ProgrammeId programme;
    bytes32[] territories;
    uint32 decisionSeconds;
    uint32 exclusivitySeconds;
    uint32 holdSeconds;
    uint32 paymentSeconds;
    uint8 clawback;
    address arbiter;
    uint40 validFrom;
    uint40 validUntil;
    uint32 noticeSeconds;
    uint8 afterEnd;
    AgreementId predecessor;
    bytes32 documentHash;
    string uri;
    bytes32 salt;
}

/// @notice What a deal, an ending and a ruling go by: the part of the terms that is opened again and again. Its hash is
/// bound in the agreement's id, see {Plan}.
/// @param termsHash EIP-712 `hashStruct` of the whole terms
struct Conditions {
    address[] parties;
    address[] tokens;
    ProgrammeId programme;
    bytes32[] territories;
    uint32 decisionSeconds;
    uint32 exclusivitySeconds;
    address arbiter;
    uint40 validFrom;
    uint40 validUntil;
    uint32 noticeSeconds;
    uint8 afterEnd;
    AgreementId predecessor;
    bytes32 termsHash;
}

/// @notice An agreement's conditions, and what proves them against its id.
struct Opening {
    Conditions conditions;
    bytes32 planRoot;
}

/// @dev `clawback`: a refund after the hold may be owed out of the agreement's later revenue.
uint8 constant CLAWBACK_ALLOWED = 1;
/// @dev `clawback`: the agreement's revenue also serves what its predecessor still owes.
uint8 constant CLAWBACK_INHERITED = 2;

/// @notice `afterEnd`: what open deals may still do once the agreement has ended. An amendment is no end: its deals go
/// on under the successor. `Nothing`: open deals can neither be approved nor won. `WinApproved`: approved deals can be won
/// as long as they are exclusive. `Finish`: registered deals can still be approved, and approved ones won.
enum AfterEnd {
    Nothing,
    WinApproved,
    Finish
}

/// @notice How conflicts of a programme's deals are settled. `None` is no programme.
enum Rule {
    None,
    FirstRegistered,
    Territory,
    Open
}
