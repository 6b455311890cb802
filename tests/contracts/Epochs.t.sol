// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProgrammes} from "../../contracts/agreements/interfaces/IProgrammes.sol";
import {Opening} from "../../contracts/agreements/types/Terms.sol";
import {IDealEpochs} from "../../contracts/deals/interfaces/IDealEpochs.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {Deal, DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {CustomerId, DealId, NO_DEAL, ProgrammeId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev A programme's key is replaced: what that does to its deals.
contract EpochsTest is DealWorld {
    uint32 private constant GRACE = 30 days;
    bytes32 private constant OLD = "customer, old key";
    bytes32 private constant NEW = "customer, new key";
    address private _one = address(0x1111);
    address private _two = address(0x2222);

    function setUp() public override {
        super.setUp();
        _join(_one);
        _join(_two);
    }

    function _openEpoch() private {
        _openEpochWith(GRACE);
    }

    function _retag(address account, DealId deal, bytes32 tag) private {
        vm.prank(account);
        deals.retag(account, deal, tag);
    }

    // -- openEpoch -----------------------------------------------------------------------------------------------------

    function test_openEpoch_replacesTheKey() public {
        vm.warp(START + 5);
        _openEpoch();
        (, uint32 epoch, uint40 openedAt, uint40 graceUntil) = agreements.programmeOf(programme);
        vm.assertEq(uint256(epoch), 2);
        vm.assertEq(uint256(openedAt), START + 5);
        vm.assertEq(uint256(graceUntil), START + 5 + GRACE);
        DealId deal = _register(_one, NEW);
        vm.assertEq(uint256(deals.dealOf(deal).epoch), 2);
        assertSame(deals.firstOf(_customer(2, NEW)), deal);
    }

    function test_openEpoch_revertsWithGraceInvalid() public {
        uint32[3] memory graces = [uint32(0), 1 days - 1, 60 days + 1];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProgrammes.GraceInvalid.selector, graces[i]));
            vm.prank(vendor);
            agreements.openEpoch(vendor, programme, graces[i]);
        }
    }

    function test_openEpoch_revertsWithGraceInvalid_whileAnEarlierGraceLasts() public {
        _openEpoch();
        vm.warp(START + GRACE);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.GraceInvalid.selector, GRACE));
        _openEpoch();
        vm.warp(START + GRACE + 1);
        _openEpoch();
    }

    function test_openEpoch_revertsForAnyoneElse() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, vendor, _one));
        vm.prank(_one);
        agreements.openEpoch(vendor, programme, GRACE);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.NotTheProgrammeOwner.selector, programme, _one));
        vm.prank(_one);
        agreements.openEpoch(_one, programme, GRACE);
        ProgrammeId unknown = agreements.programmeId(_one, 9);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ProgrammeUnknown.selector, unknown));
        vm.prank(_one);
        agreements.openEpoch(_one, unknown, GRACE);
    }

    // -- commitments across the change -----------------------------------------------------------------------------------

    /// @dev The commitment binds a tag of the old key, so that is the epoch it is registered in; it can be tagged again.
    function test_reveal_aCommitmentOfTheEpochBeforeIsRegisteredInIt() public {
        Reveal memory reveal = _revealOf(_one, OLD);
        DealId deal = _commit(reveal);
        vm.warp(START + 100);
        _openEpoch();
        _reveal(reveal);
        vm.assertEq(uint256(deals.dealOf(deal).epoch), 1);
        _retag(_one, deal, NEW);
        assertSame(deals.firstOf(_customer(2, NEW)), deal);
    }

    /// @dev L-5 of the audit: in the second in which an epoch opens nobody can tell which key a commitment's tag is of, but
    /// its partner.
    function test_reveal_aCommitmentInTheSecondOfANewEpochNamesWhoseKeyMadeItsTag() public {
        (Reveal memory before, Reveal memory other) = (_revealOf(_one, OLD), _revealOf(_two, NEW));
        DealId old = _commit(before);
        _openEpoch();
        other.epoch = 2;
        DealId young = _commit(other);
        _reveal(other);
        _reveal(before);
        vm.assertEq(uint256(deals.dealOf(old).epoch), 1);
        vm.assertEq(uint256(deals.dealOf(young).epoch), 2);
        _retag(_one, old, NEW);
        assertSame(deals.firstOf(_customer(2, NEW)), old);
        assertSame(deals.nextOf(old), young);
    }

    function test_reveal_revertsWithEpochInvalid() public {
        vm.warp(START + 1);
        _openEpoch();
        vm.warp(START + 2);
        for (uint32 named; named < 4; ++named) {
            if (named == 2) continue;
            Reveal memory reveal = _revealOf(_one, OLD);
            (reveal.epoch, reveal.salt) = (named, bytes32(uint256(named)));
            _commit(reveal);
            Opening memory opening = _openingOf(_one);
            vm.expectRevert(abi.encodeWithSelector(IDealIntake.EpochInvalid.selector, programme, named, uint32(2)));
            vm.prank(_one);
            deals.reveal(reveal, opening);
        }
    }

    /// @dev Neither the epoch before the last, nor one that is yet to come, whenever it was committed to.
    function test_reveal_revertsWithEpochInvalid_forAFutureEpoch() public {
        Reveal memory reveal = _revealOf(_one, OLD);
        reveal.epoch = 2;
        _commit(reveal);
        Opening memory opening = _openingOf(_one);
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.EpochInvalid.selector, programme, uint32(2), uint32(1)));
        vm.prank(_one);
        deals.reveal(reveal, opening);
    }

    // -- retag ---------------------------------------------------------------------------------------------------------

    function test_retag_keepsPriorityAndLeavesTheOldQueue() public {
        DealId first = _register(_one, OLD);
        DealId second = _register(_two, OLD);
        _openEpoch();
        _retag(_two, second, NEW);
        assertSame(deals.firstOf(_customer(1, OLD)), first);
        assertSame(deals.nextOf(first), bytes32(0));
        _retag(_one, first, NEW);
        assertSame(deals.firstOf(_customer(1, OLD)), bytes32(0));
        assertSame(deals.firstOf(_customer(2, NEW)), first);
        assertSame(deals.nextOf(first), second);
        vm.assertTrue(deals.dealOf(first).retagged && deals.dealOf(second).retagged);
    }

    function test_retag_noDealOfTheNewEpochIsApprovedBeforeTheGraceEnds() public {
        DealId old = _register(_one, OLD);
        _openEpoch();
        DealId late = _register(_two, NEW);
        vm.warp(START + GRACE);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, late, START + GRACE + 1));
        _decide(late, DealState.Approved);
        _retag(_one, old, NEW);
        vm.warp(START + GRACE + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, late, old));
        _decide(late, DealState.Approved);
        _decide(old, DealState.Approved);
    }

    function test_retag_anApprovedDealStaysExclusive() public {
        DealId old = _register(_one, OLD);
        _waitForReveals();
        _decide(old, DealState.Approved);
        _openEpoch();
        DealId late = _register(_two, NEW);
        _retag(_one, old, NEW);
        vm.assertTrue(deals.isLive(old));
        vm.warp(block.timestamp + 25 days);
        _decide(old, DealState.Won);
        vm.warp(block.timestamp + 25 days);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, late, old));
        _decide(late, DealState.Approved);
    }

    /// @dev A partner that tags its approved deal as another's customer gains nothing: the vendor can reject it.
    function test_oneBadPartyHarmsOnlyItself_aWrongNewTagCanBeRejectedWhileTheGraceLasts() public {
        DealId old = _register(_one, OLD);
        _waitForReveals();
        _decide(old, DealState.Approved);
        _openEpoch();
        uint256 graceUntil = block.timestamp + GRACE;
        _retag(_one, old, "another's customer");
        vm.warp(graceUntil);
        _decide(old, DealState.Rejected);
        vm.assertFalse(deals.isLive(old));
    }

    function test_decide_revertsWithWrongState_forRejectingAnApprovedDealOtherwise() public {
        DealId old = _register(_one, OLD);
        _waitForReveals();
        _decide(old, DealState.Approved);
        _openEpoch();
        bytes memory why =
            abi.encodeWithSelector(IDealQueue.WrongState.selector, old, DealState.Approved, DealState.Rejected);
        vm.expectRevert(why);
        _decide(old, DealState.Rejected);
        _retag(_one, old, NEW);
        vm.warp(block.timestamp + GRACE + 1);
        vm.expectRevert(why);
        _decide(old, DealState.Rejected);
    }

    function test_retag_revertsWithRetagInvalid() public {
        DealId deal = _register(_one, OLD);
        bytes memory why = abi.encodeWithSelector(IDealEpochs.RetagInvalid.selector, deal);
        vm.expectRevert(why);
        _retag(_one, deal, NEW);
        _openEpoch();
        vm.warp(START + GRACE + 1);
        vm.expectRevert(why);
        _retag(_one, deal, NEW);
        _openEpoch(); // nor does a later epoch take it in: by now its customer may be another's
        vm.expectRevert(why);
        _retag(_one, deal, NEW);
        DealId other = _register(_two, OLD);
        vm.warp(block.timestamp + GRACE + 1);
        _openEpoch();
        _retag(_two, other, NEW);
        why = abi.encodeWithSelector(IDealEpochs.RetagInvalid.selector, other);
        vm.expectRevert(why);
        _retag(_two, other, OLD);
    }

    function test_retag_revertsWithWrongState() public {
        DealId won = _win(_two, "won");
        DealId deal = _register(_one, OLD);
        _withdraw(_one, deal);
        _openEpoch();
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, DealState.Withdrawn, DealState.Registered)
        );
        _retag(_one, deal, NEW);
        // A won one holds its customer for good: its partner cannot give it another's, with whoever's help.
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, won, DealState.Won, DealState.Registered)
        );
        _retag(_two, won, NEW);
    }

    function test_retag_revertsForAnyoneElse() public {
        DealId deal = _register(_one, OLD);
        _openEpoch();
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheRegistrant.selector, deal, _two));
        _retag(_two, deal, NEW);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _one, _two));
        vm.prank(_two);
        deals.retag(_one, deal, NEW);
    }

    function test_retag_revertsWithAlreadyRegistered() public {
        DealId one = _register(_one, OLD);
        DealId other = _register(_one, "other customer");
        _openEpoch();
        _retag(_one, one, NEW);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.AlreadyRegistered.selector, other, one));
        _retag(_one, other, NEW);
    }

    /// @dev Whatever the order in which deals are tagged again and registered anew, each stands in one queue, and each queue
    /// is ordered by priority.
    /// forge-config: default.fuzz.runs = 128
    function testFuzz_retag_anyOrderKeepsTheOrderOfTheCommitments(uint256 seed) public {
        uint256 count = 6;
        DealId[] memory all = new DealId[](2 * count);
        for (uint256 i; i < count; ++i) {
            all[i] = _register(address(uint160(0xF00 + i)), OLD);
        }
        _openEpoch();
        for (uint256 step; step < 2 * count; ++step) {
            uint256 word = uint256(keccak256(abi.encode(seed, step)));
            uint256 index = word % count;
            address account = address(uint160(0xF00 + index));
            if (word >> 255 == 1) {
                vm.prank(account);
                try deals.retag(account, all[index], (word >> 8) % 2 == 0 ? NEW : OLD) {} catch {}
            } else if (all[count + index] == NO_DEAL) {
                address newcomer = address(uint160(0xE00 + index));
                all[count + index] = _register(newcomer, (word >> 8) % 2 == 0 ? NEW : OLD);
            }
        }
        uint256 stand = _walk(_customer(1, OLD)) + _walk(_customer(2, OLD)) + _walk(_customer(2, NEW));
        uint256 registered;
        for (uint256 i; i < 2 * count; ++i) {
            if (all[i] != NO_DEAL) ++registered;
        }
        vm.assertEq(stand, registered);
    }

    /// @dev Counts a queue, whose deals are all its own and ascend by priority.
    function _walk(CustomerId customer) private view returns (uint256 length) {
        uint256 last;
        for (DealId deal = deals.firstOf(customer); deal != NO_DEAL; deal = deals.nextOf(deal)) {
            Deal memory record = deals.dealOf(deal);
            assertSame(record.customer, customer);
            vm.assertLt(last, uint256(record.priority), "out of order");
            last = record.priority;
            ++length;
        }
    }
}
