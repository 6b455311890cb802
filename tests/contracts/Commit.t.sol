// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {Deal, DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
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

    /// @dev What an account never shows counts against it for 30 days: the customers that it can be first for, should another
    /// come, are those of one window and a hundred commitments.
    function test_attack_commitmentHoarded_revertsWithTooManyUnrevealedForThirtyDays() public {
        uint256 most = deals.MAX_UNREVEALED();
        uint256 day = START / 1 days + 1;
        vm.warp(day * 1 days);
        for (uint256 i; i < most; ++i) {
            if (i == most / 2) vm.warp(block.timestamp + 1 days);
            _commitTo(_account, bytes32(i));
        }
        _tooMany("one too many");
        _commitTo(_rival, "another account's own");
        vm.warp((day + 30) * 1 days - 1);
        vm.assertEq(deals.unrevealedOf(_account), most);
        _tooMany("lapsed, and counted still");
        vm.warp((day + 30) * 1 days);
        vm.assertEq(deals.unrevealedOf(_account), most / 2);
        _commitTo(_account, "the first are forgotten");
        vm.warp((day + 60) * 1 days);
        vm.assertEq(deals.unrevealedOf(_account), 0);
    }

    /// @dev However many it reveals, across the end of a day or not.
    function test_commit_isNotLimitedForAnAccountThatReveals() public {
        vm.warp((START / 1 days + 1) * 1 days - 30 minutes);
        for (uint256 i; i < 2 * deals.MAX_UNREVEALED(); ++i) {
            Reveal memory reveal = _revealOf(_account, bytes32(i + 1));
            _commit(reveal);
            if (i % 3 == 0) vm.warp(block.timestamp + 1 minutes);
            _reveal(reveal);
        }
        vm.assertEq(deals.unrevealedOf(_account), 0);
    }

    /// @dev M-3 of the audit: who commits to likely customers and waits for another to show one has an hour, not a day.
    function test_attack_commitmentHoarded_isNoOptionForLongerThanTheWindow() public {
        Reveal memory option = _revealOf(_account, "customer X");
        DealId hoarded = _commit(option);
        vm.warp(START + 1 hours + 1);
        DealId honest = _register(_rival, "customer X");
        _refused(option, abi.encodeWithSelector(IDealIntake.CommitmentLapsed.selector, hoarded, START + 1 hours));
        _waitForReveals();
        _decide(honest, DealState.Approved);
        vm.assertEq(deals.unrevealedOf(_account), 1);
    }

    /// @dev Signed with the commitment, a reveal is carried by whoever sees that land, however short the window.
    function test_reveal_signedAheadIsCarriedByAnyone() public {
        Partner memory partner = _partner("signs ahead");
        _join(partner.account);
        Reveal memory reveal = _revealOf(partner.account, "one");
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.reveal(reveal, signed.nonce, signed.deadline);
        signed.signature = _signature(partner.key, TypedData.digest(address(deals), action));
        DealId deal = _commit(reveal);
        Opening memory opening = _openingOf(partner.account);
        vm.prank(stranger);
        deals.revealWithAuthorization(reveal, opening, signed);
        _is(deal, DealState.Registered);
    }

    function _commitTo(address account, bytes32 commitment) private {
        vm.prank(account);
        deals.commit(account, commitment);
    }

    function _tooMany(bytes32 commitment) private {
        uint256 most = deals.MAX_UNREVEALED();
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.TooManyUnrevealed.selector, _account, most));
        _commitTo(_account, commitment);
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
        assertSame(record.customer, _customer(1, "one"));
        assertSame(deals.firstOf(record.customer), deal);
        vm.assertTrue(deals.isLive(deal));
    }

    function test_reveal_inItsLastSecond() public {
        DealId deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 hours);
        _reveal(_revealOf(_account, "one"));
        _is(deal, DealState.Registered);
    }

    function test_attack_commitmentNeverRevealed_lapses() public {
        DealId deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 hours + 1);
        _refused(
            _revealOf(_account, "one"),
            abi.encodeWithSelector(IDealIntake.CommitmentLapsed.selector, deal, START + 1 hours)
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
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0, 1);
        _commit(reveal);
        _refusedUnder(terms, reveal, abi.encodeWithSelector(IDealIntake.NoProgramme.selector, reveal.agreement));
    }

    /// @dev Terms may name a programme that its owner, a party, has yet to create.
    function test_reveal_revertsWithProgrammeUnknown() public {
        Terms memory terms = _termsWith(_account);
        terms.programme = agreements.programmeId(vendor, 2);
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0, 1);
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
        Reveal memory reveal = Reveal(stranger, _revealOf(_account, "one").agreement, "one", "salt", 0, 1);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account),
            reveal,
            abi.encodeWithSelector(IDealIntake.NotAParty.selector, reveal.agreement, stranger)
        );
    }

    function test_reveal_revertsWithVendorCannotRegister() public {
        Reveal memory reveal = Reveal(vendor, _revealOf(_account, "one").agreement, "one", "salt", 0, 1);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account), reveal, abi.encodeWithSelector(IDealIntake.VendorCannotRegister.selector, vendor)
        );
    }

    function test_reveal_revertsWithOutsideValidity() public {
        Terms memory terms = _termsWith(_account);
        terms.validFrom = START + 100;
        terms.validUntil = START + 200;
        Reveal memory reveal = Reveal(_account, _agree(terms), "one", "salt", 0, 1);
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
