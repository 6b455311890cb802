// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {BookId, bookIdOf, TotalId} from "../types/BookIds.sol";
import {Share} from "../types/Books.sol";
import {Settled} from "../types/Divisions.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {SettledShares} from "./SettledShares.sol";

/// @title How payees are paid
/// @notice See {IClaims}.
abstract contract Claims is SettledShares {
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
        TotalId total = _totalId(id, book, period);
        uint256 earned = _earned(share, _totalOf(id, book, period));
        Amount storage own = _claimed[total][account];
        (uint256 paid, uint256 together) = _paidOf(total, book, own.value, account, share);
        amount = earned - paid;
        if (amount == 0) return (0, days_);
        own.value = earned;
        if (book.isDistributed() && earned > together) _noteAhead(_settled[total]);
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

    /// @dev A payee is beyond what everybody is paid up to. The first round of a total looks at everybody anyway.
    function _noteAhead(Settled storage settled) private {
        if (!settled.exceptions && (settled.upTo != 0 || settled.ahead != 0)) settled.exceptions = true;
    }
}
