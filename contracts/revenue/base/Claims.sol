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
    /// @dev One entry for all shares that had something; of a single one the entry of a claim, which names the agreement in a
    /// topic.
    function _claimAcross(address account, address recipient, address token, Share[] calldata shares)
        internal
        returns (uint256 amount)
    {
        uint256 list = _beginParts(shares.length);
        uint256 next = list;
        uint256 released;
        for (uint256 i; i < shares.length; ++i) {
            (uint256 part, uint256 days_) = _takeShare(account, token, shares[i]);
            released += days_;
            if (part == 0) continue;
            amount += part;
            AgreementId agreement = shares[i].agreement;
            uint32 period = shares[i].period;
            assembly ("memory-safe") {
                mstore(next, agreement)
                mstore(add(next, 0x20), period)
                mstore(add(next, 0x40), part)
                next := add(next, 0x60)
            }
        }
        _noteClaimed(account, token, recipient, list, (next - list) / 0x60);
        _payOut(account, recipient, token, amount, released);
    }

    function _noteClaimed(address account, address token, address recipient, uint256 list, uint256 count) private {
        if (count > 1) return _emitClaimedAcross(account, token, recipient, list, count);
        if (count == 0) return;
        AgreementId agreement;
        uint32 period;
        uint256 amount;
        assembly ("memory-safe") {
            agreement := mload(list)
            period := mload(add(list, 0x20))
            amount := mload(add(list, 0x40))
        }
        _emitClaimed(agreement, account, token, period, recipient, amount);
    }

    /// @notice Notes one share as claimed, releasing first what is due.
    /// @return amount what of it is to be paid out now
    /// @return days_ how many days were released for it
    function _takeShare(address account, address token, Share calldata share)
        internal
        returns (uint256 amount, uint256 days_)
    {
        AgreementId agreement = share.agreement;
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(book, account, share)) return (0, 0);
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
    }

    /// @notice Pays what was claimed. Days that were released on the way stay so also when they left nothing to claim, since all
    /// of them served debts: else nobody would ever come past many such days by claiming.
    /// @param days_ how many were released
    function _payOut(address account, address recipient, address token, uint256 amount, uint256 days_) internal {
        _requireRecipient(recipient);
        if (amount != 0) return _send(token, recipient, amount);
        if (days_ == 0) revert IClaims.NothingToClaim(account);
    }

    /// @notice Requires that the agreement's id binds the share.
    /// @return opened whether anything was ever paid: before, there is nothing to claim
    function _isProven(PackedBook book, address account, Share calldata share) internal view returns (bool opened) {
        bytes32 planRoot = Plan.planRootFrom(share.tranches, account, share.weights, share.proof);
        if (_idOf(planRoot, share.conditionsHash) != share.agreement) revert ShareInvalid(share.agreement, account);
        opened = book.exists();
        if (share.period != 0 && opened && book.periodDays() == 0) revert ShareInvalid(share.agreement, account);
    }

    /// @dev A payee is beyond what everybody is paid up to. The first round of a total looks at everybody anyway.
    function _noteAhead(Settled storage settled) private {
        if (!settled.exceptions && (settled.upTo != 0 || settled.ahead != 0)) settled.exceptions = true;
    }
}
