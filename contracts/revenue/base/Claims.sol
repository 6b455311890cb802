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
        for (uint256 i; i < shares.length; ++i) {
            amount += _claimShare(account, recipient, token, shares[i]);
        }
        _payOut(account, recipient, token, amount);
    }

    function _claimShare(address account, address recipient, address token, Share calldata share)
        internal
        returns (uint256 amount)
    {
        AgreementId agreement = share.agreement;
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(id, book, account, share)) return 0;
        if (_isDue(book)) (book,) = _mature(agreement, token, book, MOST_DAYS);
        uint32 period = share.period;
        bool isWhole = book.periodDays() == 0;
        Amount storage claimed = _claimed[isWhole ? id.whole() : id.inPeriod(period)][account];
        uint256 earned = _earned(share, isWhole ? book.released() : _released[id][period]);
        amount = earned - claimed.value;
        if (amount == 0) return 0;
        claimed.value = earned;
        _emitClaimed(agreement, account, token, period, recipient, amount);
    }

    function _payOut(address account, address recipient, address token, uint256 amount) internal {
        // The ledger's own balance is everybody's: sent to itself, a claim would be gone.
        if (recipient == address(0) || recipient == address(this)) revert IClaims.RecipientInvalid();
        if (amount == 0) revert IClaims.NothingToClaim(account);
        _send(token, recipient, amount);
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
