// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {PartnerWallets} from "../../partners/base/PartnerWallets.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {ConsentGiving} from "../../shared/base/ConsentGiving.sol";
import {AgreementId, CustomerId, DealId} from "../../shared/types/Ids.sol";
import {DealState} from "../types/Deals.sol";

/// @title Everything that the deal registry keeps
/// @notice The records of deals, their queues, quotas and reviews.
abstract contract DealStorage is PartnerWallets, ConsentGiving {
    /// @dev A {Deal} as it is stored: in five words, with the number of its programme, whose owner is the vendor.
    struct Record {
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
        uint96 number;
        uint40 validUntil;
        uint40 exclusiveUntil;
        uint40 contestableUntil;
        uint32 epoch;
        uint8 ruleAndAfterEnd;
    }

    struct Quota {
        uint40 day;
        uint32 used;
    }

    struct Review {
        uint8 rating;
        bool revoked;
        bytes32 comment;
    }

    /// @dev What {IDealIntake.REVEAL_SECONDS} says.
    uint256 internal constant MOST_REVEAL_SECONDS = 1 days;

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;

    mapping(DealId deal => Record) internal _deals;
    /// @dev Where a customer's queue of registrations begins.
    mapping(CustomerId customer => DealId deal) internal _first;
    mapping(DealId deal => DealId next) internal _next;
    mapping(DealId deal => bytes32) internal _territory;
    mapping(address account => Quota) internal _quota;
    mapping(DealId deal => mapping(address reviewer => Review)) internal _reviews;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements)
        EIP712("Partnership Ledger Deals", "1")
        PartnerWallets(partners)
    {
        AGREEMENTS = agreements;
    }
}
