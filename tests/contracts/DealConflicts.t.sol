// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../../contracts/deals/interfaces/IDealRegistry.sol";
import {Opening} from "../../contracts/agreements/types/Terms.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

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

    function _commitAll() private returns (bytes32 first, bytes32 second, bytes32 third) {
        first = _commit(_revealOf(_one, TAG));
        second = _commit(_revealOf(_two, TAG));
        third = _commit(_revealOf(_three, TAG));
    }

    /// @dev The rival that the newest registration's event names.
    function _rivalNamedBy(address account) private returns (bytes32 rival) {
        vm.recordLogs();
        _reveal(_revealOf(account, TAG));
        (,,,,, rival,,,) = abi.decode(
            vm.getRecordedLogs()[0].data, (bytes32, uint32, bytes32, bytes32, uint64, bytes32, uint40, uint64, bytes24)
        );
    }

    function _earlier(bytes32 deal, bytes32 other) private {
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.EarlierDeal.selector, deal, other));
    }

    function test_reveal_namesTheEarlierRegistration() public {
        (bytes32 first, bytes32 second,) = _commitAll();
        vm.assertEq(_rivalNamedBy(_two), bytes32(0));
        // Revealed later, but first in the order: the conflict is recorded all the same.
        vm.assertEq(_rivalNamedBy(_one), second);
        vm.assertEq(_rivalNamedBy(_three), first);
    }

    function test_reveal_outOfOrderKeepsTheOrderOfTheCommitments() public {
        (bytes32 first, bytes32 second, bytes32 third) = _commitAll();
        _reveal(_revealOf(_three, TAG));
        _reveal(_revealOf(_one, TAG));
        _reveal(_revealOf(_two, TAG));
        bytes32 customer = deals.dealOf(first).customer;
        vm.assertEq(deals.firstOf(customer), first);
        vm.assertEq(deals.nextOf(first), second);
        vm.assertEq(deals.nextOf(second), third);
        vm.assertEq(deals.nextOf(third), bytes32(0));
    }

    function testFuzz_reveal_anyOrderGivesTheOrderOfTheCommitments(uint256 seed) public {
        uint256 count = 6;
        bytes32[] memory expected = new bytes32[](count);
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
        bytes32 deal = deals.firstOf(deals.dealOf(expected[0]).customer);
        for (uint256 i; i < count; ++i) {
            vm.assertEq(deal, expected[i]);
            deal = deals.nextOf(deal);
        }
        vm.assertEq(deal, bytes32(0));
    }

    function test_reveal_anotherTagOrProgrammeIsNoConflict() public {
        _register(_one, TAG);
        bytes32 other = _register(_two, "another customer");
        vm.assertEq(deals.firstOf(deals.dealOf(other).customer), other);
        _openProgrammeOf(address(0x7E4D05));
        bytes32 elsewhere = _register(_two, TAG);
        vm.assertEq(deals.firstOf(deals.dealOf(elsewhere).customer), elsewhere);
    }

    function test_decide_revertsWithDecisionTooEarly() public {
        bytes32 deal = _register(_one, TAG);
        vm.warp(START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.DecisionTooEarly.selector, deal, START + 1 days + 1));
        _decide(deal, IDealRegistry.State.Approved);
        vm.warp(START + 1 days + 1);
        _decide(deal, IDealRegistry.State.Approved);
    }

    function test_decide_noEarlierCommitmentCanAppearOnceADealMayBeApproved() public {
        (bytes32 first, bytes32 second,) = _commitAll();
        _reveal(_revealOf(_two, TAG));
        _waitForReveals();
        _decide(second, IDealRegistry.State.Approved);
        bytes memory why = abi.encodeWithSelector(IDealRegistry.CommitmentLapsed.selector, first, START + 1 days);
        Opening memory opening = _openingOf(_one);
        IDealRegistry.Reveal memory reveal = _revealOf(_one, TAG);
        vm.expectRevert(why);
        vm.prank(_one);
        deals.reveal(reveal, opening);
    }

    function test_decide_returnAndRejectNeedNotWait() public {
        bytes32 deal = _register(_one, TAG);
        _decide(deal, IDealRegistry.State.Returned);
        _decide(deal, IDealRegistry.State.Rejected);
        bytes32 other = _register(_two, TAG);
        _decide(other, IDealRegistry.State.Rejected);
    }

    function test_decide_approvalAfterAReturnWaitsForTheRevealsToo() public {
        bytes32 deal = _register(_one, TAG);
        vm.warp(START + 10);
        _decide(deal, IDealRegistry.State.Returned);
        vm.warp(START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.DecisionTooEarly.selector, deal, START + 1 days + 1));
        _decide(deal, IDealRegistry.State.Approved);
        vm.warp(START + 1 days + 1);
        _decide(deal, IDealRegistry.State.Approved);
    }

    function test_decide_revertsWithEarlierDeal_whileAnEarlierOneWaits() public {
        bytes32 first = _register(_one, TAG);
        bytes32 second = _register(_two, TAG);
        _waitForReveals();
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Returned);
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Rejected);
        _decide(second, IDealRegistry.State.Approved);
    }

    function test_decide_aWithdrawnDealMakesWay() public {
        bytes32 first = _register(_one, TAG);
        bytes32 second = _register(_two, TAG);
        _waitForReveals();
        _withdraw(_one, first);
        _decide(second, IDealRegistry.State.Approved);
    }

    function test_decide_aLaterDealWaitingIsNoObstacle() public {
        bytes32 first = _register(_one, TAG);
        _register(_two, TAG);
        _waitForReveals();
        _decide(first, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Won);
    }

    function test_decide_exclusivityEndsByTime() public {
        bytes32 first = _register(_one, TAG);
        bytes32 second = _register(_two, TAG);
        _waitForReveals();
        _decide(first, IDealRegistry.State.Approved);
        uint256 until = block.timestamp + 30 days;
        vm.warp(until);
        vm.assertTrue(deals.isLive(first));
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
        vm.warp(until + 1);
        vm.assertFalse(deals.isLive(first));
        _decide(second, IDealRegistry.State.Approved);
        // The first one is still approved, but the second holds the customer now.
        _earlier(first, second);
        _decide(first, IDealRegistry.State.Won);
        _decide(first, IDealRegistry.State.Lost);
        _decide(second, IDealRegistry.State.Won);
    }

    function test_decide_anApprovedDealMayBeWonAfterItsExclusivity() public {
        bytes32 first = _register(_one, TAG);
        _waitForReveals();
        _decide(first, IDealRegistry.State.Approved);
        vm.warp(block.timestamp + 31 days);
        _decide(first, IDealRegistry.State.Won);
    }

    function test_decide_aWonCustomerStaysWon() public {
        bytes32 first = _win(_one, TAG);
        bytes32 second = _register(_two, TAG);
        vm.warp(block.timestamp + 300 days);
        vm.assertTrue(deals.isLive(first));
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
    }

    function test_decide_aLostCustomerIsFreeAgain() public {
        bytes32 first = _register(_one, TAG);
        bytes32 second = _register(_two, TAG);
        _waitForReveals();
        _decide(first, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Lost);
        _decide(second, IDealRegistry.State.Approved);
    }

    /// @dev However often one partner registers and withdraws, the queue that others walk stays short.
    function test_oneBadPartyHarmsOnlyItself_registeringAndWithdrawingManyTimes() public {
        bytes32 rival = _register(_two, TAG);
        for (uint256 i; i < 50; ++i) {
            IDealRegistry.Reveal memory reveal = _revealOf(_one, TAG);
            reveal.salt = bytes32(i);
            bytes32 churned = _commit(reveal);
            _reveal(reveal);
            _withdraw(_one, churned);
        }
        bytes32 last = _register(_three, TAG);
        uint256 length;
        for (bytes32 deal = deals.firstOf(deals.dealOf(rival).customer); deal != 0; deal = deals.nextOf(deal)) {
            ++length;
            vm.assertTrue(length > 1 || deal == rival);
            vm.assertTrue(length < 3 || deal == last);
        }
        vm.assertEq(length, 3);
    }
}
