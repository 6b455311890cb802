// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {Entitlement} from "../libraries/Entitlement.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {Share} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title How payees are paid
/// @notice See {IClaims}.
abstract contract Claims is RevenueBooks {
    function _claimAcross(address account, address recipient, address token, Share[] calldata shares)
        internal
        returns (uint256 amount)
    {
        uint256 released;
        for (uint256 i; i < shares.length; ++i) {
            (uint256 part, uint256 days_) = _claimShare(account, recipient, token, shares[i]);
            amount += part;
            released += days_;
        }
        _payOut(account, recipient, token, amount, released);
    }

    /// @notice Notes one share as claimed, releasing first what is due.
    /// @return amount what of it is to be paid out now
    /// @return days_ how many days were released for it
    function _claimShare(address account, address recipient, address token, Share calldata share)
        internal
        returns (uint256 amount, uint256 days_)
    {
        AgreementId agreement = share.agreement;
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(id, book, account, share)) return (0, 0);
        if (_isDue(book)) (book, days_) = _mature(agreement, token, book, MOST_DAYS);
        uint32 period = share.period;
        bool isWhole = book.periodDays() == 0;
        Amount storage claimed = _claimed[isWhole ? id.whole() : id.inPeriod(period)][account];
        uint256 earned = _earned(share, isWhole ? book.released() : _released[id][period]);
        amount = earned - claimed.value;
        if (amount == 0) return (0, days_);
        claimed.value = earned;
        _emitClaimed(agreement, account, token, period, recipient, amount);
    }

    /// @notice Pays what was claimed. Days that were released on the way stay so also when they left nothing to claim, since all
    /// of them served debts: else nobody would ever come past many such days by claiming.
    /// @param days_ how many were released
    function _payOut(address account, address recipient, address token, uint256 amount, uint256 days_) internal {
        _requireRecipient(recipient);
        if (amount != 0) return _send(token, recipient, amount);
        if (days_ == 0) revert IClaims.NothingToClaim(account);
    }

    /// @dev Whether a share is proven against the book's root. Before the first payment the registry knows the root; and
    /// there is nothing to claim.
    function _isProven(BookId id, PackedBook book, address account, Share calldata share) internal view returns (bool) {
        bytes32 root = Plan.agreementRoot(
            Plan.planRootFrom(share.tranches, account, share.weights, share.proof), share.conditionsHash
        );
        bool opened = root == _roots[id];
        // slither-disable-next-line calls-loop: our own registry; shares are as many as the claimant lists
        if (!opened && root != AGREEMENTS.rootOf(share.agreement)) revert ShareInvalid(share.agreement, account);
        if (share.period != 0 && opened && book.periodDays() == 0) revert ShareInvalid(share.agreement, account);
        return opened;
    }

    function _earned(Share calldata share, uint256 released) internal pure returns (uint256) {
        return Entitlement.earned(share.tranches, share.weights, released);
    }
}
