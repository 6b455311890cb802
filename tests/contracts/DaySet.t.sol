// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DaySet} from "../../contracts/revenue/libraries/DaySet.sol";
import {vm} from "./support/Vm.sol";

contract DaySetTest {
    using DaySet for mapping(uint256 word => uint256 bits);

    mapping(uint256 set => mapping(uint256 word => uint256 bits)) private _sets;

    function test_daySet_findsADayAtEveryPlaceOfAWord() public {
        for (uint256 place; place < 256; ++place) {
            uint256 day = 512 + place;
            _sets[place].add(day);
            vm.assertEq(_sets[place].next(0, 2000), day);
            vm.assertEq(_sets[place].next(day, day), day);
            vm.assertEq(_sets[place].next(day + 1, 2000), 2001);
            vm.assertEq(_sets[place].next(0, day - 1), day);
        }
    }

    /// @dev Against a look at every day.
    function testFuzz_daySet_nextIsTheFirstOfThoseAdded(uint16[10] calldata days_, uint16 from) public {
        uint256 first = type(uint256).max;
        for (uint256 i; i < 10; ++i) {
            _sets[0].add(days_[i]);
            if (days_[i] >= from && days_[i] < first) first = days_[i];
        }
        uint256 last = type(uint16).max;
        vm.assertEq(_sets[0].next(from, last), first > last ? last + 1 : first);
    }
}
