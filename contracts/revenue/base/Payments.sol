// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Standing} from "../../agreements/types/Standing.sol";
import {CLAWBACK_INHERITED, NATIVE_COIN} from "../../agreements/types/Terms.sol";
import {AgreementId, DealId, NO_AGREEMENT, NO_DEAL} from "../../shared/types/Ids.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {PaymentRecord} from "../libraries/PaymentRecord.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Bundle, Invoice, Permit} from "../types/Payments.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title How revenue is paid in
/// @notice See {IPayments}.
abstract contract Payments is RevenueBooks {
    using SafeERC20 for IERC20;

    /// @dev Shows the token a permit. Whether it took it is seen when the tokens are pulled: somebody else may have shown it
    /// before. It says who may pull tokens, never what they pay for.
    function _show(Permit calldata permit, address owner, address token) internal {
        if (token == NATIVE_COIN) revert IPayments.NativeCoinNotPulled();
        bytes memory call_ = abi.encodeCall(
            IERC20Permit.permit, (owner, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s)
        );
        assembly ("memory-safe") {
            // a token has no say in what comes back
            pop(call(gas(), token, 0, add(call_, 0x20), mload(call_), 0, 0))
        }
    }

    function _pay(address payer, AgreementId agreement, address token, Invoice calldata invoice) internal {
        if (_isPaused()) revert IPayments.DepositsArePaused();
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _openBook(id, agreement, token);
        uint256 received = _collect(payer, token, invoice.amount);
        uint256 maturesAt = _maturityOf(book);
        _enter(_payments[payer][invoice.invoiceRef], payer, agreement, token, book, invoice, received, maturesAt);
        _emitReceived(agreement, payer, token, invoice, received, maturesAt);
        _credit(id, agreement, token, book, received, maturesAt);
    }

    function _payBatch(address payer, address token, Bundle[] calldata bundles) internal {
        if (_isPaused()) revert IPayments.DepositsArePaused();
        uint256 count;
        uint256 total;
        for (uint256 i; i < bundles.length; ++i) {
            count += bundles[i].invoices.length;
            total += _payBundle(payer, token, bundles[i].agreement, bundles[i].invoices);
        }
        if (count == 0 || count > MOST_INVOICES) revert IPayments.BatchSizeInvalid(count);
        uint256 received = _collect(payer, token, total);
        if (received != total) revert IPayments.ReceivedOther(total, received);
    }

    /// @notice Records the invoices of a bundle, and credits them.
    /// @return sum of the invoices' amounts, each below 2^128
    function _payBundle(address payer, address token, AgreementId agreement, Invoice[] calldata invoices)
        private
        returns (uint256 sum)
    {
        if (invoices.length == 0) return 0;
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _openBook(id, agreement, token);
        uint256 maturesAt = _maturityOf(book);
        mapping(bytes32 invoiceRef => Record) storage records = _payments[payer];
        for (uint256 i; i < invoices.length; ++i) {
            Invoice calldata invoice = invoices[i];
            uint256 amount = invoice.amount;
            _enter(records[invoice.invoiceRef], payer, agreement, token, book, invoice, amount, maturesAt);
            sum += amount;
        }
        if (invoices.length == 1) {
            _emitReceived(agreement, payer, token, invoices[0], sum, maturesAt);
        } else {
            _emitReceivedTogether(agreement, payer, token, maturesAt, invoices);
        }
        _credit(id, agreement, token, book, sum, maturesAt);
    }

    /// @dev Now where there is no hold, else the beginning of the first day at least the hold later.
    function _maturityOf(PackedBook book) private view returns (uint256) {
        uint256 hold = book.holdDays();
        if (hold == 0) return block.timestamp;
        unchecked {
            // slither-disable-next-line divide-before-multiply: rounded up to a whole day on purpose
            return (block.timestamp + hold * 1 days + 1 days - 1) / 1 days * 1 days;
        }
    }

    /// @dev Adds revenue to its day, or, where it is released at once, to what is split.
    function _credit(
        BookId id,
        AgreementId agreement,
        address token,
        PackedBook book,
        uint256 amount,
        uint256 maturesAt
    ) private {
        if (maturesAt != block.timestamp) return _hold(id, maturesAt / 1 days, amount);
        _books[id] = book.isPlain() ? _grown(book, amount) : _release(agreement, token, book, amount, maturesAt);
    }

    /// @dev The book of an agreement and token, copied from the agreement registry when it is first used.
    function _openBook(BookId id, AgreementId agreement, address token) private returns (PackedBook book) {
        book = _books[id];
        if (book.exists()) return book;
        // slither-disable-next-line calls-loop: our own registries, which call nobody; a batch is as long as its payer makes it
        book = AGREEMENTS.newBookOf(agreement, token);
        if (!book.exists()) revert IPayments.TokenNotAccepted(agreement, token);
        if (block.timestamp < book.validFrom()) revert IPayments.NotYetValid(agreement, book.validFrom());
        return _begin(id, agreement, token, book);
    }

    /// @dev Notes whether the agreement's revenue serves debts. Nothing is due before the day after the first payment.
    function _begin(BookId id, AgreementId agreement, address token, PackedBook book) private returns (PackedBook) {
        if (book.clawback() & CLAWBACK_INHERITED != 0) book = book.owing(_owedBy(agreement, token, book) != 0);
        if (book.holdDays() != 0) _books[id] = book = book.releasedBefore(block.timestamp / 1 days + 1);
        return book;
    }

    /// @dev Takes what is paid and says how much arrived. Tokens are only ever pulled from the caller or from whoever signed
    /// for it.
    // slither-disable-next-line msg-value-in-nonpayable: `pay` and `payBatch` reach it and are payable
    function _collect(address payer, address token, uint256 amount) private returns (uint256 received) {
        if (token == NATIVE_COIN) {
            if (msg.value != amount) revert IPayments.ValueInvalid(amount, msg.value);
            return amount;
        }
        if (msg.value != 0) revert IPayments.ValueInvalid(0, msg.value);
        uint256 before = _balance(token);
        // slither-disable-next-line arbitrary-send-erc20: the payer is the caller or has signed for it
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        unchecked {
            // Of a token that took instead of giving, more "arrived" than any payment can be: it is refused as such.
            return _balance(token) - before;
        }
    }

    /// @dev `IERC20(token).balanceOf(address(this))`, in the scratch space: each payment asks twice.
    function _balance(address token) private view returns (uint256 held) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool answered;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            answered := staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            held := mload(0x00)
        }
        if (!answered) revert IPayments.BalanceUnknown(token);
    }

    /// @notice Records one invoice.
    /// @param record where it is kept
    function _enter(
        Record storage record,
        address payer,
        AgreementId agreement,
        address token,
        PackedBook book,
        Invoice calldata invoice,
        uint256 amount,
        uint256 maturesAt
    ) private {
        if (amount == 0 || amount > type(uint128).max) {
            revert IPayments.AmountInvalid(invoice.invoiceRef, amount);
        }
        if (record.value != 0) revert IPayments.InvoicePaid(payer, invoice.invoiceRef);
        DealId deal = invoice.deal;
        _requireTimely(agreement, book, deal);
        record.value = PaymentRecord.paid(agreement, token, deal, amount, maturesAt);
    }

    /// @dev Revenue of a deal that was won under the agreement is owed beyond the agreement's end.
    function _requireTimely(AgreementId agreement, PackedBook book, DealId deal) private view {
        if (deal == NO_DEAL) {
            if (block.timestamp > book.validUntil()) _refuseLate(agreement, book.validUntil());
            return;
        }
        // slither-disable-next-line calls-loop: our own registries, which call nobody; a batch is as long as its payer makes it
        if (DEALS.wonUnder(deal) != agreement) revert IPayments.DealNotWon(agreement, deal);
    }

    function _refuseLate(AgreementId agreement, uint256 validUntil) private view {
        // slither-disable-next-line calls-loop: ends the batch
        Standing memory standing = AGREEMENTS.standingOf(agreement);
        if (standing.successor != NO_AGREEMENT && block.timestamp >= standing.succeededFrom) {
            revert IPayments.Superseded(standing.successor);
        }
        revert IPayments.AgreementEnded(agreement, validUntil);
    }
}
