// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";

/// @notice Why an agreement ends before it expires.
enum Cause {
    None,
    Consent,
    Notice,
    Ruling
}

/// @notice What became of an agreement.
/// @param active whether it was put in force
/// @param endsAt last second of an agreement that was ended or amended; 0 when only its terms say
/// @param successor the agreement that amends it; 0 when there is none
/// @param succeededFrom first second at which the successor stands in its place; 0 when there is none
/// @param validUntil of an amendment: what its terms say; 0 of other agreements, whose conditions are opened instead
/// @param afterEnd of an amendment: what its terms say, see {AfterEnd}
struct Standing {
    bool active;
    AgreementId successor;
    uint40 endsAt;
    uint40 succeededFrom;
    uint40 validUntil;
    uint8 afterEnd;
}
