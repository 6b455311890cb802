// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {IBookViews} from "../interfaces/IBookViews.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {Book} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {SettledShares} from "./SettledShares.sol";

/// @title What the ledger tells of its books and payments
/// @notice See {IBookViews}.
abstract contract BookViews is SettledShares, IBookViews {
    /// @inheritdoc IBookViews
    uint256 public constant MAX_BATCH = MOST_INVOICES;
    /// @inheritdoc IBookViews
    uint256 public constant RULING_SECONDS = MOST_RULING_SECONDS;

    /// @inheritdoc IBookViews
    function depositsPaused() external view nonReentrantView returns (bool) {
        return _isPaused();
    }

    /// @inheritdoc IBookViews
    function paymentOf(address payer, bytes32 invoiceRef) external view nonReentrantView returns (bytes32) {
        return _payments[payer][invoiceRef].value;
    }

    /// @inheritdoc IBookViews
    function refundDue(address payer, bytes32 invoiceRef) external view nonReentrantView returns (uint256) {
        return _refundDue[payer][invoiceRef];
    }

    /// @inheritdoc IBookViews
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

    /// @inheritdoc IBookViews
    function claimedOf(AgreementId agreement, address token, uint32 period, address account)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        BookId id = bookIdOf(agreement, token);
        return uint128(_claimed[_totalId(id, _books[id], period)][account].value);
    }

    /// @inheritdoc IBookViews
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

    /// @inheritdoc IBookViews
    function heldUntil(AgreementId agreement, address token, uint40 maturesAt)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        return maturesAt % 1 days == 0 ? _held[bookIdOf(agreement, token)][maturesAt / 1 days].value : 0;
    }
}
