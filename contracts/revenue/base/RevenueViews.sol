// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {IRevenueViews} from "../interfaces/IRevenueViews.sol";
import {DaySet} from "../libraries/DaySet.sol";
import {RulingHash} from "../libraries/RulingHash.sol";
import {BookId, bookIdOf, TotalId} from "../types/BookIds.sol";
import {Book, Debt, Share} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Claims} from "./Claims.sol";

/// @title What the ledger tells
/// @notice See {IRevenueViews}.
abstract contract RevenueViews is Claims, IRevenueViews {
    using DaySet for mapping(uint256 word => uint256 bits);

    /// @inheritdoc IRevenueViews
    uint256 public constant MAX_BATCH = 100;
    /// @inheritdoc IRevenueViews
    uint256 public constant RULING_SECONDS = MOST_RULING_SECONDS;

    /// @inheritdoc IRevenueViews
    function depositsPaused() external view nonReentrantView returns (bool) {
        return _paused;
    }

    /// @inheritdoc IRevenueViews
    function paymentOf(address payer, bytes32 invoiceRef) external view nonReentrantView returns (bytes32) {
        return _payments[payer][invoiceRef].value;
    }

    /// @inheritdoc IRevenueViews
    function refundDue(address payer, bytes32 invoiceRef) external view nonReentrantView returns (uint256) {
        return _refundDue[payer][invoiceRef];
    }

    /// @inheritdoc IRevenueViews
    function bookOf(AgreementId agreement, address token) external view nonReentrantView returns (Book memory) {
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        return Book(
            uint128(book.released()),
            uint40(book.validFrom()),
            uint40(book.validUntil()),
            uint16(book.holdDays()),
            uint16(book.periodDays()),
            uint8(book.clawback()),
            _owing[id].owed,
            _owing[id].served,
            _agreed[id].owed,
            _agreed[id].served,
            book.exists()
        );
    }

    /// @inheritdoc IRevenueViews
    function claimedOf(AgreementId agreement, address token, uint32 period, address account)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        BookId id = bookIdOf(agreement, token);
        return uint128(_claimed[_totalId(id, _books[id], period)][account].value);
    }

    /// @inheritdoc IRevenueViews
    function releasedIn(AgreementId agreement, address token, uint32 period)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        return book.periodDays() == 0 && period != 0 ? 0 : _totalOf(id, book, period);
    }

    /// @inheritdoc IRevenueViews
    function heldUntil(AgreementId agreement, address token, uint40 maturesAt)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        return maturesAt % 1 days == 0 ? _held[bookIdOf(agreement, token)][maturesAt / 1 days].value : 0;
    }

    /// @inheritdoc IRevenueViews
    function debtOf(AgreementId agreement, address token, uint32 debt)
        external
        view
        nonReentrantView
        returns (Debt memory)
    {
        Debt[] storage debts = _debts[bookIdOf(agreement, token)];
        if (debt == 0 || debt > debts.length) revert DebtUnknown(debt);
        return debts[debt - 1];
    }

    /// @inheritdoc IRevenueViews
    function clawbackGathered(bytes32 action) external view nonReentrantView returns (address through, uint40 until) {
        Gathered memory gathered = _gathered[action];
        return (gathered.through, gathered.until);
    }

    /// @inheritdoc IRevenueViews
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32)
    {
        return RulingHash.clawback(payer, invoiceRef, refunded, amount);
    }

    /// @inheritdoc IRevenueViews
    function claimableOf(address account, address token, Share calldata share)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        BookId id = bookIdOf(share.agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(id, book, account, share)) return 0;
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
