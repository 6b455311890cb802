// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice How many of an account's commitments are unrevealed, by the day (of UTC) of the commitment, for 30 days: in the
/// lowest 16 bits a day, above them one byte for it and each of the 29 before, the newest first.
type Unrevealed is uint256;

using {count, onDay, oneMore, oneLess} for Unrevealed global;

/// @dev Days for which a commitment that was never revealed is counted, its own the first.
uint256 constant COUNTED_DAYS = 30;

uint256 constant PAIRS_OF_BYTES = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
uint256 constant ONE_IN_EACH_PAIR = 0x000100010001000100010001000100010001000100010001000100010001;

/// @notice All of them.
function count(Unrevealed unrevealed) pure returns (uint256) {
    uint256 bytes_ = Unrevealed.unwrap(unrevealed) >> 16;
    uint256 pairs = (bytes_ & PAIRS_OF_BYTES) + ((bytes_ >> 8) & PAIRS_OF_BYTES);
    unchecked {
        // Fifteen lanes of 16 bits: the product's highest lane is the sum of all. What is above it is cut off.
        return ((pairs * ONE_IN_EACH_PAIR) >> 224) & 0xffff;
    }
}

/// @notice The same, seen on a later day: what is 30 days old is forgotten.
function onDay(Unrevealed unrevealed, uint256 day) pure returns (Unrevealed) {
    uint256 word = Unrevealed.unwrap(unrevealed);
    uint256 passed = day - (word & 0xffff);
    if (passed == 0) return unrevealed;
    uint256 bytes_ = passed < COUNTED_DAYS ? (word >> 16) << (8 * passed) : 0;
    return Unrevealed.wrap((bytes_ << 16) | day);
}

/// @notice With one more of the newest day.
function oneMore(Unrevealed unrevealed) pure returns (Unrevealed) {
    return Unrevealed.wrap(Unrevealed.unwrap(unrevealed) + (1 << 16));
}

/// @notice With one less of a day that is no more than 29 before the newest.
function oneLess(Unrevealed unrevealed, uint256 day) pure returns (Unrevealed) {
    uint256 word = Unrevealed.unwrap(unrevealed);
    return Unrevealed.wrap(word - (1 << (16 + 8 * ((word & 0xffff) - day))));
}
