// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CLAWBACK_ALLOWED, Terms} from "../../contracts/agreements/types/Terms.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {Plans} from "./support/Plans.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

/// @dev A payment of somebody else's, which the account disputes, rules on or gives back by its signature.
abstract contract SignedRuling is SignedForm {
    address internal payer = address(0xACC);
    uint32 internal holdDays = 10;
    mapping(address account => AgreementId) private _agreements;

    function _verifier() internal view override returns (address) {
        return address(ledger);
    }

    function _termsOf(address account) internal view returns (Terms memory terms) {
        address[] memory two = _pair(account, stranger);
        terms = _terms(two, _equalShares(two));
        terms.holdSeconds = holdDays * 1 days;
        terms.arbiter = account;
        terms.clawback = CLAWBACK_ALLOWED;
    }

    function _paymentOf(address account) internal view returns (Payment memory payment) {
        payment.payer = payer;
        payment.invoiceRef = bytes32(uint256(uint160(account)));
        payment.agreement = _agreements[account];
        payment.token = address(dollar);
        payment.amount = 1000;
        payment.maturesAt = START;
        if (holdDays != 0) payment.maturesAt = (START / 1 days + holdDays + 1) * 1 days;
    }

    function _prepare(address account) internal virtual override {
        _fund(payer, 1000);
        _agreements[account] = _agree(_termsOf(account));
        _pay(payer, _agreements[account], 1000, bytes32(uint256(uint160(account))));
    }

    /// @dev Once the account has moved to another wallet, that one signs, and the one that was given up does not.
    function test_signed_afterARotationByTheNewWalletAlone() public {
        (Partner memory first, Partner memory next) = (_partner("first wallet"), _partner("next wallet"));
        _prepare(first.account);
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(first.account, next.account, consent.nonce, consent.deadline);
        consent.signature = _signature(next.key, TypedData.digest(address(partners), action));
        vm.prank(first.account);
        partners.rotate(first.account, next.account, consent);
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 digest = TypedData.digest(address(ledger), _action(first.account, signed.nonce, signed.deadline));
        signed.signature = _signature(first.key, digest);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, first.account, next.account));
        _execute(first.account, signed);
        signed.signature = _signature(next.key, digest);
        _execute(first.account, signed);
        vm.assertTrue(_isDone(first.account));
    }
}

contract SignedDisputeTest is SignedRuling {
    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        bytes32 invoiceRef = _paymentOf(account).invoiceRef;
        return MoneyTypedData.dispute(account, payer, invoiceRef, "reason", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Payment memory payment = _paymentOf(account);
        ledger.disputeWithAuthorization(account, payment, "reason", Plans.opening(_termsOf(account)), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return uint8(uint256(ledger.paymentOf(payer, _paymentOf(account).invoiceRef))) == 2;
    }
}

contract SignedRulingOnADisputeTest is SignedRuling {
    function _prepare(address account) internal override {
        super._prepare(account);
        Payment memory payment = _paymentOf(account);
        vm.prank(stranger);
        ledger.dispute(stranger, payment, "reason", Plans.opening(_termsOf(account)));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        bytes32 invoiceRef = _paymentOf(account).invoiceRef;
        return MoneyTypedData.rule(account, payer, invoiceRef, START, 400, "reason", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Payment memory payment = _paymentOf(account);
        payment.disputedAt = START;
        ledger.ruleWithAuthorization(account, payment, 400, "reason", Plans.opening(_termsOf(account)), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return ledger.refundDue(payer, _paymentOf(account).invoiceRef) == 400;
    }
}

contract SignedClawbackRulingTest is SignedRuling {
    function _prepare(address account) internal override {
        holdDays = 0;
        super._prepare(account);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        bytes32 invoiceRef = _paymentOf(account).invoiceRef;
        return MoneyTypedData.ruleClawback(account, payer, invoiceRef, 400, "reason", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Payment memory payment = _paymentOf(account);
        ledger.ruleClawbackWithAuthorization(
            account, payment, 400, "reason", Plans.opening(_termsOf(account)), authorization
        );
    }

    function _isDone(address account) internal view override returns (bool) {
        return ledger.bookOf(_paymentOf(account).agreement, address(dollar)).owed == 400;
    }
}

/// @dev The other payee carries it, and thereby consents.
contract SignedConsentToClawbackTest is SignedRuling {
    uint256 private _clawedBack;

    function _prepare(address account) internal override {
        holdDays = 0;
        super._prepare(account);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        bytes32 invoiceRef = _paymentOf(account).invoiceRef;
        return MoneyTypedData.consentToClawback(account, payer, invoiceRef, 0, 400, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Terms memory terms = _termsOf(account);
        Payment memory payment = _paymentOf(account);
        Authorization[] memory consents = new Authorization[](2);
        consents[terms.payees[0].account == account ? 0 : 1] = authorization;
        payment.refunded = _clawedBack; // a second time it is the same payment, less what the first took
        vm.prank(stranger);
        ledger.clawBackByConsent(payment, 400, Plans.whole(terms), consents);
        if (_isDone(account)) _clawedBack = 400;
    }

    function _isDone(address account) internal view override returns (bool) {
        return ledger.bookOf(_paymentOf(account).agreement, address(dollar)).agreed == 400;
    }

    function _refusalOfEmpty(address account) internal view override returns (bytes memory) {
        bytes32 action = ledger.clawbackAction(payer, _paymentOf(account).invoiceRef, 0, 400);
        return abi.encodeWithSelector(IConsents.ConsentMissing.selector, account, action);
    }
}

/// @dev What rulings and debts owe a payer, to a recipient that it names. The account is the payer.
abstract contract SignedPayout is SignedRuling {
    address internal constant RECIPIENT = address(0x4ec1);

    function _refundedPayment(address account) internal view returns (Payment memory payment) {
        payment = _paymentOf(account);
        (payment.payer, payment.refunded) = (account, 400);
    }

    function _prepare(address account) internal virtual override {
        payer = account;
        super._prepare(account);
    }

    function _isDone(address) internal view override returns (bool) {
        return dollar.balanceOf(RECIPIENT) == 400;
    }
}

contract SignedRefundPayoutTest is SignedPayout {
    function _prepare(address account) internal override {
        super._prepare(account);
        Payment memory payment = _paymentOf(account);
        vm.prank(stranger);
        ledger.dispute(stranger, payment, "reason", Plans.opening(_termsOf(account)));
        payment.disputedAt = START;
        vm.prank(account);
        ledger.rule(account, payment, 400, "reason", Plans.opening(_termsOf(account)));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        bytes32 invoiceRef = _paymentOf(account).invoiceRef;
        return MoneyTypedData.payRefund(account, account, invoiceRef, RECIPIENT, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Payment memory payment = _refundedPayment(account);
        payment.disputedAt = START;
        ledger.payRefundWithAuthorization(account, payment, RECIPIENT, authorization);
    }
}

contract SignedDebtPayoutTest is SignedPayout {
    function _prepare(address account) internal override {
        holdDays = 0;
        super._prepare(account);
        Payment memory payment = _paymentOf(account);
        vm.prank(account);
        ledger.ruleClawback(account, payment, 400, "reason", Plans.opening(_termsOf(account)));
        _fund(stranger, 400);
        _pay(stranger, payment.agreement, 400, payment.invoiceRef);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        AgreementId agreement = _paymentOf(account).agreement;
        return MoneyTypedData.payDebt(account, agreement, address(dollar), 1, RECIPIENT, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        AgreementId agreement = _paymentOf(account).agreement;
        ledger.payDebtWithAuthorization(account, agreement, address(dollar), 1, RECIPIENT, authorization);
    }
}
