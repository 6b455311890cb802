// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Opening} from "../../../contracts/agreements/types/Terms.sol";
import {Book, Debt, Share} from "../../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment} from "../../../contracts/revenue/types/Payments.sol";
import {WholePlan} from "../../../contracts/revenue/types/WholePlan.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {AgreementId, NO_DEAL} from "../../../contracts/shared/types/Ids.sol";
import {Divisions} from "./Divisions.sol";
import {Ecosystem} from "./Ecosystem.sol";
import {FeeToken} from "./HostileTokens.sol";
import {MoneyTypedData} from "./MoneyTypedData.sol";
import {Plans} from "./Plans.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title What payers, payees and the arbiter may do in any order, by call or by signature
/// @dev What money is where is counted here from the actions alone.
abstract contract MoneyActions is Ecosystem {
    /// @dev How many payments are looked through for one to act on, the newest first: they may still be held.
    uint256 private constant RECENT = 16;
    uint256 private constant NONE = type(uint256).max;

    Payment[] internal _payments;
    mapping(address payer => mapping(bytes32 invoiceRef => bool)) private _inDispute;

    /// @notice How often the rarer actions succeeded, by what they are called.
    mapping(string action => uint256) public done;

    /// @notice What the ledger's balance grew by in payments to a version.
    mapping(uint256 version => mapping(address token => uint256)) public received;
    /// @notice What payers have, or can have, back of it.
    mapping(uint256 version => mapping(address token => uint256)) public refunded;
    /// @notice Of that, what rulings gave back and was not paid out.
    mapping(address token => uint256) public refundsDue;
    /// @notice What debts were paid out.
    mapping(address token => uint256) public debtsPaid;
    /// @notice What was sent to the ledger without a payment.
    mapping(address token => uint256) public donated;

    // -- money in ----------------------------------------------------------------------------------------------------

    function pay(uint256 who, uint256 which, uint256 token, uint256 amount, uint256 deal) external journaled {
        // Now and then to a version that was amended: for a deal won before, or in vain.
        uint256 version = deal % 4 == 0 ? which % _versions.length : _newest[which % PEOPLE];
        Invoice memory invoice = _newInvoice(amount);
        if (deal % 8 < 2) invoice.deal = _wonUnder(_versions[version].agreement, deal);
        _payOne(who % PAYERS, version, tokenAt(token), invoice, deal % 3 == 0);
    }

    function payBatch(uint256 who, uint256 which, uint256 token, uint256 amount) external journaled {
        address paid = tokenAt(token % 2); // a batch refuses the token that takes a fee
        address payer = _actingFor(_payers[who % PAYERS].account);
        Bundle[] memory bundles = _newBundles(payer, which, paid, amount);
        vm.prank(payer);
        ledger.payBatch(paid, bundles);
    }

    function donate(uint256 token, uint256 amount) external journaled {
        FeeToken(tokenAt(token)).mint(address(ledger), amount % 1e24);
        donated[tokenAt(token)] += amount % 1e24;
    }

    // -- money out ---------------------------------------------------------------------------------------------------

    function claim(uint256 which, uint256 payee, uint256 token, uint256 period) external journaled {
        uint256 version = which % _versions.length;
        _claim(version, payee % payeesOf(version), period % periodsOf(version), tokenAt(token));
    }

    function claimAcross(uint256 payee, uint256 token, uint256 to) external journaled {
        Partner memory owed = _people[payee % PEOPLE];
        Share[] memory shares = _sharesOf(owed.account);
        address paid = tokenAt(token);
        address wallet = _actingFor(owed.account);
        if (to % 3 == 0) {
            return _noteGained(wallet, paid, ledger.claimAcross(owed.account, paid, shares));
        }
        uint256 amount;
        if (to % 3 == 1) {
            vm.prank(wallet);
            amount = ledger.claimTo(owed.account, stranger, paid, shares);
        } else {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.claimTo(owed.account, stranger, paid, shares, signed.nonce, signed.deadline);
            signed = _signedBy(owed.account, address(ledger), signed, action);
            amount = ledger.claimToWithAuthorization(owed.account, stranger, paid, shares, signed);
        }
        _noteGained(stranger, paid, amount);
    }

    /// @dev All or some of the payees of a version, each to its wallet, exactly what each could claim.
    function distribute(uint256 which, uint256 token, uint256 period, uint256 most) external journaled {
        _distribute(which % _versions.length, period % periodsOf(which % _versions.length), tokenAt(token), most);
    }

    function _distribute(uint256 version, uint256 period, address token, uint256 most) internal {
        uint256 count = payeesOf(version);
        AgreementId agreement = _versions[version].agreement;
        uint256[] memory before = new uint256[](count);
        ledger.mature(agreement, token, type(uint256).max);
        for (uint256 i; i < count; ++i) {
            before[i] = _claimableAt(version, i, token, period);
        }
        uint256 amount =
            ledger.distribute(agreement, token, Divisions.all(_termsOf(version), period, most % (count + 1)));
        for (uint256 i; i < count; ++i) {
            uint256 left = _claimableAt(version, i, token, period);
            if (left != 0 && most % (count + 1) % count == 0) _never("everybody paid, and something left");
            _noteGained(_actingFor(_versions[version].payees[i]), token, before[i] - left);
            amount -= before[i] - left;
        }
        if (amount != 0) _never("more paid than could be claimed");
        ++done["pay everybody"];
    }

    function refund(uint256 which, uint256 amount, bool signedForm) external journaled {
        _refundOf(_heldAt(which, false), amount, signedForm);
    }

    /// @dev Of what waits for a ruling, now and then of all of it. Where nothing held waits for one, because what is disputed
    /// was ruled, dropped or fell due before this was drawn, a payment is disputed first: else this would hardly ever happen.
    function refundInDispute(uint256 which, uint256 amount, bool signedForm) external journaled {
        if (_heldPlace(which, true) == NONE) _dispute(_heldAt(which, false), signedForm);
        Payment storage payment = _heldAt(which, true);
        if (amount % 3 == 0) amount = payment.amount - payment.refunded - 1;
        _refundOf(payment, amount, signedForm);
        if (payment.refunded == payment.amount) _inDispute[payment.payer][payment.invoiceRef] = false;
        ++done["refund in dispute"];
    }

    function _refundOf(Payment storage payment, uint256 amount, bool signedForm) private {
        uint256 part = 1 + amount % (payment.amount - payment.refunded);
        address account = _accountOf[payment.payer];
        address recipient = amount % 4 == 0 ? stranger : _actingFor(account);
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.refund(
                account, payment.payer, payment.invoiceRef, recipient, part, signed.nonce, signed.deadline
            );
            signed = _signedBy(account, address(ledger), signed, action);
            ledger.refundWithAuthorization(account, payment, recipient, part, signed);
        } else {
            vm.prank(_actingFor(account));
            if (recipient == stranger) ledger.refundTo(payment, recipient, part);
            else ledger.refund(payment, part);
        }
        ++done["refund"];
        _noteBack(payment, part);
        _noteGained(recipient, payment.token, part);
    }

    function dispute(uint256 which, bool signedForm) external journaled {
        _dispute(_heldAt(which, false), signedForm);
    }

    function _dispute(Payment storage payment, bool signedForm) private {
        if (payment.disputedAt != 0) revert NothingToDo();
        uint256 version = _versionOf(payment.agreement);
        address party = _people[_versions[version].partner].account;
        Opening memory opening = Plans.opening(_termsOf(version));
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.dispute(
                party, payment.payer, payment.invoiceRef, "reason", signed.nonce, signed.deadline
            );
            signed = _signedBy(party, address(ledger), signed, action);
            ledger.disputeWithAuthorization(party, payment, "reason", opening, signed);
        } else {
            vm.prank(_actingFor(party));
            ledger.dispute(party, payment, "reason", opening);
        }
        payment.disputedAt = uint40(block.timestamp);
        _inDispute[payment.payer][payment.invoiceRef] = true;
        ++done["dispute"];
    }

    function drop(uint256 which) external journaled {
        Payment storage payment = _disputedAt(which);
        uint256 ruleBy = payment.disputedAt + ledger.RULING_SECONDS();
        if (which % 4 == 0 && block.timestamp < ruleBy) vm.warp(ruleBy);
        _drop(payment);
    }

    function rule(uint256 which, uint256 amount, bool signedForm) external journaled {
        Payment storage payment = _disputedAt(which);
        uint256 part = amount % (payment.amount - payment.refunded + 1);
        Opening memory opening = Plans.opening(_termsOf(_versionOf(payment.agreement)));
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.rule(
                _arbiter,
                payment.payer,
                payment.invoiceRef,
                payment.disputedAt,
                part,
                "reason",
                signed.nonce,
                signed.deadline
            );
            signed = _signedBy(_arbiter, address(ledger), signed, action);
            ledger.ruleWithAuthorization(_arbiter, payment, part, "reason", opening, signed);
        } else {
            vm.prank(_actingFor(_arbiter));
            ledger.rule(_arbiter, payment, part, "reason", opening);
        }
        _inDispute[payment.payer][payment.invoiceRef] = false;
        _noteBack(payment, part);
        refundsDue[payment.token] += part;
        ++done["rule"];
    }

    function clawBack(uint256 which, uint256 amount, bool signedForm) external journaled {
        Payment storage payment = _releasedAt(which);
        uint256 part = 1 + amount % (payment.amount - payment.refunded);
        Opening memory opening = Plans.opening(_termsOf(_versionOf(payment.agreement)));
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.ruleClawback(
                _arbiter, payment.payer, payment.invoiceRef, part, "reason", signed.nonce, signed.deadline
            );
            signed = _signedBy(_arbiter, address(ledger), signed, action);
            ledger.ruleClawbackWithAuthorization(_arbiter, payment, part, "reason", opening, signed);
        } else {
            vm.prank(_actingFor(_arbiter));
            ledger.ruleClawback(_arbiter, payment, part, "reason", opening);
        }
        payment.refunded += part; // owed by the agreement, and no part of what it received
        ++done["claw back by a ruling"];
    }

    /// @dev All payees sign, and their consents come in one call or in two.
    function clawBackByConsent(uint256 which, uint256 amount, bool inParts) external journaled {
        Payment storage payment = _releasedAt(which);
        uint256 version = _versionOf(payment.agreement);
        uint256 part = 1 + amount % (payment.amount - payment.refunded);
        uint256 first = inParts ? 1 : payeesOf(version);
        WholePlan memory plan = Plans.whole(_termsOf(version));
        ledger.clawBackByConsent(payment, part, plan, _consentsOf(version, payment, part, 0, first));
        if (inParts) {
            ledger.clawBackByConsent(payment, part, plan, _consentsOf(version, payment, part, 1, payeesOf(version)));
            ++done["claw back by consent in parts"];
        }
        payment.refunded += part;
        ++done["claw back by consent"];
    }

    function _consentsOf(uint256 version, Payment memory payment, uint256 amount, uint256 from, uint256 to)
        private
        returns (Authorization[] memory consents)
    {
        consents = new Authorization[](to - from);
        for (uint256 i = from; i < to; ++i) {
            address account = _versions[version].payees[i];
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.consentToClawback(
                account, payment.payer, payment.invoiceRef, payment.refunded, amount, signed.nonce, signed.deadline
            );
            consents[i - from] = _signedBy(account, address(ledger), signed, action);
        }
    }

    /// @dev What anyone may do for those who are owed.
    function settle(uint256 which, uint256 token, uint256 most) external journaled {
        uint256 version = which % _versions.length;
        ledger.mature(_versions[version].agreement, tokenAt(token), most % 4);
        if (_payments.length != 0 && most % 4 == 0) _payRefund(_payments[which % _payments.length]);
        _payDebt(version, tokenAt(token), uint32(1 + most % 3));
    }

    // -- parts -------------------------------------------------------------------------------------------------------

    function _payOne(uint256 who, uint256 version, address token, Invoice memory invoice, bool signedForm) private {
        AgreementId agreement = _versions[version].agreement;
        address account = _payers[who].account;
        address payer = _actingFor(account);
        uint256 before = IERC20(token).balanceOf(address(ledger));
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.pay(account, agreement, token, invoice, signed.nonce, signed.deadline);
            signed = _signedBy(account, address(ledger), signed, action);
            ledger.payWithAuthorization(account, agreement, token, invoice, signed);
        } else {
            vm.prank(payer);
            ledger.pay(agreement, token, invoice);
        }
        _noteIn(payer, version, token, invoice, IERC20(token).balanceOf(address(ledger)) - before);
    }

    /// @dev Of two partners' agreements: one invoice and two.
    function _newBundles(address payer, uint256 which, address paid, uint256 amount)
        internal
        returns (Bundle[] memory bundles)
    {
        bundles = new Bundle[](2);
        for (uint256 i; i < 2; ++i) {
            uint256 version = _newest[(which % PEOPLE + i) % PEOPLE];
            bundles[i].agreement = _versions[version].agreement;
            bundles[i].invoices = new Invoice[](1 + i);
            for (uint256 k; k <= i; ++k) {
                bundles[i].invoices[k] = _newInvoice(amount + k);
                _noteIn(payer, version, paid, bundles[i].invoices[k], bundles[i].invoices[k].amount);
            }
        }
    }

    /// @dev Amounts of all sizes, small ones above all: they show what rounding does.
    function _newInvoice(uint256 amount) internal returns (Invoice memory) {
        return _invoice(1 + amount % 10 ** (1 + amount / 7 % 24), bytes32(++_salt));
    }

    function _noteIn(address payer, uint256 version, address token, Invoice memory invoice, uint256 grew) internal {
        // Only what a deal earned that was won in time is owed beyond the end.
        if (invoice.deal == NO_DEAL && block.timestamp > _versions[version].endsAt) _never("revenue after the end");
        received[version][token] += grew;
        _noteSpent(payer, token, invoice.amount);
        Payment memory payment;
        (payment.payer, payment.invoiceRef, payment.deal) = (payer, invoice.invoiceRef, invoice.deal);
        (payment.agreement, payment.token, payment.amount) = (_versions[version].agreement, token, grew);
        uint256 hold = _versions[version].holdSeconds;
        payment.maturesAt = uint40(block.timestamp + hold);
        if (hold != 0) payment.maturesAt = (payment.maturesAt + 1 days - 1) / 1 days * 1 days;
        _payments.push(payment);
    }

    function _noteBack(Payment storage payment, uint256 amount) internal {
        payment.refunded += amount;
        refunded[_versionOf(payment.agreement)][payment.token] += amount;
    }

    function _isInDispute(Payment storage payment) internal view returns (bool) {
        return _inDispute[payment.payer][payment.invoiceRef];
    }

    function _isLeft(Payment storage payment, bool inDispute) private view returns (bool) {
        return _isInDispute(payment) == inDispute && payment.refunded < payment.amount;
    }

    /// @dev One of the newest payments that is not due yet, in dispute or not.
    function _heldAt(uint256 which, bool inDispute) private view returns (Payment storage) {
        uint256 place = _heldPlace(which, inDispute);
        if (place == NONE) revert NothingToDo();
        return _payments[place];
    }

    function _heldPlace(uint256 which, bool inDispute) private view returns (uint256 place) {
        uint256 count = _payments.length;
        uint256 most = count < RECENT ? count : RECENT;
        for (uint256 i; i < most; ++i) {
            place = count - 1 - (which % most + i) % most;
            bool isHeld = block.timestamp < _payments[place].maturesAt;
            if (isHeld && _isLeft(_payments[place], inDispute)) return place;
        }
        return NONE;
    }

    function _releasedAt(uint256 which) private view returns (Payment storage payment) {
        uint256 count = _payments.length;
        for (uint256 i; i < count && i < RECENT; ++i) {
            payment = _payments[(which % count + i) % count];
            if (block.timestamp >= payment.maturesAt && _isLeft(payment, false)) return payment;
        }
        revert NothingToDo();
    }

    function _disputedAt(uint256 which) private view returns (Payment storage payment) {
        uint256 count = _payments.length;
        for (uint256 i; i < count; ++i) {
            payment = _payments[(which % count + i) % count];
            if (_isInDispute(payment)) return payment;
        }
        revert NothingToDo();
    }

    function _payRefund(Payment storage payment) internal {
        if (ledger.refundDue(payment.payer, payment.invoiceRef) == 0) return;
        uint256 amount = ledger.payRefund(payment);
        ++done["pay out a refund"];
        refundsDue[payment.token] -= amount;
        _noteGained(_standingFor(payment.payer), payment.token, amount);
    }

    function _drop(Payment storage payment) internal {
        ledger.dropDispute(payment);
        _inDispute[payment.payer][payment.invoiceRef] = false;
        ++done["drop"];
    }

    /// @return whether there is such a debt
    function _payDebt(uint256 version, address token, uint32 number) internal returns (bool) {
        AgreementId agreement = _versions[version].agreement;
        try ledger.debtOf(agreement, token, number) returns (Debt memory debt) {
            Book memory book = ledger.bookOf(agreement, token);
            uint256 served = debt.byConsent ? book.agreedServed : book.served;
            if (debt.from >= served || debt.from == debt.to) return true;
            uint256 amount = ledger.payDebt(agreement, token, number);
            debtsPaid[token] += amount;
            ++done[debt.byConsent ? "pay a debt by consent" : "pay a debt by ruling"];
            _noteGained(_standingFor(debt.payer), token, amount);
            return true;
        } catch {
            return false;
        }
    }

    function _claim(uint256 version, uint256 payee, uint256 period, address token) internal {
        uint256 foretold = _claimableAt(version, payee, token, period);
        if (foretold == 0) return;
        address account = _versions[version].payees[payee];
        uint256 amount = ledger.claim(account, token, _shareAt(version, payee, period));
        if (amount != foretold) _never("a claim of another amount than foretold");
        _noteGained(_actingFor(account), token, amount);
    }
}
