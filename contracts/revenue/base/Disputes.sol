// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
import {DISPUTE_OVER, IN_DISPUTE, PaymentRecord} from "../libraries/PaymentRecord.sol";
import {RulingHash} from "../libraries/RulingHash.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Payment} from "../types/Payments.sol";
import {PaidTerms} from "./PaidTerms.sol";

/// @title Disputes of held payments, and the rulings on them
/// @notice See {IDisputes}.
abstract contract Disputes is PaidTerms, IDisputes {
    /// @inheritdoc IDisputes
    function dispute(address account, Payment calldata payment, bytes32 reason, Opening calldata opening)
        external
        nonReentrant
    {
        _requireWallet(account);
        _dispute(account, payment, reason, opening);
    }

    /// @inheritdoc IDisputes
    function disputeWithAuthorization(
        address account,
        Payment calldata payment,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, RulingHash.dispute(account, payment, reason, authorization), authorization);
        _dispute(account, payment, reason, opening);
    }

    /// @inheritdoc IDisputes
    function rule(address arbiter, Payment calldata payment, uint256 refunded, bytes32 reason, Opening calldata opening)
        external
        nonReentrant
    {
        _requireWallet(arbiter);
        _rule(arbiter, payment, refunded, reason, opening);
    }

    /// @inheritdoc IDisputes
    function ruleWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(arbiter, RulingHash.rule(arbiter, payment, refunded, reason, authorization), authorization);
        _rule(arbiter, payment, refunded, reason, opening);
    }

    /// @inheritdoc IDisputes
    function dropDispute(Payment calldata payment) external nonReentrant {
        _requireDisputed(payment);
        uint256 ruleBy = payment.disputedAt + MOST_RULING_SECONDS;
        if (block.timestamp < ruleBy) revert IDisputes.RulingAwaited(payment.invoiceRef, ruleBy);
        _settle(address(0), payment, 0, 0);
    }

    /// @inheritdoc IDisputes
    function payRefund(Payment calldata payment) external nonReentrant returns (uint256 amount) {
        return _payRefund(payment, PARTNERS.successorOf(payment.payer));
    }

    /// @inheritdoc IDisputes
    function payRefundTo(Payment calldata payment, address recipient) external nonReentrant returns (uint256 amount) {
        _requirePayer(payment.payer);
        return _payRefund(payment, recipient);
    }

    /// @inheritdoc IDisputes
    function payRefundWithAuthorization(
        address account,
        Payment calldata payment,
        address recipient,
        Authorization calldata authorization
    ) external nonReentrant returns (uint256 amount) {
        _requirePayersAccount(account, payment.payer);
        _spend(account, RulingHash.payRefund(account, payment, recipient, authorization), authorization);
        return _payRefund(payment, recipient);
    }

    function _payRefund(Payment calldata payment, address recipient) private returns (uint256 amount) {
        (address payer, bytes32 invoiceRef) = (payment.payer, payment.invoiceRef);
        _statusOf(payment);
        _requireRecipient(recipient);
        amount = _refundDue[payer][invoiceRef];
        if (amount == 0) revert IRevenueBooks.NothingToPay();
        delete _refundDue[payer][invoiceRef];
        _emitRefundPaid(payment.agreement, payer, payment.token, invoiceRef, recipient, amount);
        _send(payment.token, recipient, amount);
    }

    function _dispute(address account, Payment calldata payment, bytes32 reason, Opening calldata opening) private {
        if (_requireUndisputed(payment) == DISPUTE_OVER) {
            revert IDisputes.DisputedBefore(payment.invoiceRef, payment.disputedAt);
        }
        if (block.timestamp >= payment.maturesAt) {
            revert IRevenueBooks.HoldOver(payment.invoiceRef, payment.maturesAt);
        }
        uint256 amount = payment.amount - payment.refunded;
        if (amount == 0) revert IRevenueBooks.RefundInvalid(payment.invoiceRef, 0, 0);
        _requireOpened(payment, opening);
        if (opening.conditions.arbiter == address(0)) revert IDisputes.NoArbiter(payment.agreement);
        if (!_contains(opening.conditions.parties, account)) {
            revert IDisputes.NotAParty(payment.agreement, account);
        }
        _held[bookIdOf(payment.agreement, payment.token)][payment.maturesAt / 1 days].value -= amount;
        _payments[payment.payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded, block.timestamp, IN_DISPUTE);
        uint256 ruleBy = block.timestamp + MOST_RULING_SECONDS;
        _emitDisputed(
            payment.agreement, payment.payer, account, payment.token, payment.invoiceRef, amount, reason, ruleBy
        );
    }

    function _rule(
        address arbiter,
        Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening
    ) private {
        _requireDisputed(payment);
        _requireArbiter(arbiter, payment, opening);
        _settle(arbiter, payment, refunded, reason);
    }

    /// @dev Ends a dispute: part of the amount waits for the payer, the rest goes where it would be by now.
    function _settle(address by, Payment calldata payment, uint256 refunded, bytes32 reason) private {
        (AgreementId agreement, address token) = (payment.agreement, payment.token);
        uint256 remaining = payment.amount - payment.refunded;
        if (refunded > remaining) revert IRevenueBooks.RefundInvalid(payment.invoiceRef, refunded, remaining);
        remaining -= refunded;
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        bool isHeld = block.timestamp < payment.maturesAt;
        // What was due before the ruling serves debts before it does.
        if (!isHeld && _isDue(book)) (book,) = _mature(agreement, token, book, MOST_DAYS);
        _payments[payment.payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded + refunded, payment.disputedAt, DISPUTE_OVER);
        if (refunded != 0) _refundDue[payment.payer][payment.invoiceRef] = refunded;
        _emitRuled(agreement, payment.payer, by, token, payment.invoiceRef, refunded, remaining, reason);
        if (remaining == 0) return;
        if (isHeld) _hold(id, payment.maturesAt / 1 days, remaining);
        else _books[id] = _release(agreement, token, book, remaining, payment.maturesAt);
    }

    function _requireDisputed(Payment calldata payment) private view {
        bytes32 record = _payments[payment.payer][payment.invoiceRef].value;
        if (record != 0 && !PaymentRecord.isDisputed(record)) revert IDisputes.NotInDispute(payment.invoiceRef);
        _statusOf(payment);
    }

    function _contains(address[] calldata accounts, address account) private pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
