// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title An agreement's terms and total for one token, in a word
/// @notice From the low end: `released` 128 bits (token base units), `validFrom` 40 and `validUntil` 40 (seconds), `holdDays`
/// 12, `periodDays` 16, `clawback` 2, two flags (everybody was paid at once before; it, or a predecessor that it serves, may
/// owe something), and `nextDay` 16: the first day of UTC not yet released, counted from the day of `validFrom`, so for 179 years. The
/// agreement registry writes the word with nothing released, and notes in those 128 bits of the word of an agreement's first
/// token which that is; the revenue ledger copies it at the first payment and counts in
/// its own copy from then on.
type PackedBook is uint256;

using PackedBooks for PackedBook global;

/// @title Reading and writing a book's word
/// @notice Each function gives the field of its name; the layout is {PackedBook}'s.
library PackedBooks {
    uint256 private constant VALID_FROM = 128;
    uint256 private constant VALID_UNTIL = 168;
    uint256 private constant HOLD_DAYS = 208;
    uint256 private constant PERIOD_DAYS = 220;
    uint256 private constant CLAWBACK = 236;
    uint256 private constant DISTRIBUTED = 1 << 238;
    uint256 private constant OWES = 1 << 239;
    uint256 private constant NEXT_DAY = 240;

    /// @notice A book in which nothing is released yet. The arguments must not exceed their fields.
    function create(uint256 validFrom_, uint256 validUntil_, uint256 holdDays_, uint256 periodDays_, uint256 clawback_)
        internal
        pure
        returns (PackedBook)
    {
        return PackedBook.wrap(
            (clawback_ << CLAWBACK) | (periodDays_ << PERIOD_DAYS) | (holdDays_ << HOLD_DAYS)
                | (validUntil_ << VALID_UNTIL) | (validFrom_ << VALID_FROM)
        );
    }

    /// @notice Whether it is a book at all: no terms end in second 0.
    function exists(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) != 0;
    }

    /// @notice The book of an agreement's first token, which is noted in it: the low 128 bits of the token's address. Nobody
    /// finds another address with the same.
    function taking(PackedBook book, address token) internal pure returns (PackedBook) {
        return PackedBook.wrap(PackedBook.unwrap(book) | uint128(uint160(token)));
    }

    /// @notice Whether this token is the one noted in the book.
    function takes(PackedBook book, address token) internal pure returns (bool) {
        return uint128(PackedBook.unwrap(book)) == uint128(uint160(token));
    }

    /// @notice The book as it begins: with nothing noted, and nothing released.
    function begun(PackedBook book) internal pure returns (PackedBook) {
        return PackedBook.wrap((PackedBook.unwrap(book) >> VALID_FROM) << VALID_FROM);
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
        return (PackedBook.unwrap(book) >> HOLD_DAYS) & 0xfff;
    }

    function periodDays(PackedBook book) internal pure returns (uint256) {
        return uint16(PackedBook.unwrap(book) >> PERIOD_DAYS);
    }

    function clawback(PackedBook book) internal pure returns (uint256) {
        return (PackedBook.unwrap(book) >> CLAWBACK) & 3;
    }

    /// @notice Whether revenue is released at once and whole, into one total: no hold, no periods, no debts.
    function isPlain(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) & ((0xfffffff << HOLD_DAYS) | OWES) == 0;
    }

    /// @notice Whether revenue must be looked at for debts to serve.
    function owes(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) & OWES != 0;
    }

    /// @notice Whether everybody was ever paid at once: payees' own words then do not tell all.
    function isDistributed(PackedBook book) internal pure returns (bool) {
        return PackedBook.unwrap(book) & DISTRIBUTED != 0;
    }

    /// @notice The book as one of which everybody was paid at once.
    function distributed(PackedBook book) internal pure returns (PackedBook) {
        return PackedBook.wrap(PackedBook.unwrap(book) | DISTRIBUTED);
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

    /// @notice The first day whose held payments are not released yet, in days of UTC since 1970.
    function nextDay(PackedBook book) internal pure returns (uint256) {
        return book.validFrom() / 1 days + (PackedBook.unwrap(book) >> NEXT_DAY);
    }

    /// @notice The book with all days before this one released, which must not lie before the day of `validFrom`.
    function releasedBefore(PackedBook book, uint256 day) internal pure returns (PackedBook) {
        uint256 others = PackedBook.unwrap(book) & ((1 << NEXT_DAY) - 1);
        return PackedBook.wrap(others | ((day - book.validFrom() / 1 days) << NEXT_DAY));
    }
}
