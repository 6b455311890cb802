// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IDealRegistry} from "../../contracts/deals/interfaces/IDealRegistry.sol";
import {Opening, Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

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
        bytes32 first = _commit(_revealOf(_account, "one"));
        bytes32 second = _commit(_revealOf(_rival, "one"));
        _is(first, IDealRegistry.State.Committed);
        vm.assertTrue(deals.dealOf(first).priority < deals.dealOf(second).priority);
        vm.assertEq(first, deals.dealId(_revealOf(_account, "one")));
        vm.assertFalse(deals.isLive(first));
    }

    function test_commit_revertsWithNotTheWallet() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, _rival));
        vm.prank(_rival);
        deals.commit(_account, "commitment");
    }

    function test_commit_revertsWithCommitmentExists() public {
        bytes32 deal = _commit(_revealOf(_account, "one"));
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.CommitmentExists.selector, deal));
        _commit(_revealOf(_account, "one"));
    }

    function test_attack_commitmentHoarded_revertsWithQuotaExceededUntilTheNextDay() public {
        uint256 quota = deals.COMMITMENTS_PER_DAY();
        vm.warp((START / 1 days + 1) * 1 days);
        for (uint256 i; i < quota; ++i) {
            vm.prank(_account);
            deals.commit(_account, bytes32(i));
        }
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.QuotaExceeded.selector, _account, quota));
        vm.prank(_account);
        deals.commit(_account, "one too many");
        vm.prank(_rival);
        deals.commit(_rival, "another account's quota");
        vm.warp(block.timestamp + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.QuotaExceeded.selector, _account, quota));
        vm.prank(_account);
        deals.commit(_account, "still the same day");
        vm.warp(block.timestamp + 1);
        vm.prank(_account);
        deals.commit(_account, "next day");
    }

    function test_attack_oneBadPartyHarmsOnlyItself_commitmentCopied_blocksNobody() public {
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        bytes32 commitment = _commitment(reveal);
        vm.prank(_rival);
        bytes32 copy = deals.commit(_rival, commitment);
        bytes32 original = _commit(reveal);
        vm.assertTrue(copy != original);
        vm.assertEq(_reveal(reveal), original);
        // The copier cannot open its copy: the account is part of what was committed to.
        reveal.account = _rival;
        Opening memory opening = _openingOf(_rival);
        vm.expectPartialRevert(IDealRegistry.CommitmentUnknown.selector);
        vm.prank(_rival);
        deals.reveal(reveal, opening);
    }

    // -- reveal ------------------------------------------------------------------------------------------------------

    function test_reveal_registersTheDeal() public {
        _commit(_revealOf(_account, "one"));
        vm.warp(START + 100);
        bytes32 deal = _reveal(_revealOf(_account, "one"));
        IDealRegistry.Deal memory record = deals.dealOf(deal);
        vm.assertEq(uint256(record.state), uint256(IDealRegistry.State.Registered));
        vm.assertEq(record.account, _account);
        vm.assertEq(record.vendor, vendor);
        vm.assertEq(record.agreement, _join(_account));
        vm.assertEq(uint256(record.since), START);
        vm.assertEq(uint256(record.revealDelay), 100);
        vm.assertEq(record.customer, keccak256(abi.encode(programme, uint32(1), bytes32("one"))));
        vm.assertEq(deals.firstOf(record.customer), deal);
        vm.assertTrue(deals.isLive(deal));
    }

    function test_reveal_inItsLastSecond() public {
        bytes32 deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 days);
        _reveal(_revealOf(_account, "one"));
        _is(deal, IDealRegistry.State.Registered);
    }

    function test_attack_commitmentNeverRevealed_lapses() public {
        bytes32 deal = _commit(_revealOf(_account, "one"));
        vm.warp(START + 1 days + 1);
        _refused(
            _revealOf(_account, "one"),
            abi.encodeWithSelector(IDealRegistry.CommitmentLapsed.selector, deal, START + 1 days)
        );
    }

    function test_reveal_revertsWithCommitmentUnknown() public {
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        bytes32 deal = deals.dealId(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealRegistry.CommitmentUnknown.selector, deal));
    }

    function test_reveal_revertsWithWrongState_whenRevealedBefore() public {
        bytes32 deal = _register(_account, "one");
        _refused(
            _revealOf(_account, "one"),
            abi.encodeWithSelector(
                IDealRegistry.WrongState.selector, deal, IDealRegistry.State.Registered, IDealRegistry.State.Committed
            )
        );
    }

    function test_reveal_revertsWithNotTheWallet() public {
        _commit(_revealOf(_account, "one"));
        Opening memory opening = _openingOf(_account);
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, _rival));
        vm.prank(_rival);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithAgreementUnknown() public {
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        reveal.agreement = "none";
        _commit(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealRegistry.AgreementUnknown.selector, bytes32("none")));
    }

    function test_reveal_revertsWithTermsMismatch() public {
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        _commit(reveal);
        Opening memory opening = _openingOf(_account);
        opening.conditions.exclusivitySeconds += 1;
        bytes memory why = abi.encodeWithSelector(IDealRegistry.TermsMismatch.selector, reveal.agreement);
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
        IDealRegistry.Reveal memory reveal = IDealRegistry.Reveal(_account, _agree(terms), "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(terms, reveal, abi.encodeWithSelector(IDealRegistry.NoProgramme.selector, reveal.agreement));
    }

    /// @dev Terms may name a programme that its owner, a party, has yet to create.
    function test_reveal_revertsWithProgrammeUnknown() public {
        Terms memory terms = _termsWith(_account);
        terms.programme = agreements.programmeId(vendor, 2);
        IDealRegistry.Reveal memory reveal = IDealRegistry.Reveal(_account, _agree(terms), "one", "salt", 0);
        bytes32 deal = _commit(reveal);
        _refusedUnder(terms, reveal, abi.encodeWithSelector(IDealRegistry.ProgrammeUnknown.selector, terms.programme));
        vm.prank(vendor);
        agreements.createProgramme(vendor, 2, "Resellers", Rule.FirstRegistered);
        Opening memory opening = Plans.opening(terms);
        vm.prank(_account);
        deals.reveal(reveal, opening);
        _is(deal, IDealRegistry.State.Registered);
    }

    function test_reveal_revertsWithNotAParty() public {
        IDealRegistry.Reveal memory reveal =
            IDealRegistry.Reveal(stranger, _revealOf(_account, "one").agreement, "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account),
            reveal,
            abi.encodeWithSelector(IDealRegistry.NotAParty.selector, reveal.agreement, stranger)
        );
    }

    function test_reveal_revertsWithVendorCannotRegister() public {
        IDealRegistry.Reveal memory reveal =
            IDealRegistry.Reveal(vendor, _revealOf(_account, "one").agreement, "one", "salt", 0);
        _commit(reveal);
        _refusedUnder(
            _termsWith(_account), reveal, abi.encodeWithSelector(IDealRegistry.VendorCannotRegister.selector, vendor)
        );
    }

    function test_reveal_revertsWithOutsideValidity() public {
        Terms memory terms = _termsWith(_account);
        terms.validFrom = START + 100;
        terms.validUntil = START + 200;
        IDealRegistry.Reveal memory reveal = IDealRegistry.Reveal(_account, _agree(terms), "one", "salt", 0);
        _commit(reveal);
        bytes memory why = abi.encodeWithSelector(IDealRegistry.OutsideValidity.selector, reveal.agreement);
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
        bytes32 earlier = _register(_account, "one");
        IDealRegistry.Reveal memory reveal = _revealOf(_account, "one");
        reveal.salt = "other";
        bytes32 deal = _commit(reveal);
        _refused(reveal, abi.encodeWithSelector(IDealRegistry.AlreadyRegistered.selector, deal, earlier));
        _withdraw(_account, earlier);
        _reveal(reveal);
        _is(deal, IDealRegistry.State.Registered);
    }

    function _refused(IDealRegistry.Reveal memory reveal, bytes memory why) private {
        _refusedUnder(_termsWith(reveal.account), reveal, why);
    }

    function _refusedUnder(Terms memory terms, IDealRegistry.Reveal memory reveal, bytes memory why) private {
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(why);
        vm.prank(reveal.account);
        deals.reveal(reveal, opening);
    }
}
