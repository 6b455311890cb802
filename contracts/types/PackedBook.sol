// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title An agreement's terms and total for one token, in a word
/// @notice From the low end: `released` 128 bits (token base units), `validFrom` 40, `validUntil` 40 and `holdSeconds` 32
/// (seconds), `clawback` 8, and 1 in the highest byte of a book that exists. The agreement registry writes the word with
/// nothing released; the revenue ledger copies it at the first payment and counts in its own copy from then on.
type PackedBook is uint256;

using PackedBooks for PackedBook global;

/// @title Reading and writing a book's word
/// @notice Each function gives the field of its name; the layout is {PackedBook}'s.
library PackedBooks {
    uint256 private constant VALID_FROM = 128;
    uint256 private constant VALID_UNTIL = 168;
    uint256 private constant HOLD_SECONDS = 208;
    uint256 private constant CLAWBACK = 240;
    uint256 private constant EXISTS = 1 << 248;

    /// @notice A book in which nothing is released yet. The arguments must not exceed their fields.
    function create(uint256 validFrom_, uint256 validUntil_, uint256 holdSeconds_, uint256 clawback_)
        internal
        pure
        returns (PackedBook)
    {
        return PackedBook.wrap(
            EXISTS | (clawback_ << CLAWBACK) | (holdSeconds_ << HOLD_SECONDS) | (validUntil_ << VALID_UNTIL)
                | (validFrom_ << VALID_FROM)
        );
    }

    function exists(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) != 0;
    }

    function released(PackedBook book) internal pure returns (uint256) {
        return uint128(PackedBook.unwrap(book));
    }

    function validFrom(PackedBook book) internal pure returns (uint256) {
        return uint40(PackedBook.unwrap(book) >> VALID_FROM);
    }

    function validUntil(PackedBook book) internal pure returns (uint256) {
        return uint40(PackedBook.unwrap(book) >> VALID_UNTIL);
    }

    function holdSeconds(PackedBook book) internal pure returns (uint256) {
        return uint32(PackedBook.unwrap(book) >> HOLD_SECONDS);
    }

    function clawback(PackedBook book) internal pure returns (uint256) {
        return uint8(PackedBook.unwrap(book) >> CLAWBACK);
    }

    /// @notice The book with this much more released. The total must stay below 2^128.
    function add(PackedBook book, uint256 amount) internal pure returns (PackedBook) {
        unchecked {
            return PackedBook.wrap(PackedBook.unwrap(book) + amount);
        }
    }
}
