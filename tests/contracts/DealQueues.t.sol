// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {DealId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev A customer's queue holds its live deals and what nobody has met since it was finished, whatever came before.
contract DealQueuesTest is DealWorld {
    bytes32 private constant TAG = "customer X";
    uint256 private constant ACCOUNTS = 5;
    DealId[] private _all;
    uint256 private _salt;

    function _account(uint256 index) private pure returns (address) {
        return address(uint160(0x10000 + index));
    }

    function _length() private view returns (uint256 length, uint256 live) {
        uint256 last;
        for (DealId deal = deals.firstOf(_customer(1, TAG)); deal != NO_DEAL; deal = deals.nextOf(deal)) {
            vm.assertLt(last, uint256(deals.dealOf(deal).priority), "out of order");
            last = deals.dealOf(deal).priority;
            if (deals.isLive(deal)) ++live;
            ++length;
        }
    }

    /// @dev M-4 of the audit: accounts that registered the customer and withdrew, each meeting what the one before left.
    function test_queue_costsNoMoreForAllThatEverRegisteredTheCustomer() public {
        uint256[2] memory gasUsed;
        for (uint256 i; i < 42; ++i) {
            _join(_account(i));
            Reveal memory reveal = _revealOf(_account(i), TAG);
            DealId deal = _commit(reveal);
            _reveal(reveal);
            if (i == 1 || i == 41) gasUsed[i == 1 ? 0 : 1] = vm.lastCallGas().gasTotalUsed;
            _withdraw(_account(i), deal);
        }
        (uint256 length,) = _length();
        vm.assertEq(length, 1);
        vm.assertLt(gasUsed[1], gasUsed[0] + 1000, "what came before is paid for");
    }

    function test_queue_anApprovalTakesOutWhatIsFinished() public {
        DealId mine = _register(_account(0), TAG);
        for (uint256 i = 1; i < 5; ++i) {
            DealId deal = _register(_account(i), TAG);
            if (i % 2 == 1) _withdraw(_account(i), deal);
            else _decide(deal, DealState.Rejected);
        }
        _waitForReveals();
        _decide(mine, DealState.Approved);
        (uint256 length, uint256 live) = _length();
        vm.assertEq(length, 1);
        vm.assertEq(live, 1);
    }

    /// @dev A deal whose exclusivity is over leaves the queue, and holds its customer again once it is won.
    function test_queue_anExpiredDealThatIsWonStandsInItAgain() public {
        DealId first = _register(_account(0), TAG);
        _waitForReveals();
        _decide(first, DealState.Approved);
        vm.warp(block.timestamp + 31 days);
        DealId second = _register(_account(1), TAG); // passes the expired one
        assertSame(deals.firstOf(_customer(1, TAG)), second);
        _decide(first, DealState.Won);
        assertSame(deals.firstOf(_customer(1, TAG)), first);
        assertSame(deals.nextOf(first), second);
        _waitForReveals();
        vm.expectPartialRevert(bytes4(keccak256("EarlierDeal(bytes32,bytes32)")));
        _decide(second, DealState.Approved);
    }

    /// @dev Whatever is done in whatever order: no two hold the customer, the queue is ordered, all that live stand in it,
    /// and after a walk nobody else does.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_queue_holdsTheLiveDealsAndNobodyElseOnceWalked(uint256 seed) public {
        for (uint256 i; i < ACCOUNTS; ++i) {
            _join(_account(i));
        }
        for (uint256 step; step < 24; ++step) {
            uint256 word = uint256(keccak256(abi.encode(seed, step)));
            _act(word % 8, word >> 8);
            _checkAll();
        }
        address walker = address(0xABCDEF);
        _register(walker, TAG);
        (uint256 length, uint256 live) = _length();
        vm.assertEq(length, live, "a finished deal was passed");
    }

    function _act(uint256 what, uint256 word) private {
        if (what < 3 || _all.length == 0) {
            address account = _account(word % ACCOUNTS);
            Reveal memory reveal = _revealOf(account, TAG);
            reveal.salt = bytes32(++_salt);
            _commit(reveal);
            bytes memory call = abi.encodeCall(deals.reveal, (reveal, _openingOf(account)));
            vm.prank(account);
            (bool registered, bytes memory answer) = address(deals).call(call);
            if (registered) _all.push(abi.decode(answer, (DealId)));
            return;
        }
        if (what == 3) return vm.warp(block.timestamp + (word % 20) * 1 days);
        DealId deal = _all[word % _all.length];
        if (what == 4) {
            vm.prank(deals.dealOf(deal).account);
            try deals.withdraw(deals.dealOf(deal).account, deal) {} catch {}
            return;
        }
        DealState[5] memory outcomes =
            [DealState.Approved, DealState.Approved, DealState.Won, DealState.Rejected, DealState.Lost];
        DealState outcome = outcomes[(word >> 16) % 5];
        vm.prank(vendor);
        try deals.decide(vendor, _decisionOf(deal, outcome)) {} catch {}
    }

    function _checkAll() private view {
        uint256 lives;
        uint256 holders;
        for (uint256 i; i < _all.length; ++i) {
            if (!deals.isLive(_all[i])) continue;
            ++lives;
            DealState state = deals.dealOf(_all[i]).state;
            if (state == DealState.Approved || state == DealState.Won) ++holders;
        }
        vm.assertLt(holders, 2, "two hold the customer");
        (, uint256 live) = _length();
        vm.assertEq(live, lives, "a live deal is not in the queue");
    }
}
