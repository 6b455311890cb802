// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {Deal, DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

contract CommitTest is DealWorld {
    address private _account = address(0xACC);
    address private _rival = address(0xBCC);

    function setUp() public override {
        super.setUp();
        _join(_account);
        _join(_rival);
    }

    // -- commit ------------------------------------------------------------------------------------------------------

    function test_commit_stakesThePlaceInTheOrder() public {
        DealId first = _commit(_revealOf(_account, "one"));
        DealId second = _commit(_revealOf(_rival, "one"));
        _is(first, DealState.Committed);
        vm.assertTrue(deals.dealOf(first).priority < deals.dealOf(second).priority);
        assertSame(first, deals.dealId(_revealOf(_account, "one")));
        vm.assertFalse(deals.isLive(first));
    }

    function test_commit_revertsWithNotTheWallet() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, _rival));
        vm.prank(_rival);
        deals.commit(_account, "commitment");
    }

    function test_commit_revertsWithCommitmentExists() public {
        DealId deal = _commit(_revealOf(_account, "one"));
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.CommitmentExists.selector, deal));
        _commit(_revealOf(_account, "one"));
    }

    function test_attack_commitmentHoarded_revertsWithQuotaExceededUntilTheNextDay() public {
        uint256 quota = deals.COMMITMENTS_PER_DAY();
        vm.warp((START / 1 days + 1) * 1 days);
        for (uint256 i; i < quota; ++i) {
            vm.prank(_account);
            deals.commit(_account, bytes32(i));
        }
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.QuotaExceeded.selector, _account, quota));
        vm.prank(_account);
        deals.commit(_account, "one too many");
        vm.prank(_rival);
        deals.commit(_rival, "another account's quota");
        vm.warp(block.timestamp + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.QuotaExceeded.selector, _account, quota));
        vm.prank(_account);
        deals.commit(_account, "still the same day");
        vm.warp(block.timestamp + 1);
        vm.prank(_account);
        deals.commit(_account, "next day");
    }

    function test_attack_oneBadPartyHarmsOnlyItself_commitmentCopied_blocksNobody() public {
        Reveal memory reveal = _revealOf(_account, "one");
        bytes32 commitment = _commitment(reveal);
        vm.prank(_rival);
        DealId copy = deals.commit(_rival, commitment);
        DealId original = _commit(reveal);
        vm.assertTrue(copy != original);
        assertSame(_reveal(reveal), original);
        // The copier cannot open its copy: the account is part of what was committed to.
        reveal.account = _rival;
        Opening memory opening = _openingOf(_rival);
        vm.expectPartialRevert(IDealIntake.CommitmentUnknown.selector);
        vm.prank(_rival);
        deals.reveal(reveal, opening);
    }

    // -- reveal ------------------------------------------------------------------------------------------------------

    function test_reveal_registersTheDeal() public {
        _commit(_revealOf(_account, "one"));
        vm.warp(START + 100);
        DealId deal = _reveal(_revealOf(_account, "one"));
        Deal memory record = deals.dealOf(deal);
        vm.assertEq(uint256(record.state), uint256(DealState.Registered));
        vm.assertEq(record.account, _account);
        vm.assertEq(record.vendor, vendor);
        assertSame(record.agreement, _join(_account));
        vm.assertEq(uint256(record.since), START);
        vm.assertEq(uint256(record.revealDelay), 100);
        assertSame(record.customer, keccak256(abi.encode(programme, uint32(1), bytes32("one"))));
        assertSame(deals.firstOf(record.customer), deal);
        vm.assertTrue(deals.isLive(deal));
    }

    function test_reveal_inItsLastSecond() public {
        DealId deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 days);
        _reveal(_revealOf(_account, "one"));
        _is(deal, DealState.Registered);
    }

    function test_attack_commitmentNeverRevealed_lapses() public {
        DealId deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 days + 1);
        _refused(
            _revealOf(_account, "one"),
            abi.encodeWithSelector(IDealIntake.CommitmentLapsed.selector, deal, START + 1 days)
        );
    }

    function test_reveal_revertsWithCommitmentUnknown() public {
        Reveal memory reveal = _revealOf(_account, "one");
        DealId deal = deals.dealId(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealIntake.CommitmentUnknown.selector, deal));
    }

    function test_reveal_revertsWithWrongState_whenRevealedBefore() public {
        DealId deal = _register(_account, "one");
        _refused(
            _revealOf(_account, "one"),
            abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, DealState.Registered, DealState.Committed)
        );
    }

    function test_reveal_revertsWithNotTheWallet() public {
        _commit(_revealOf(_account, "one"));
        Opening memory opening = _openingOf(_account);
        Reveal memory reveal = _revealOf(_account, "one");
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, _rival));
        vm.prank(_rival);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithAgreementUnknown() public {
        Reveal memory reveal = _revealOf(_account, "one");
        reveal.agreement = AgreementId.wrap("none");
        _commit(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealIntake.AgreementUnknown.selector, bytes32("none")));
    }

    function test_reveal_revertsWithTermsMismatch() public {
        Reveal memory reveal = _revealOf(_account, "one");
        _commit(reveal);
        Opening memory opening = _openingOf(_account);
        opening.conditions.exclusivitySeconds += 1;
        bytes memory why = abi.encodeWithSelector(IDealIntake.TermsMismatch.selector, reveal.agreement);
        vm.expectRevert(why);
        vm.prank(_account);
        deals.reveal(reveal, opening);
        opening = _openingOf(_rival);
        vm.expectRevert(why);
        vm.prank(_account);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithNoProgramme() public {
        address[] memory parties = _pair(_account, _rival);
        Terms memory terms = _terms(parties, _equalShares(parties));
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(terms, reveal, abi.encodeWithSelector(IDealIntake.NoProgramme.selector, reveal.agreement));
    }

    /// @dev Terms may name a programme that its owner, a party, has yet to create.
    function test_reveal_revertsWithProgrammeUnknown() public {
        Terms memory terms = _termsWith(_account);
        terms.programme = agreements.programmeId(vendor, 2);
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0);
        DealId deal = _commit(reveal);
        _refusedUnder(terms, reveal, abi.encodeWithSelector(IDealIntake.ProgrammeUnknown.selector, terms.programme));
        vm.prank(vendor);
        agreements.createProgramme(vendor, 2, "Resellers", Rule.FirstRegistered);
        Opening memory opening = Plans.opening(terms);
        vm.prank(_account);
        deals.reveal(reveal, opening);
        _is(deal, DealState.Registered);
    }

    function test_reveal_revertsWithNotAParty() public {
        Reveal memory reveal = Reveal(stranger, _revealOf(_account, "one").agreement, "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account),
            reveal,
            abi.encodeWithSelector(IDealIntake.NotAParty.selector, reveal.agreement, stranger)
        );
    }

    function test_reveal_revertsWithVendorCannotRegister() public {
        Reveal memory reveal = Reveal(vendor, _revealOf(_account, "one").agreement, "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account), reveal, abi.encodeWithSelector(IDealIntake.VendorCannotRegister.selector, vendor)
        );
    }

    function test_reveal_revertsWithOutsideValidity() public {
        Terms memory terms = _termsWith(_account);
        terms.validFrom = START + 100;
        terms.validUntil = START + 200;
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0);
        _commit(reveal);
        bytes memory why = abi.encodeWithSelector(IDealIntake.OutsideValidity.selector, reveal.agreement);
        vm.warp(START + 99);
        _refusedUnder(terms, reveal, why);
        vm.warp(START + 201);
        _refusedUnder(terms, reveal, why);
        vm.warp(START + 200);
        Opening memory opening = Plans.opening(terms);
        vm.prank(_account);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithAlreadyRegistered_forTheSameCustomerTwice() public {
        DealId earlier = _register(_account, "one");
        Reveal memory reveal = _revealOf(_account, "one");
        reveal.salt = "other";
        DealId deal = _commit(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealQueue.AlreadyRegistered.selector, deal, earlier));
        _withdraw(_account, earlier);
        _reveal(reveal);
        _is(deal, DealState.Registered);
    }

    function _refused(Reveal memory reveal, bytes memory why) private {
        _refusedUnder(_termsWith(reveal.account), reveal, why);
    }

    function _refusedUnder(Terms memory terms, Reveal memory reveal, bytes memory why) private {
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(why);
        vm.prank(reveal.account);
        deals.reveal(reveal, opening);
    }
}
