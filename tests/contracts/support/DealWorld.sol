// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Rule, Terms} from "../../../contracts/agreements/types/Terms.sol";
import {DealState, Decision, Retag, Reveal} from "../../../contracts/deals/types/Deals.sol";
import {AgreementId, CustomerId, DealId, NO_AGREEMENT, ProgrammeId} from "../../../contracts/shared/types/Ids.sol";
import {Plans} from "./Plans.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world with a vendor's programme, which partners join by an agreement of two
abstract contract DealWorld is World {
    address internal vendor = address(0x7E4D04);
    ProgrammeId internal programme;
    mapping(ProgrammeId programme => mapping(address account => AgreementId)) internal _agreements;
    mapping(ProgrammeId programme => uint32) internal _epochs;

    function setUp() public virtual override {
        super.setUp();
        _openProgramme();
    }

    function _openProgramme() internal {
        _openProgrammeOf(vendor);
    }

    function _openProgrammeOf(address owner) internal {
        _openProgrammeOf(owner, 1, Rule.FirstRegistered);
    }

    function _openProgrammeOf(address owner, uint96 number, Rule rule) internal {
        vendor = owner;
        vm.prank(owner);
        programme = agreements.createProgramme(owner, number, "Resellers", rule);
        _epochs[programme] = 1;
    }

    /// @dev Replaces the programme's key.
    function _openEpochWith(uint32 graceSeconds) internal {
        vm.prank(vendor);
        agreements.openEpoch(vendor, programme, graceSeconds);
        ++_epochs[programme];
    }

    function _retagWon(DealId deal, bytes32 tag) internal {
        Retag[] memory retags = new Retag[](1);
        retags[0] = Retag(deal, tag);
        vm.prank(vendor);
        deals.retagWon(vendor, retags);
    }

    function _termsWith(address account) internal view virtual returns (Terms memory terms) {
        address[] memory parties = _pair(vendor, account);
        terms = _terms(parties, _equalShares(parties));
        terms.programme = programme;
        terms.exclusivitySeconds = 30 days;
        terms.validUntil = START + 365 days;
    }

    /// @dev Puts the account's agreement with the vendor in force, once.
    function _join(address account) internal returns (AgreementId agreement) {
        agreement = _agreements[programme][account];
        if (agreement == NO_AGREEMENT) agreement = _agreements[programme][account] = _agree(_termsWith(account));
    }

    function _revealOf(address account, bytes32 tag) internal view returns (Reveal memory) {
        return Reveal(account, _agreements[programme][account], tag, "salt", 0, _epochs[programme]);
    }

    function _customer(uint32 epoch, bytes32 tag) internal view returns (CustomerId) {
        return CustomerId.wrap(bytes12(keccak256(abi.encode(programme, epoch, tag))));
    }

    function _openingOf(address account) internal view returns (Opening memory) {
        return Plans.opening(_termsWith(account));
    }

    function _commitment(Reveal memory reveal) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, deals, reveal.account, reveal.agreement, reveal.tag, reveal.salt));
    }

    function _commit(Reveal memory reveal) internal returns (DealId) {
        vm.prank(_actingFor(reveal.account));
        return deals.commit(reveal.account, _commitment(reveal));
    }

    function _reveal(Reveal memory reveal) internal returns (DealId) {
        Opening memory opening = _openingOf(reveal.account);
        vm.prank(_actingFor(reveal.account));
        return deals.reveal(reveal, opening);
    }

    /// @dev Joins, commits and reveals at once.
    function _register(address account, bytes32 tag) internal returns (DealId) {
        _join(account);
        _commit(_revealOf(account, tag));
        return _reveal(_revealOf(account, tag));
    }

    function _decisionOf(DealId deal, DealState outcome) internal view returns (Decision memory decision) {
        (decision.deal, decision.outcome) = (deal, outcome);
        if (outcome == DealState.Won) (decision.value, decision.token) = (50_000e6, address(dollar));
        if (outcome == DealState.Returned || outcome == DealState.Rejected) {
            decision.reason = "customer-known";
        }
    }

    function _decide(DealId deal, DealState outcome) internal {
        Decision memory decision = _decisionOf(deal, outcome);
        vm.prank(vendor);
        deals.decide(vendor, decision);
    }

    function _withdraw(address account, DealId deal) internal {
        vm.prank(_actingFor(account));
        deals.withdraw(account, deal);
    }

    /// @dev To the first second at which what was committed until now may be approved.
    function _waitForReveals() internal {
        vm.warp(block.timestamp + deals.REVEAL_SECONDS() + 1);
    }

    /// @dev Registers a deal and has it approved and declared won.
    function _win(address account, bytes32 tag) internal returns (DealId deal) {
        deal = _register(account, tag);
        _waitForReveals();
        _decide(deal, DealState.Approved);
        _decide(deal, DealState.Won);
    }

    function _is(DealId deal, DealState state) internal view {
        vm.assertEq(uint256(deals.dealOf(deal).state), uint256(state));
    }
}
