// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title A set of days, 256 to a word
/// @notice Finds the next day on which something is held without looking at each day's slot.
library DaySet {
    /// @notice Puts a day into the set, if it is not there.
    function add(mapping(uint256 word => uint256 bits) storage set, uint256 day) internal {
        uint256 bits = set[day >> 8];
        uint256 bit = 1 << (day & 0xff);
        if (bits & bit == 0) set[day >> 8] = bits | bit;
    }

    /// @notice The first day of the set from `from` to `last`; `last + 1` when there is none.
    function next(mapping(uint256 word => uint256 bits) storage set, uint256 from, uint256 last)
        internal
        view
        returns (uint256 day)
    {
        day = from;
        while (day <= last) {
            uint256 bits = set[day >> 8] >> (day & 0xff);
            if (bits != 0) {
                day += _trailingZeros(bits);
                break;
            }
            day = ((day >> 8) + 1) << 8;
        }
        if (day > last) day = last + 1;
    }

    /// @dev By halves; the word is not zero.
    function _trailingZeros(uint256 bits) private pure returns (uint256 count) {
        for (uint256 width = 128; width != 0; width >>= 1) {
            if (bits & ((1 << width) - 1) == 0) {
                bits >>= width;
                count += width;
            }
        }
    }
}
