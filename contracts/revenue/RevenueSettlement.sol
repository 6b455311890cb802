// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RevenueBooks} from "./base/RevenueBooks.sol";
import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "./interfaces/IRevenueLedger.sol";
import {PaymentRecord} from "./libraries/PaymentRecord.sol";
import {Plan} from "../agreements/libraries/Plan.sol";
import {RulingHash} from "./libraries/RulingHash.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {PackedBook} from "./types/PackedBook.sol";
import {CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Opening, Payee, Tranche} from "../agreements/types/Terms.sol";

/// @title Disputes, rulings, clawbacks, and the payment of what they leave owed
/// @notice The part of the revenue ledger that is seldom used, in a contract of its own because both do not fit into one. The
/// ledger creates it and runs its code on the ledger's own storage; called by itself it knows no payment. Each function is
/// described in {IRevenueLedger}.
contract RevenueSettlement is RevenueBooks {
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements) RevenueBooks(partners, agreements) {}

    /// @notice See {IRevenueLedger.dispute}.
    function dispute(address account, IRevenueLedger.Payment calldata payment, bytes32 reason, Opening calldata opening)
        external
        nonReentrant
    {
        _requireWallet(account);
        _dispute(account, payment, reason, opening);
    }

    /// @notice See {IRevenueLedger.disputeWithAuthorization}.
    function disputeWithAuthorization(
        address account,
        IRevenueLedger.Payment calldata payment,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, RulingHash.dispute(account, payment, reason, authorization), authorization);
        _dispute(account, payment, reason, opening);
    }

    /// @notice See {IRevenueLedger.rule}.
    function rule(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening
    ) external nonReentrant {
        _requireWallet(arbiter);
        _rule(arbiter, payment, refunded, reason, opening);
    }

    /// @notice See {IRevenueLedger.ruleWithAuthorization}.
    function ruleWithAuthorization(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(arbiter, RulingHash.rule(arbiter, payment, refunded, reason, authorization), authorization);
        _rule(arbiter, payment, refunded, reason, opening);
    }

    /// @notice See {IRevenueLedger.dropDispute}.
    function dropDispute(IRevenueLedger.Payment calldata payment) external nonReentrant {
        _requireDisputed(payment);
        uint256 ruleBy = payment.disputedAt + MOST_RULING_SECONDS;
        if (block.timestamp < ruleBy) revert IRevenueLedger.RulingAwaited(payment.invoiceRef, ruleBy);
        _settle(address(0), payment, 0, 0);
    }

    /// @notice See {IRevenueLedger.payRefund}.
    function payRefund(IRevenueLedger.Payment calldata payment) external nonReentrant returns (uint256 amount) {
        (address payer, bytes32 invoiceRef) = (payment.payer, payment.invoiceRef);
        _requireRecord(payment, _payments[payer][invoiceRef].value, payment.disputedAt);
        amount = _refundDue[payer][invoiceRef];
        if (amount == 0) revert IRevenueLedger.NothingToPay();
        delete _refundDue[payer][invoiceRef];
        address recipient = PARTNERS.successorOf(payer);
        _emit3(
            abi.encode(
                _source(3),
                IRevenueLedger.RefundPaid.selector,
                payment.agreement,
                payer,
                payment.token,
                invoiceRef,
                recipient,
                amount,
                0,
                0
            )
        );
        _send(payment.token, recipient, amount);
    }

    /// @notice See {IRevenueLedger.clawBackByConsent}.
    function clawBackByConsent(
        IRevenueLedger.Payment calldata payment,
        uint256 amount,
        bytes32 conditionsHash,
        Tranche[] calldata tranches,
        Payee[] calldata payees,
        Authorization[] calldata consents
    ) external nonReentrant returns (uint32 debt) {
        _requireReleased(payment, amount);
        bytes32 root = Plan.agreementRoot(Plan.planRootOver(tranches, payees), conditionsHash);
        if (root != _rootOf(payment)) revert IRevenueLedger.TermsMismatch(payment.agreement);
        if (consents.length != payees.length) revert ConsentsMissing(payees.length, consents.length);
        bytes32 action = RulingHash.clawback(payment.payer, payment.invoiceRef, payment.refunded, amount);
        for (uint256 i; i < payees.length; ++i) {
            address account = payees[i].account;
            _useConsent(account, action, RulingHash.consent(account, payment, amount, consents[i]), consents[i]);
        }
        return _clawBack(address(0), payment, amount, 0);
    }

    /// @notice See {IRevenueLedger.ruleClawback}.
    function ruleClawback(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) external nonReentrant returns (uint32 debt) {
        _requireWallet(arbiter);
        return _ruleClawback(arbiter, payment, amount, reason, opening);
    }

    /// @notice See {IRevenueLedger.ruleClawbackWithAuthorization}.
    function ruleClawbackWithAuthorization(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external nonReentrant returns (uint32 debt) {
        _spend(arbiter, RulingHash.ruleClawback(arbiter, payment, amount, reason, authorization), authorization);
        return _ruleClawback(arbiter, payment, amount, reason, opening);
    }

    /// @notice See {IRevenueLedger.payDebt}.
    function payDebt(bytes32 agreement, address token, uint32 debt) external nonReentrant returns (uint256 amount) {
        bytes32 id = _bookId(agreement, token);
        if (debt == 0 || debt > _debts[id].length) revert IRevenueLedger.DebtUnknown(debt);
        IRevenueLedger.Debt storage owed = _debts[id][debt - 1];
        (uint128 from, uint128 to) = (owed.from, owed.to);
        uint128 served = _owing[id].served;
        if (to > served) to = served;
        if (to <= from) revert IRevenueLedger.NothingToPay();
        owed.from = to;
        amount = to - from;
        address payer = owed.payer;
        address recipient = PARTNERS.successorOf(payer);
        _emit3(
            abi.encode(
                _source(3), IRevenueLedger.DebtPaid.selector, agreement, payer, token, debt, recipient, amount, 0, 0
            )
        );
        _send(token, recipient, amount);
    }

    // -- disputes ----------------------------------------------------------------------------------------------------

    function _dispute(
        address account,
        IRevenueLedger.Payment calldata payment,
        bytes32 reason,
        Opening calldata opening
    ) private {
        _requirePaid(payment);
        if (block.timestamp >= payment.maturesAt) {
            revert IRevenueLedger.HoldOver(payment.invoiceRef, payment.maturesAt);
        }
        uint256 amount = payment.amount - payment.refunded;
        if (amount == 0) revert IRevenueLedger.RefundInvalid(payment.invoiceRef, 0, 0);
        _requireOpened(payment, opening);
        if (opening.conditions.arbiter == address(0)) revert IRevenueLedger.NoArbiter(payment.agreement);
        if (!_contains(opening.conditions.parties, account)) {
            revert IRevenueLedger.NotAParty(payment.agreement, account);
        }
        _held[_bookId(payment.agreement, payment.token)][payment.maturesAt / 1 days].value -= amount;
        _payments[payment.payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded, block.timestamp);
        _emit4(
            abi.encode(
                _source(4),
                IRevenueLedger.PaymentDisputed.selector,
                payment.agreement,
                payment.payer,
                account,
                payment.token,
                payment.invoiceRef,
                amount,
                reason,
                block.timestamp + MOST_RULING_SECONDS,
                0,
                0
            )
        );
    }

    function _rule(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening
    ) private {
        _requireDisputed(payment);
        _requireArbiter(arbiter, payment, opening);
        _settle(arbiter, payment, refunded, reason);
    }

    /// @dev Ends a dispute: part of the amount waits for the payer, the rest goes where it would be by now.
    function _settle(address by, IRevenueLedger.Payment calldata payment, uint256 refunded, bytes32 reason) private {
        (bytes32 agreement, address token) = (payment.agreement, payment.token);
        uint256 remaining = payment.amount - payment.refunded;
        if (refunded > remaining) revert IRevenueLedger.RefundInvalid(payment.invoiceRef, refunded, remaining);
        remaining -= refunded;
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _books[id];
        bool isHeld = block.timestamp < payment.maturesAt;
        // What was due before the ruling serves debts before it does.
        if (!isHeld && _isDue(book)) (book,) = _mature(agreement, token, book, MOST_DAYS);
        _payments[payment.payer][payment.invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded + refunded, 0);
        if (refunded != 0) _refundDue[payment.payer][payment.invoiceRef] += refunded;
        _emit4(
            abi.encode(
                _source(4),
                IRevenueLedger.DisputeRuled.selector,
                agreement,
                payment.payer,
                by,
                token,
                payment.invoiceRef,
                refunded,
                remaining,
                reason,
                0,
                0
            )
        );
        if (remaining == 0) return;
        if (isHeld) _hold(id, payment.maturesAt / 1 days, remaining);
        else _books[id] = _release(agreement, token, book, remaining, payment.maturesAt);
    }

    // -- clawbacks ---------------------------------------------------------------------------------------------------

    function _ruleClawback(
        address arbiter,
        IRevenueLedger.Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) private returns (uint32) {
        _requireReleased(payment, amount);
        _requireArbiter(arbiter, payment, opening);
        return _clawBack(arbiter, payment, amount, reason);
    }

    /// @dev Makes the amount a debt. What is due by then is released first, so that only later revenue serves it.
    function _clawBack(address by, IRevenueLedger.Payment calldata payment, uint256 amount, bytes32 reason)
        private
        returns (uint32 debt)
    {
        (bytes32 agreement, address token, address payer) = (payment.agreement, payment.token, payment.payer);
        bytes32 id = _bookId(agreement, token);
        _books[id] = _matured(agreement, token, _books[id]).owing(true);
        _markSuccessors(agreement, token);
        _payments[payer][payment.invoiceRef].value = PaymentRecord.current(payment, payment.refunded + amount, 0);
        uint128 from = _owing[id].owed;
        uint128 to = from + uint128(amount);
        _owing[id].owed = to;
        _debts[id].push(IRevenueLedger.Debt(payer, from, to));
        debt = uint32(_debts[id].length);
        _emit4(
            abi.encode(
                _source(4),
                IRevenueLedger.ClawedBack.selector,
                agreement,
                payer,
                by,
                token,
                payment.invoiceRef,
                amount,
                debt,
                reason,
                0,
                0
            )
        );
    }

    /// @dev Has the revenue of the successors looked at that serve this agreement's debts. A successor that has no book yet
    /// looks for itself when it gets one.
    function _markSuccessors(bytes32 agreement, address token) private {
        while (true) {
            // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
            agreement = AGREEMENTS.standingOf(agreement).successor;
            if (agreement == 0) return;
            PackedBook book = _bookOrNew(agreement, token);
            if (!book.exists() || book.clawback() & CLAWBACK_INHERITED == 0) return;
            bytes32 id = _bookId(agreement, token);
            if (_books[id].exists()) _books[id] = _matured(agreement, token, book).owing(true);
        }
    }

    /// @dev The book with all released that is due.
    function _matured(bytes32 agreement, address token, PackedBook book) private returns (PackedBook) {
        if (!_isDue(book)) return book;
        uint256 count;
        (book, count) = _mature(agreement, token, book, MOST_DAYS);
        if (count == MOST_DAYS) revert IRevenueLedger.MatureFirst(agreement, token);
        return book;
    }

    // -- requirements ------------------------------------------------------------------------------------------------

    function _requireDisputed(IRevenueLedger.Payment calldata payment) private view {
        bytes32 record = _payments[payment.payer][payment.invoiceRef].value;
        if (record != 0 && !PaymentRecord.isDisputed(record)) revert IRevenueLedger.NotInDispute(payment.invoiceRef);
        _requireRecord(payment, record, payment.disputedAt);
    }

    function _requireReleased(IRevenueLedger.Payment calldata payment, uint256 amount) private view {
        _requirePaid(payment);
        bytes32 invoiceRef = payment.invoiceRef;
        if (block.timestamp < payment.maturesAt) revert IRevenueLedger.StillHeld(invoiceRef, payment.maturesAt);
        PackedBook book = _books[_bookId(payment.agreement, payment.token)];
        if (book.clawback() & CLAWBACK_ALLOWED == 0) revert IRevenueLedger.ClawbackNotAgreed(payment.agreement);
        uint256 left = payment.amount - payment.refunded;
        if (amount == 0 || amount > left) revert IRevenueLedger.RefundInvalid(invoiceRef, amount, left);
    }

    function _requireArbiter(address account, IRevenueLedger.Payment calldata payment, Opening calldata opening)
        private
        view
    {
        _requireOpened(payment, opening);
        if (account == address(0) || account != opening.conditions.arbiter) {
            revert IRevenueLedger.NotTheArbiter(payment.agreement, account);
        }
    }

    function _requireOpened(IRevenueLedger.Payment calldata payment, Opening calldata opening) private view {
        if (Plan.rootOf(opening) != _rootOf(payment)) revert IRevenueLedger.TermsMismatch(payment.agreement);
    }

    function _rootOf(IRevenueLedger.Payment calldata payment) private view returns (bytes32) {
        return _roots[_bookId(payment.agreement, payment.token)];
    }

    function _contains(address[] calldata accounts, address account) private pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
