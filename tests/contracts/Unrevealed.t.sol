// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {COUNTED_DAYS, Unrevealed} from "../../contracts/deals/types/Unrevealed.sol";
import {bound, vm} from "./support/Vm.sol";

/// @dev Thirty counters in one word, against thirty counters in a list.
contract UnrevealedTest {
    uint256 private constant DAY = 20_000;

    function testFuzz_unrevealed_countsAsAListWould(uint256 seed) public pure {
        uint256[300] memory made;
        uint256 day = DAY;
        Unrevealed unrevealed;
        for (uint256 step; step < 120; ++step) {
            uint256 word = uint256(keccak256(abi.encode(seed, step)));
            uint256 what = word % 8;
            if (what == 0) day += (word >> 8) % 3 == 0 ? (word >> 16) % 40 : 1;
            if (day - DAY >= 300) break;
            unrevealed = unrevealed.onDay(day);
            if (what < 6 && made[day - DAY] < 255) {
                unrevealed = unrevealed.oneMore();
                ++made[day - DAY];
            }
            uint256 before = (word >> 24) % 2;
            if (what > 5 && day - DAY >= before && made[day - DAY - before] > 0) {
                unrevealed = unrevealed.oneLess(day - before);
                --made[day - DAY - before];
            }
            vm.assertEq(unrevealed.count(), _sum(made, day - DAY));
        }
        uint256 later = bound(seed, 0, 40);
        if (day - DAY + later < 300) vm.assertEq(unrevealed.onDay(day + later).count(), _sum(made, day - DAY + later));
    }

    function test_unrevealed_allCountersFull() public pure {
        Unrevealed unrevealed = Unrevealed.wrap(type(uint256).max << 16);
        vm.assertEq(unrevealed.count(), 255 * COUNTED_DAYS);
        vm.assertEq(unrevealed.onDay(29).count(), 255);
        vm.assertEq(unrevealed.onDay(30).count(), 0);
    }

    function _sum(uint256[300] memory made, uint256 today) private pure returns (uint256 sum) {
        for (uint256 age; age < COUNTED_DAYS && age <= today; ++age) {
            sum += made[today - age];
        }
    }
}
