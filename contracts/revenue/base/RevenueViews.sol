// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRevenueViews} from "../interfaces/IRevenueViews.sol";
import {DaySet} from "../libraries/DaySet.sol";
import {BookId, bookIdOf, TotalId} from "../types/BookIds.sol";
import {Share} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Claims} from "./Claims.sol";

/// @title What the ledger tells
/// @notice See {IRevenueViews}.
abstract contract RevenueViews is Claims, IRevenueViews {
    using DaySet for mapping(uint256 word => uint256 bits);

    /// @inheritdoc IRevenueViews
    function claimableOf(address account, address token, Share calldata share)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        BookId id = bookIdOf(share.agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(book, account, share)) return 0;
        uint256 released = _totalOf(id, book, share.period);
        if (_isDue(book)) released += _dueIn(id, token, book, share);
        TotalId total = _totalId(id, book, share.period);
        (uint256 paid,) = _paidOf(total, book, _claimed[total][account].value, account, share);
        return _earned(share, released) - paid;
    }

    /// @dev What {_mature} would add to the share's total.
    function _dueIn(BookId id, address token, PackedBook book, Share calldata share)
        private
        view
        returns (uint256 due)
    {
        uint256 owed = book.owes() ? _owedBy(share.agreement, token, book) : 0;
        uint256 today = block.timestamp / 1 days;
        uint256 day = book.nextDay();
        for (uint256 i; i < MOST_DAYS; ++i) {
            day = _heldDays[id].next(day, today);
            if (day > today) break;
            uint256 amount = _held[id][day].value;
            if (book.released() + amount > type(uint128).max) break;
            uint256 part = owed < amount ? owed : amount;
            owed -= part;
            book = book.add(amount - part);
            if (book.periodDays() == 0 || _periodOf(book, day * 1 days) == share.period) due += amount - part;
            ++day;
        }
    }
}
