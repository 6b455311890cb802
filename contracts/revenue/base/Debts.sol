// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Opening} from "../../agreements/types/Terms.sol";
import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, NO_AGREEMENT} from "../../shared/types/Ids.sol";
import {IDebts} from "../interfaces/IDebts.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
import {DISPUTE_OVER, PAID, PaymentRecord} from "../libraries/PaymentRecord.sol";
import {RulingHash} from "../libraries/RulingHash.sol";
import {BookId, bookIdOf} from "../types/BookIds.sol";
import {Debt} from "../types/Books.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Payment} from "../types/Payments.sol";
import {WholePlan} from "../types/WholePlan.sol";
import {PaidTerms} from "./PaidTerms.sol";

/// @title Refunds of what was released, as debts of the agreement
/// @notice See {IDebts}.
abstract contract Debts is PaidTerms, IDebts {
    /// @dev Seconds after the first call in which consents to one clawback must all be gathered.
    uint256 private constant MOST_GATHERING = 30 days;

    /// @inheritdoc IDebts
    function consentToClawback(address account, Payment calldata payment, uint256 amount, uint40 deadline)
        external
        nonReentrant
    {
        _requireReleased(payment, amount);
        bytes32 action = RulingHash.clawback(payment.payer, payment.invoiceRef, payment.refunded, amount);
        _keepConsent(account, action, deadline);
        _emitConsentedToClawback(account, action, payment, amount, deadline);
    }

    /// @inheritdoc IDebts
    function clawBackByConsent(
        Payment calldata payment,
        uint256 amount,
        WholePlan calldata plan,
        Authorization[] calldata consents
    ) external nonReentrant returns (uint32 debt) {
        _requireReleased(payment, amount);
        _requireWhole(payment, plan);
        bytes32 action = RulingHash.clawback(payment.payer, payment.invoiceRef, payment.refunded, amount);
        Gathered memory gathered = _gathered[action];
        if (block.timestamp > gathered.until) {
            gathered = Gathered(address(0), uint40(block.timestamp + MOST_GATHERING));
        }
        uint256 next;
        while (next < plan.accounts.length && plan.accounts[next] <= gathered.through) ++next;
        uint256 missing = plan.accounts.length - next;
        if (consents.length == 0 || consents.length > missing) {
            revert IConsents.ConsentsMissing(missing, consents.length);
        }
        for (uint256 i; i < consents.length; ++i) {
            Authorization calldata consent = consents[i];
            gathered.through = plan.accounts[next + i];
            bytes32 signed = RulingHash.consent(gathered.through, payment, amount, consent);
            uint256 until = _useConsent(gathered.through, action, signed, consent);
            if (until < gathered.until) gathered.until = uint40(until);
        }
        if (consents.length == missing) {
            delete _gathered[action];
            return _clawBack(address(0), payment, amount, 0);
        }
        _gathered[action] = gathered;
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

    /// @inheritdoc IDebts
    function debtOf(AgreementId agreement, address token, uint32 debt)
        external
        view
        nonReentrantView
        returns (Debt memory)
    {
        return _debt(agreement, token, debt);
    }

    /// @inheritdoc IDebts
    function clawbackGathered(bytes32 action) external view nonReentrantView returns (address through, uint40 until) {
        Gathered memory gathered = _gathered[action];
        return (gathered.through, gathered.until);
    }

    /// @inheritdoc IDebts
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32)
    {
        return RulingHash.clawback(payer, invoiceRef, refunded, amount);
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
        BookId id = bookIdOf(agreement, token);
        uint128 served = (owed.byConsent ? _agreed[id] : _owing[id]).served;
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
        bool byConsent = by == address(0);
        if (!byConsent) _markSuccessors(agreement, token);
        // It was not in dispute, and by its record nor is it now: whether it ever was shows in `disputedAt`.
        uint256 status = payment.disputedAt == 0 ? PAID : DISPUTE_OVER;
        _payments[payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded + amount, payment.disputedAt, status);
        Owing storage owing = byConsent ? _agreed[id] : _owing[id];
        uint128 from = owing.owed;
        uint128 to = from + uint128(amount);
        owing.owed = to;
        _debts[id].push(Debt(payer, byConsent, from, to));
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

    /// @dev The accounts must ascend: a pair's hash does not tell which came first, and parts go by the order.
    function _requireWhole(Payment calldata payment, WholePlan calldata plan) private view {
        (bytes32 planRoot, bool ascends) = Plan.planRootOfLists(plan.tranches, plan.accounts, plan.weights);
        if (!ascends || _idOf(planRoot, plan.conditionsHash) != payment.agreement) {
            revert IRevenueBooks.TermsMismatch(payment.agreement);
        }
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
