// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice An agreement: the root over all that its terms say, bound to the chain and the registry, see {Plan}.
type AgreementId is bytes32;

/// @notice A programme: its owner in the high 160 bits, the owner's number for it below.
type ProgrammeId is bytes32;

/// @notice A deal: the hash of its account and commitment, see {IDealIntake.dealId}.
type DealId is bytes32;

/// @notice A customer in a programme's key epoch: the first 12 bytes of `keccak256(abi.encode(programme, epoch, tag))`.
/// Whoever found another tag with the same 12 would gain nothing: anyone can name any tag.
type CustomerId is bytes12;

AgreementId constant NO_AGREEMENT = AgreementId.wrap(0);
ProgrammeId constant NO_PROGRAMME = ProgrammeId.wrap(0);
DealId constant NO_DEAL = DealId.wrap(0);

using {isSameAgreement as ==, isOtherAgreement as !=} for AgreementId global;
using {isSameProgramme as ==, owner} for ProgrammeId global;
using {isSameDeal as ==, isOtherDeal as !=} for DealId global;

function isSameAgreement(AgreementId one, AgreementId other) pure returns (bool) {
    return AgreementId.unwrap(one) == AgreementId.unwrap(other);
}

function isOtherAgreement(AgreementId one, AgreementId other) pure returns (bool) {
    return AgreementId.unwrap(one) != AgreementId.unwrap(other);
}

function isSameProgramme(ProgrammeId one, ProgrammeId other) pure returns (bool) {
    return ProgrammeId.unwrap(one) == ProgrammeId.unwrap(other);
}

function isSameDeal(DealId one, DealId other) pure returns (bool) {
    return DealId.unwrap(one) == DealId.unwrap(other);
}

function isOtherDeal(DealId one, DealId other) pure returns (bool) {
    return DealId.unwrap(one) != DealId.unwrap(other);
}

/// @notice The id of an owner's programme.
function programmeIdOf(address owner_, uint96 number_) pure returns (ProgrammeId) {
    return ProgrammeId.wrap(bytes32((uint256(uint160(owner_)) << 96) | number_));
}

/// @notice Who owns the programme: the vendor of its deals.
function owner(ProgrammeId programme) pure returns (address) {
    return address(uint160(uint256(ProgrammeId.unwrap(programme)) >> 96));
}
