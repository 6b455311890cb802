// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {CLAWBACK_INHERITED, NATIVE_COIN} from "../../agreements/types/Terms.sol";
import {AgreementId, NO_AGREEMENT} from "../../shared/types/Ids.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IRefunds} from "../interfaces/IRefunds.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
import {DaySet} from "../libraries/DaySet.sol";
import {PaymentRecord} from "../libraries/PaymentRecord.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Payment} from "../types/Payments.sol";
import {RevenueEntries} from "./RevenueEntries.sol";
import {RevenueState} from "./RevenueState.sol";

/// @title How money goes from held to released, and serves debts on its way
/// @notice What the ledger and {RevenueSettlement} both do to the books, and how both know a payment again.
abstract contract RevenueBooks is RevenueState, RevenueEntries, IRevenueBooks {
    using SafeERC20 for IERC20;
    using DaySet for mapping(uint256 word => uint256 bits);

    /// @dev What {IBookViews.MAX_BATCH} says.
    // slither-disable-next-line unused-state: one of those that run the ledger's code has no use for it
    uint256 internal constant MOST_INVOICES = 100;
    /// @dev What {IBookViews.RULING_SECONDS} says.
    // slither-disable-next-line unused-state: likewise
    uint256 internal constant MOST_RULING_SECONDS = 60 days;
    /// @dev Days that one claim releases at most. Whoever is owed for more of them claims again, or calls `mature`.
    uint256 internal constant MOST_DAYS = 64;

    // -- books -------------------------------------------------------------------------------------------------------

    /// @dev The book as it is, or as it would begin.
    function _bookOrNew(AgreementId agreement, address token) internal view returns (PackedBook book) {
        book = _books[bookIdOf(agreement, token)];
        // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
        if (!book.exists()) book = AGREEMENTS.newBookOf(agreement, token);
    }

    function _periodOf(PackedBook book, uint256 maturesAt) internal pure returns (uint256) {
        return (maturesAt - book.validFrom()) / (book.periodDays() * 1 days);
    }

    // -- held and released -------------------------------------------------------------------------------------------

    /// @dev Puts an amount into the bucket of its day, which has not come.
    function _hold(BookId id, uint256 day, uint256 amount) internal {
        Amount storage bucket = _held[id][day];
        uint256 held;
        unchecked {
            held = bucket.value + amount; // at most a hundred amounts of less than 2^128
        }
        if (held > type(uint128).max) revert IRevenueBooks.TotalTooLarge(held);
        bucket.value = held;
        if (held == amount) _heldDays[id].add(day);
    }

    /// @notice The book with an amount added to what is split, less what serves debts. The caller stores it.
    /// @param maturesAt of the payment or the day that is released
    function _release(AgreementId agreement, address token, PackedBook book, uint256 amount, uint256 maturesAt)
        internal
        returns (PackedBook)
    {
        if (book.owes()) (book, amount) = _serveDebts(agreement, token, book, amount, maturesAt);
        if (book.periodDays() != 0) _released[bookIdOf(agreement, token)][_periodOf(book, maturesAt)] += amount;
        return _grown(book, amount);
    }

    /// @dev The book with an amount of less than 2^255 added to its total.
    function _grown(PackedBook book, uint256 amount) internal pure returns (PackedBook) {
        unchecked {
            uint256 total = book.released() + amount;
            if (total > type(uint128).max) revert IRevenueBooks.TotalTooLarge(total);
        }
        return book.add(amount);
    }

    /// @dev Whether a day may have come of which something is still held.
    function _isDue(PackedBook book) internal view returns (bool) {
        return book.holdDays() != 0 && book.nextDay() <= block.timestamp / 1 days;
    }

    /// @dev The book with the days released that have come, the oldest first, and at most this many. Stores it.
    function _mature(AgreementId agreement, address token, PackedBook book, uint256 most)
        internal
        returns (PackedBook, uint256 days_)
    {
        BookId id = bookIdOf(agreement, token);
        uint256 today = block.timestamp / 1 days;
        uint256 day = book.nextDay();
        while (true) {
            day = _heldDays[id].next(day, today);
            if (day > today || days_ == most) break;
            uint256 amount = _held[id][day].value;
            if (amount != 0) {
                // Only a token of absurd supply comes here. What was released before stays claimable.
                if (book.released() + amount > type(uint128).max) break;
                delete _held[id][day];
                uint256 maturesAt = day * 1 days;
                _emitMatured(agreement, token, maturesAt, amount);
                book = _release(agreement, token, book, amount, maturesAt);
            }
            ++days_;
            ++day;
        }
        if (days_ != 0) _books[id] = book = book.releasedBefore(day);
        return (book, days_);
    }

    // -- debts -------------------------------------------------------------------------------------------------------

    /// @notice Serves debts by ruling, the agreement's and those of the predecessors that its terms inherit, the nearest first; then
    /// those that the agreement's own payees agreed to.
    /// @return after_ the book, known to owe nothing when something is left
    function _serveDebts(AgreementId agreement, address token, PackedBook book, uint256 amount, uint256 maturesAt)
        private
        returns (PackedBook after_, uint256 left)
    {
        left = amount;
        AgreementId debtor = agreement;
        PackedBook version = book;
        while (version.exists()) {
            left -= _serve(_owing[bookIdOf(debtor, token)], agreement, token, debtor, false, left, maturesAt);
            if (left == 0) return (book, 0);
            (debtor, version) = _heirTo(debtor, token, version);
        }
        left -= _serve(_agreed[bookIdOf(agreement, token)], agreement, token, agreement, true, left, maturesAt);
        return (left == 0 ? book : book.owing(false), left);
    }

    function _serve(
        Owing storage owing,
        AgreementId agreement,
        address token,
        AgreementId debtor,
        bool byConsent,
        uint256 most,
        uint256 maturesAt
    ) private returns (uint256 part) {
        part = _left(owing);
        if (part > most) part = most;
        if (part == 0) return 0;
        owing.served += uint128(part);
        _emitNetted(agreement, token, debtor, byConsent, part, maturesAt);
    }

    /// @dev What is owed of the debts that this agreement's revenue serves.
    function _owedBy(AgreementId agreement, address token, PackedBook version) internal view returns (uint256 sum) {
        sum = _left(_agreed[bookIdOf(agreement, token)]);
        while (version.exists()) {
            sum += _left(_owing[bookIdOf(agreement, token)]);
            (agreement, version) = _heirTo(agreement, token, version);
        }
    }

    function _left(Owing storage owing) private view returns (uint256) {
        return owing.owed - owing.served;
    }

    /// @dev The predecessor whose debts this version serves too; no book when its terms do not say so, or when the
    /// predecessor does not take the token.
    function _heirTo(AgreementId agreement, address token, PackedBook version)
        private
        view
        returns (AgreementId predecessor, PackedBook)
    {
        if (version.clawback() & CLAWBACK_INHERITED == 0) return (NO_AGREEMENT, PackedBook.wrap(0));
        // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
        predecessor = AGREEMENTS.predecessorOf(agreement);
        return (predecessor, _bookOrNew(predecessor, token));
    }

    // -- payments ----------------------------------------------------------------------------------------------------

    /// @dev Requires that the payment is recorded as described, and says what {PaymentRecord} knows of it besides.
    function _statusOf(Payment calldata payment) internal view returns (uint256 status) {
        status = PaymentRecord.statusOf(_payments[payment.payer][payment.invoiceRef].value, payment);
        if (status == 0) revert IRevenueBooks.PaymentUnknown(payment.payer, payment.invoiceRef);
    }

    /// @dev As {_statusOf}, of a payment that is not in dispute.
    function _requireUndisputed(Payment calldata payment) internal view returns (uint256 status) {
        if (PaymentRecord.isDisputed(_payments[payment.payer][payment.invoiceRef].value)) {
            revert IRevenueBooks.InDispute(payment.invoiceRef);
        }
        return _statusOf(payment);
    }

    /// @dev Requires that the call comes from the wallet that stands for the payer now, see {IPartnerRegistry.successorOf}.
    function _requirePayer(address payer) internal view {
        if (msg.sender != PARTNERS.successorOf(payer)) revert IRefunds.NotThePayer(payer, msg.sender);
    }

    /// @dev Requires that one of the account's wallets paid: the account signs for it.
    function _requirePayersAccount(address account, address payer) internal view {
        if (PARTNERS.accountOf(payer) != account) revert IRefunds.NotThePayer(payer, account);
    }

    /// @dev The ledger's own balance is everybody's: what is sent to itself would be gone.
    function _requireRecipient(address recipient) internal view {
        if (recipient == address(0) || recipient == address(this)) revert IClaims.RecipientInvalid();
    }

    /// @dev Sends tokens, or the chain's own coin. Nothing may follow that relies on what was read before.
    function _send(address token, address recipient, uint256 amount) internal {
        if (token == NATIVE_COIN) Address.sendValue(payable(recipient), amount);
        else IERC20(token).safeTransfer(recipient, amount);
    }
}
