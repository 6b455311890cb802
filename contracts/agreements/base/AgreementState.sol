// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {PartnerWallets} from "../../partners/base/PartnerWallets.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "../../revenue/interfaces/IRevenueLedger.sol";
import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {ConsentGiving} from "../../shared/base/ConsentGiving.sol";
import {AgreementId, ProgrammeId} from "../../shared/types/Ids.sol";
import {Plan} from "../libraries/Plan.sol";
import {Rule} from "../types/Terms.sol";

/// @title Everything that the agreement registry keeps
/// @notice Bundles prove words of it by their slots, which docs/bundle.md lists.
abstract contract AgreementState is PartnerWallets, ConsentGiving {
    struct Programme {
        Rule rule;
        uint32 epoch;
        uint40 openedAt;
        uint40 graceUntil;
    }

    /// @dev What {Standing} has besides root and successor; all zero for an agreement that nothing has become of and that
    /// amends none.
    struct Fate {
        uint40 endsAt;
        uint40 succeededFrom;
        uint40 validUntil;
        uint8 afterEnd;
    }

    /// @notice Where revenue is recorded.
    IRevenueLedger public immutable LEDGER;
    bytes32 internal immutable _HOME;

    mapping(ProgrammeId programme => Programme) internal _programmes;
    /// @dev What a first payment in the agreement's first token finds, with that token noted in it; of an active agreement
    /// never zero.
    mapping(AgreementId agreement => PackedBook) internal _newBooks;
    /// @dev What a first payment in any other of its tokens finds.
    mapping(AgreementId agreement => mapping(address token => PackedBook)) internal _otherBooks;
    mapping(AgreementId agreement => AgreementId) internal _predecessor;
    mapping(AgreementId agreement => AgreementId) internal _successor;
    mapping(AgreementId agreement => Fate) internal _fate;
    mapping(AgreementId agreement => mapping(address account => Consent)) internal _acceptedBy;

    constructor(IPartnerRegistry partners, IRevenueLedger ledger)
        EIP712("Partnership Ledger Agreements", "1")
        PartnerWallets(partners)
    {
        LEDGER = ledger;
        _HOME = Plan.homeOf(address(this));
    }
}
