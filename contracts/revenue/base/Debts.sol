// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Opening, Payee, Tranche} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, NO_AGREEMENT} from "../../shared/types/Ids.sol";
import {IDebts} from "../interfaces/IDebts.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
import {DISPUTE_OVER, PAID, PaymentRecord} from "../libraries/PaymentRecord.sol";
import {RulingHash} from "../libraries/RulingHash.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {Debt} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Payment} from "../types/Payments.sol";
import {Disputes} from "./Disputes.sol";

/// @title Refunds of what was released, as debts of the agreement
/// @notice See {IDebts}.
abstract contract Debts is Disputes, IDebts {
    /// @inheritdoc IDebts
    function clawBackByConsent(
        Payment calldata payment,
        uint256 amount,
        bytes32 conditionsHash,
        Tranche[] calldata tranches,
        Payee[] calldata payees,
        Authorization[] calldata consents
    ) external nonReentrant returns (uint32 debt) {
        _requireReleased(payment, amount);
        bytes32 root = Plan.agreementRoot(Plan.planRootOver(tranches, payees), conditionsHash);
        if (root != _rootOf(payment)) revert IDisputes.TermsMismatch(payment.agreement);
        if (consents.length != payees.length) revert ConsentsMissing(payees.length, consents.length);
        bytes32 action = RulingHash.clawback(payment.payer, payment.invoiceRef, payment.refunded, amount);
        for (uint256 i; i < payees.length; ++i) {
            address account = payees[i].account;
            _useConsent(account, action, RulingHash.consent(account, payment, amount, consents[i]), consents[i]);
        }
        return _clawBack(address(0), payment, amount, 0);
    }

    /// @inheritdoc IDebts
    function ruleClawback(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) external nonReentrant returns (uint32 debt) {
        _requireWallet(arbiter);
        return _ruleClawback(arbiter, payment, amount, reason, opening);
    }

    /// @inheritdoc IDebts
    function ruleClawbackWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant returns (uint32 debt) {
        _spend(arbiter, RulingHash.ruleClawback(arbiter, payment, amount, reason, authorization), authorization);
        return _ruleClawback(arbiter, payment, amount, reason, opening);
    }

    /// @inheritdoc IDebts
    function payDebt(AgreementId agreement, address token, uint32 debt) external nonReentrant returns (uint256 amount) {
        Debt storage owed = _debt(agreement, token, debt);
        return _payDebt(agreement, token, debt, owed, PARTNERS.successorOf(owed.payer));
    }

    /// @inheritdoc IDebts
    function payDebtTo(AgreementId agreement, address token, uint32 debt, address recipient)
        external
        nonReentrant
        returns (uint256 amount)
    {
        Debt storage owed = _debt(agreement, token, debt);
        _requirePayer(owed.payer);
        return _payDebt(agreement, token, debt, owed, recipient);
    }

    /// @inheritdoc IDebts
    function payDebtWithAuthorization(
        address account,
        AgreementId agreement,
        address token,
        uint32 debt,
        address recipient,
        Authorization calldata authorization
    ) external nonReentrant returns (uint256 amount) {
        Debt storage owed = _debt(agreement, token, debt);
        _requirePayersAccount(account, owed.payer);
        bytes32 action = RulingHash.payDebt(account, agreement, token, debt, recipient, authorization);
        _spend(account, action, authorization);
        return _payDebt(agreement, token, debt, owed, recipient);
    }

    function _debt(AgreementId agreement, address token, uint32 debt) private view returns (Debt storage) {
        Debt[] storage debts = _debts[bookIdOf(agreement, token)];
        if (debt == 0 || debt > debts.length) revert IRevenueBooks.DebtUnknown(debt);
        return debts[debt - 1];
    }

    function _payDebt(AgreementId agreement, address token, uint32 debt, Debt storage owed, address recipient)
        private
        returns (uint256 amount)
    {
        _requireRecipient(recipient);
        (uint128 from, uint128 to) = (owed.from, owed.to);
        uint128 served = _owing[bookIdOf(agreement, token)].served;
        if (to > served) to = served;
        if (to <= from) revert IRevenueBooks.NothingToPay();
        owed.from = to;
        amount = to - from;
        _emitDebtPaid(agreement, owed.payer, token, debt, recipient, amount);
        _send(token, recipient, amount);
    }

    function _ruleClawback(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) private returns (uint32) {
        _requireReleased(payment, amount);
        _requireArbiter(arbiter, payment, opening);
        return _clawBack(arbiter, payment, amount, reason);
    }

    /// @dev Makes the amount a debt. What is due by then is released first, so that only later revenue serves it.
    function _clawBack(address by, Payment calldata payment, uint256 amount, bytes32 reason)
        private
        returns (uint32 debt)
    {
        (AgreementId agreement, address token, address payer) = (payment.agreement, payment.token, payment.payer);
        BookId id = bookIdOf(agreement, token);
        _books[id] = _matured(agreement, token, _books[id]).owing(true);
        _markSuccessors(agreement, token);
        // It was not in dispute, and by its record nor is it now: whether it ever was shows in `disputedAt`.
        uint256 status = payment.disputedAt == 0 ? PAID : DISPUTE_OVER;
        _payments[payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded + amount, payment.disputedAt, status);
        uint128 from = _owing[id].owed;
        uint128 to = from + uint128(amount);
        _owing[id].owed = to;
        _debts[id].push(Debt(payer, from, to));
        debt = uint32(_debts[id].length);
        _emitClawedBack(agreement, payer, by, token, payment.invoiceRef, amount, debt, reason);
    }

    /// @dev Has the revenue of the successors looked at that serve this agreement's debts. A successor that has no book yet
    /// looks for itself when it gets one.
    function _markSuccessors(AgreementId agreement, address token) private {
        while (true) {
            // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
            agreement = AGREEMENTS.standingOf(agreement).successor;
            if (agreement == NO_AGREEMENT) return;
            PackedBook book = _bookOrNew(agreement, token);
            if (!book.exists() || book.clawback() & CLAWBACK_INHERITED == 0) return;
            BookId id = bookIdOf(agreement, token);
            if (_books[id].exists()) _books[id] = _matured(agreement, token, book).owing(true);
        }
    }

    /// @dev The book with all released that is due.
    function _matured(AgreementId agreement, address token, PackedBook book) private returns (PackedBook) {
        if (!_isDue(book)) return book;
        uint256 count;
        (book, count) = _mature(agreement, token, book, MOST_DAYS);
        if (count == MOST_DAYS) revert IRevenueBooks.MatureFirst(agreement, token);
        return book;
    }

    function _requireReleased(Payment calldata payment, uint256 amount) private view {
        _requireUndisputed(payment);
        bytes32 invoiceRef = payment.invoiceRef;
        if (block.timestamp < payment.maturesAt) revert IDebts.StillHeld(invoiceRef, payment.maturesAt);
        PackedBook book = _books[bookIdOf(payment.agreement, payment.token)];
        if (book.clawback() & CLAWBACK_ALLOWED == 0) revert IDebts.ClawbackNotAgreed(payment.agreement);
        uint256 left = payment.amount - payment.refunded;
        if (amount == 0 || amount > left) revert IRevenueBooks.RefundInvalid(invoiceRef, amount, left);
    }
}
