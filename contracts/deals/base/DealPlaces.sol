// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Standing} from "../../agreements/types/Standing.sol";
import {AfterEnd} from "../../agreements/types/Terms.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IDealDecisions} from "../interfaces/IDealDecisions.sol";
import {Record} from "../types/Record.sol";
import {DealQueue} from "./DealQueue.sol";

/// @title Under which version of its agreement a deal stands, and whether that is in force
/// @notice Deals follow their agreement's amendments until they are won.
abstract contract DealPlaces is DealQueue {
    /// @dev Under which version of its agreement a deal now stands, and until when that is in force.
    struct Place {
        AgreementId agreement;
        uint40 validUntil;
        uint40 endsAt;
        AfterEnd afterEnd;
    }

    /// @dev An amended agreement's deals go on under the newest successor in effect.
    function _placeOf(Record storage record) internal view returns (Place memory place) {
        (place.agreement, place.validUntil) = (record.agreement, record.facts.validUntil());
        place.afterEnd = record.facts.afterEndOf();
        Standing memory standing = AGREEMENTS.standingOf(place.agreement);
        while (standing.succeededFrom != 0 && block.timestamp >= standing.succeededFrom) {
            place.agreement = standing.successor;
            // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
            standing = AGREEMENTS.standingOf(place.agreement);
            (place.validUntil, place.afterEnd) = (standing.validUntil, AfterEnd(standing.afterEnd));
        }
        // slither-disable-next-line incorrect-equality: zero says that no end was set
        place.endsAt = standing.endsAt == 0 ? place.validUntil : standing.endsAt;
    }

    /// @notice Reverts once the agreement has ended, unless its terms leave enough to open deals.
    /// @param least what the terms must leave to open deals once the agreement has ended
    function _requireInForce(Place memory place, AfterEnd least) internal view {
        if (block.timestamp > place.endsAt && place.afterEnd < least) {
            revert IDealDecisions.AgreementOver(place.agreement, place.endsAt);
        }
    }
}
