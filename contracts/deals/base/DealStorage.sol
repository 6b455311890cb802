// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {Plan} from "../../agreements/libraries/Plan.sol";
import {PartnerWallets} from "../../partners/base/PartnerWallets.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {ConsentGiving} from "../../shared/base/ConsentGiving.sol";
import {INamesOthers} from "../../shared/interfaces/INamesOthers.sol";
import {AgreementId, CustomerId, DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {Record} from "../types/Record.sol";
import {Unrevealed} from "../types/Unrevealed.sol";

/// @title Everything that the deal registry keeps
/// @notice The records of deals, their queues, unrevealed commitments, won deals and reviews.
abstract contract DealStorage is PartnerWallets, ConsentGiving {
    /// @dev How many won deals of a programme have a tag of `epoch`, its newest when they were last counted, and how many
    /// have one of an earlier key.
    struct Won {
        uint32 epoch;
        uint64 tagged;
        uint64 behind;
    }

    struct Review {
        uint8 rating;
        bool revoked;
        bytes32 comment;
    }

    /// @dev What {IDealIntake.REVEAL_SECONDS} says.
    uint256 internal constant MOST_REVEAL_SECONDS = 1 hours;

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;
    bytes32 internal immutable _HOME;

    mapping(DealId deal => Record) internal _deals;
    /// @dev Of agreements that deals are registered under.
    mapping(AgreementId agreement => ProgrammeId) internal _programmeUnder;
    /// @dev Where a customer's queue of registrations begins.
    mapping(CustomerId customer => DealId deal) internal _first;
    mapping(DealId deal => DealId next) internal _next;
    mapping(DealId deal => bytes32) internal _territory;
    /// @dev The successor of its agreement that a deal was won under.
    mapping(DealId deal => AgreementId) internal _movedTo;
    mapping(ProgrammeId programme => Won) internal _won;
    mapping(address account => Unrevealed) internal _unrevealed;
    mapping(DealId deal => mapping(address reviewer => Review)) internal _reviews;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements)
        EIP712("Partnership Ledger Deals", "1")
        PartnerWallets(partners)
    {
        if (INamesOthers(address(agreements)).PARTNERS() != address(partners)) {
            revert NotOfThisLedger(address(agreements));
        }
        AGREEMENTS = agreements;
        _HOME = Plan.homeOf(address(agreements));
    }
}
