// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Entitlement} from "../libraries/Entitlement.sol";
import {BookId, TotalId} from "../types/BookIds.sol";
import {Share} from "../types/Books.sol";
import {Settled} from "../types/Divisions.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title What a payee was paid: by itself, and with everybody
/// @notice A payee's word has what it had earned when it was last paid by itself in its low half, and what is set aside for it
/// in its high half. It was paid the more of that and of its entitlement to what everybody is paid up to, less what is set
/// aside.
abstract contract SettledShares is RevenueBooks {
    /// @dev What is split: of the period where there are periods, else of the book.
    function _totalOf(BookId id, PackedBook book, uint256 period) internal view returns (uint256) {
        return book.periodDays() == 0 ? book.released() : _released[id][period];
    }

    /// @dev Under what the payments out of that total are kept.
    function _totalId(BookId id, PackedBook book, uint256 period) internal pure returns (TotalId) {
        return book.periodDays() == 0 ? id.whole() : id.inPeriod(period);
    }

    function _earned(Share calldata share, uint256 released) internal pure returns (uint256) {
        return Entitlement.earned(share.tranches, share.weights, released);
    }

    /// @notice What an account was paid of a total, alone and with everybody.
    /// @param own its word of the total
    /// @return paid what the account was paid of the total
    /// @return together its entitlement to what everybody is paid up to
    function _paidOf(TotalId total, PackedBook book, uint256 own, address account, Share calldata share)
        internal
        view
        returns (uint256 paid, uint256 together)
    {
        // Nothing is ever set aside before everybody was paid at once.
        if (!book.isDistributed()) return (own, 0);
        Settled memory settled = _settled[total];
        uint256 upTo = settled.upTo;
        if (settled.ahead != 0 && account <= _through[total]) upTo += settled.ahead;
        together = _earned(share, upTo);
        paid = uint128(own);
        if (together > paid) paid = together;
        paid -= own >> 128;
    }
}
