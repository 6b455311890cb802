// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title An agreement's terms and total for one token, in a word
/// @notice From the low end: `released` 128 bits (token base units), `validFrom` 40 and `validUntil` 40 (seconds), `holdDays`
/// 16 and `periodDays` 16, `clawback` 8, and 8 flags: the book exists; it, or a predecessor that it serves, may owe
/// something. The agreement registry writes the word with nothing released; the revenue ledger copies it at the first
/// payment and counts in its own copy from then on.
type PackedBook is uint256;

using PackedBooks for PackedBook global;

/// @title Reading and writing a book's word
/// @notice Each function gives the field of its name; the layout is {PackedBook}'s.
library PackedBooks {
    uint256 private constant VALID_FROM = 128;
    uint256 private constant VALID_UNTIL = 168;
    uint256 private constant HOLD_DAYS = 208;
    uint256 private constant PERIOD_DAYS = 224;
    uint256 private constant CLAWBACK = 240;
    uint256 private constant EXISTS = 1 << 248;
    uint256 private constant OWES = 1 << 249;

    /// @notice A book in which nothing is released yet. The arguments must not exceed their fields.
    function create(uint256 validFrom_, uint256 validUntil_, uint256 holdDays_, uint256 periodDays_, uint256 clawback_)
        internal
        pure
        returns (PackedBook)
    {
        return PackedBook.wrap(
            EXISTS | (clawback_ << CLAWBACK) | (periodDays_ << PERIOD_DAYS) | (holdDays_ << HOLD_DAYS)
                | (validUntil_ << VALID_UNTIL) | (validFrom_ << VALID_FROM)
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

    function holdDays(PackedBook book) internal pure returns (uint256) {
        return uint16(PackedBook.unwrap(book) >> HOLD_DAYS);
    }

    function periodDays(PackedBook book) internal pure returns (uint256) {
        return uint16(PackedBook.unwrap(book) >> PERIOD_DAYS);
    }

    function clawback(PackedBook book) internal pure returns (uint256) {
        return uint8(PackedBook.unwrap(book) >> CLAWBACK);
    }

    /// @notice Whether revenue must be looked at for debts to serve.
    function owes(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) & OWES != 0;
    }

    /// @notice The book with this much more released. The total must stay below 2^128.
    function add(PackedBook book, uint256 amount) internal pure returns (PackedBook) {
        unchecked {
            return PackedBook.wrap(PackedBook.unwrap(book) + amount);
        }
    }

    /// @notice The book with another last second, which must not exceed 40 bits.
    function endingAt(PackedBook book, uint256 validUntil_) internal pure returns (PackedBook) {
        uint256 others = PackedBook.unwrap(book) & ~(uint256(type(uint40).max) << VALID_UNTIL);
        return PackedBook.wrap(others | (validUntil_ << VALID_UNTIL));
    }

    /// @notice The book as one that owes something, or does not any more.
    function owing(PackedBook book, bool owes_) internal pure returns (PackedBook) {
        uint256 others = PackedBook.unwrap(book) & ~OWES;
        return PackedBook.wrap(owes_ ? others | OWES : others);
    }
}
