// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening} from "../../contracts/agreements/types/Terms.sol";
import {IDealEpochs} from "../../contracts/deals/interfaces/IDealEpochs.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {CustomerId, DealId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev First registered, first served: by the commitment's number, whatever the order of the reveals.
contract DealConflictsTest is DealWorld {
    bytes32 private constant TAG = "customer";
    address private _one = address(0x1111);
    address private _two = address(0x2222);
    address private _three = address(0x3333);

    function setUp() public override {
        super.setUp();
        _join(_one);
        _join(_two);
        _join(_three);
    }

    function _commitAll() private returns (DealId first, DealId second, DealId third) {
        first = _commit(_revealOf(_one, TAG));
        second = _commit(_revealOf(_two, TAG));
        third = _commit(_revealOf(_three, TAG));
    }

    /// @dev The rival that the newest registration's event names.
    function _rivalNamedBy(address account) private returns (DealId rival) {
        vm.recordLogs();
        _reveal(_revealOf(account, TAG));
        (,,,, rival,,,) = abi.decode(
            vm.getRecordedLogs()[0].data, (bytes32, uint32, bytes32, bytes32, DealId, uint40, uint64, bytes24)
        );
    }

    function _earlier(DealId deal, DealId other) private {
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, deal, other));
    }

    function test_reveal_namesTheEarlierRegistration() public {
        (DealId first, DealId second,) = _commitAll();
        assertSame(_rivalNamedBy(_two), bytes32(0));
        // Revealed later, but first in the order: the conflict is recorded all the same.
        assertSame(_rivalNamedBy(_one), second);
        assertSame(_rivalNamedBy(_three), first);
    }

    function test_reveal_outOfOrderKeepsTheOrderOfTheCommitments() public {
        (DealId first, DealId second, DealId third) = _commitAll();
        _reveal(_revealOf(_three, TAG));
        _reveal(_revealOf(_one, TAG));
        _reveal(_revealOf(_two, TAG));
        CustomerId customer = deals.dealOf(first).customer;
        assertSame(deals.firstOf(customer), first);
        assertSame(deals.nextOf(first), second);
        assertSame(deals.nextOf(second), third);
        assertSame(deals.nextOf(third), bytes32(0));
    }

    function testFuzz_reveal_anyOrderGivesTheOrderOfTheCommitments(uint256 seed) public {
        uint256 count = 6;
        DealId[] memory expected = new DealId[](count);
        address[] memory waiting = new address[](count);
        for (uint256 i; i < count; ++i) {
            waiting[i] = address(uint160(0xF00 + i));
            _join(waiting[i]);
            expected[i] = _commit(_revealOf(waiting[i], TAG));
        }
        for (uint256 left = count; left > 0; --left) {
            uint256 chosen = uint256(keccak256(abi.encode(seed, left))) % left;
            _reveal(_revealOf(waiting[chosen], TAG));
            waiting[chosen] = waiting[left - 1];
        }
        DealId deal = deals.firstOf(deals.dealOf(expected[0]).customer);
        for (uint256 i; i < count; ++i) {
            assertSame(deal, expected[i]);
            deal = deals.nextOf(deal);
        }
        assertSame(deal, bytes32(0));
    }

    function test_reveal_anotherTagOrProgrammeIsNoConflict() public {
        _register(_one, TAG);
        DealId other = _register(_two, "another customer");
        assertSame(deals.firstOf(deals.dealOf(other).customer), other);
        _openProgrammeOf(address(0x7E4D05));
        DealId elsewhere = _register(_two, TAG);
        assertSame(deals.firstOf(deals.dealOf(elsewhere).customer), elsewhere);
    }

    function test_decide_revertsWithDecisionTooEarly() public {
        DealId deal = _register(_one, TAG);
        vm.warp(START + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, deal, START + 1 hours + 1));
        _decide(deal, DealState.Approved);
        vm.warp(START + 1 hours + 1);
        _decide(deal, DealState.Approved);
    }

    function test_decide_noEarlierCommitmentCanAppearOnceADealMayBeApproved() public {
        (DealId first, DealId second,) = _commitAll();
        _reveal(_revealOf(_two, TAG));
        _waitForReveals();
        _decide(second, DealState.Approved);
        bytes memory why = abi.encodeWithSelector(IDealIntake.CommitmentLapsed.selector, first, START + 1 hours);
        Opening memory opening = _openingOf(_one);
        Reveal memory reveal = _revealOf(_one, TAG);
        vm.expectRevert(why);
        vm.prank(_one);
        deals.reveal(reveal, opening);
    }

    function test_decide_returnAndRejectNeedNotWait() public {
        DealId deal = _register(_one, TAG);
        _decide(deal, DealState.Returned);
        _decide(deal, DealState.Rejected);
        DealId other = _register(_two, TAG);
        _decide(other, DealState.Rejected);
    }

    function test_decide_approvalAfterAReturnWaitsForTheRevealsToo() public {
        DealId deal = _register(_one, TAG);
        vm.warp(START + 10);
        _decide(deal, DealState.Returned);
        vm.warp(START + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, deal, START + 1 hours + 1));
        _decide(deal, DealState.Approved);
        vm.warp(START + 1 hours + 1);
        _decide(deal, DealState.Approved);
    }

    function test_decide_revertsWithEarlierDeal_whileAnEarlierOneWaits() public {
        DealId first = _register(_one, TAG);
        DealId second = _register(_two, TAG);
        _waitForReveals();
        _earlier(second, first);
        _decide(second, DealState.Approved);
        _decide(first, DealState.Returned);
        _earlier(second, first);
        _decide(second, DealState.Approved);
        _decide(first, DealState.Rejected);
        _decide(second, DealState.Approved);
    }

    function test_decide_aWithdrawnDealMakesWay() public {
        DealId first = _register(_one, TAG);
        DealId second = _register(_two, TAG);
        _waitForReveals();
        _withdraw(_one, first);
        _decide(second, DealState.Approved);
    }

    function test_decide_aLaterDealWaitingIsNoObstacle() public {
        DealId first = _register(_one, TAG);
        _register(_two, TAG);
        _waitForReveals();
        _decide(first, DealState.Approved);
        _decide(first, DealState.Won);
    }

    function test_decide_exclusivityEndsByTime() public {
        DealId first = _register(_one, TAG);
        DealId second = _register(_two, TAG);
        _waitForReveals();
        _decide(first, DealState.Approved);
        uint256 until = block.timestamp + 30 days;
        vm.warp(until);
        vm.assertTrue(deals.isLive(first));
        _earlier(second, first);
        _decide(second, DealState.Approved);
        vm.warp(until + 1);
        vm.assertFalse(deals.isLive(first));
        _decide(second, DealState.Approved);
        // The first one is still approved, but the second holds the customer now.
        _earlier(first, second);
        _decide(first, DealState.Won);
        _decide(first, DealState.Lost);
        _decide(second, DealState.Won);
    }

    function test_decide_anApprovedDealMayBeWonAfterItsExclusivity() public {
        DealId first = _register(_one, TAG);
        _waitForReveals();
        _decide(first, DealState.Approved);
        vm.warp(block.timestamp + 31 days);
        _decide(first, DealState.Won);
    }

    function test_decide_aWonCustomerStaysWon() public {
        DealId first = _win(_one, TAG);
        DealId second = _register(_two, TAG);
        vm.warp(block.timestamp + 300 days);
        vm.assertTrue(deals.isLive(first));
        _earlier(second, first);
        _decide(second, DealState.Approved);
    }

    function test_decide_aLostCustomerIsFreeAgain() public {
        DealId first = _register(_one, TAG);
        DealId second = _register(_two, TAG);
        _waitForReveals();
        _decide(first, DealState.Approved);
        _decide(first, DealState.Lost);
        _decide(second, DealState.Approved);
    }

    /// @dev However often one partner registers and withdraws, the queue that others walk stays short.
    function test_oneBadPartyHarmsOnlyItself_registeringAndWithdrawingManyTimes() public {
        DealId rival = _register(_two, TAG);
        for (uint256 i; i < 50; ++i) {
            Reveal memory reveal = _revealOf(_one, TAG);
            reveal.salt = bytes32(i);
            DealId churned = _commit(reveal);
            _reveal(reveal);
            _withdraw(_one, churned);
        }
        DealId last = _register(_three, TAG);
        uint256 length;
        for (DealId deal = deals.firstOf(deals.dealOf(rival).customer); deal != NO_DEAL; deal = deals.nextOf(deal)) {
            ++length;
            assertSame(deal, length == 1 ? rival : last);
        }
        vm.assertEq(length, 2);
    }
}
