// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IRefunds} from "../../contracts/revenue/interfaces/IRefunds.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {BlacklistToken} from "./support/HostileTokens.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";
import {bound, vm} from "./support/Vm.sol";

contract RefundsTest is MoneyWorld {
    Payment private _payment;

    function setUp() public override {
        super.setUp();
        _agree(_held());
        _payment = _paid(_held(), 1000, "ref");
    }

    function _held() private view returns (Terms memory) {
        return _heldTerms(10);
    }

    function _refused(address caller, Payment memory payment, uint256 amount, bytes memory why) private {
        vm.expectRevert(why);
        vm.prank(caller);
        ledger.refund(payment, amount);
    }

    function test_refund_ofAllBringsAllBack() public {
        uint256 before = dollar.balanceOf(payer);
        Payment memory payment = _payment;
        _refund(payment, 1000);
        vm.assertEq(dollar.balanceOf(payer), before + 1000);
        vm.assertEq(ledger.heldUntil(payment.agreement, address(dollar), payment.maturesAt), 0);
        _isRecorded(payment, 1);
        vm.warp(START + 100 days);
        vm.assertEq(_claimable(_held(), 0), 0);
    }

    function test_refund_inParts() public {
        Payment memory payment = _payment;
        _refund(payment, 300);
        _refund(payment, 200);
        _isRecorded(payment, 1);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claim(_held(), 0), 300);
        vm.assertEq(_claim(_held(), 1), 200);
    }

    /// @dev A reference that was paid and refunded stays used: another payment of it would not be the same invoice.
    function test_refund_doesNotFreeTheInvoiceReference() public {
        _refund(_payment, 1000);
        vm.expectRevert(abi.encodeWithSelector(IPayments.InvoicePaid.selector, payer, bytes32("ref")));
        _pay(payer, _payment.agreement, 1000, "ref");
    }

    function test_refund_byAStrangerReverts() public {
        bytes memory why = abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, stranger);
        _refused(stranger, _payment, 1000, why);
        why = abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, parties[0]);
        _refused(parties[0], _payment, 1000, why);
    }

    function test_refund_revertsWithHoldOver() public {
        vm.warp(_payment.maturesAt);
        bytes memory why =
            abi.encodeWithSelector(IRevenueBooks.HoldOver.selector, bytes32("ref"), uint256(_payment.maturesAt));
        _refused(payer, _payment, 1000, why);
        vm.warp(_payment.maturesAt - 1);
        _refund(_payment, 1000);
    }

    function test_refund_withoutAHoldRevertsWithHoldOver() public {
        Terms memory terms = _heldTerms(0);
        _agree(terms);
        Payment memory payment = _paid(terms, 100, "ref 2");
        _refused(payer, payment, 100, abi.encodeWithSelector(IRevenueBooks.HoldOver.selector, bytes32("ref 2"), START));
    }

    function test_refund_revertsWithRefundInvalid() public {
        bytes4 why = IRevenueBooks.RefundInvalid.selector;
        _refused(payer, _payment, 0, abi.encodeWithSelector(why, bytes32("ref"), 0, 1000));
        _refused(payer, _payment, 1001, abi.encodeWithSelector(why, bytes32("ref"), 1001, 1000));
        Payment memory payment = _payment;
        _refund(payment, 999);
        _refused(payer, payment, 2, abi.encodeWithSelector(why, bytes32("ref"), 2, 1));
        _refund(payment, 1);
        _refused(payer, payment, 1, abi.encodeWithSelector(why, bytes32("ref"), 1, 0));
    }

    function test_refund_revertsWithPaymentUnknown_forAnythingThatIsNotAsRecorded() public {
        bytes memory why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref"));
        for (uint256 i; i < 7; ++i) {
            Payment memory payment = _payment;
            if (i == 0) payment.agreement = AgreementId.wrap("other");
            if (i == 1) payment.token = address(0xBAD);
            if (i == 2) payment.deal = DealId.wrap("deal");
            if (i == 3) payment.amount += 1;
            if (i == 4) payment.maturesAt += 1 days;
            if (i == 5) payment.refunded = 1;
            if (i == 6) payment.disputedAt = START;
            _refused(payer, payment, 1, why);
        }
        Payment memory none = _payment;
        none.invoiceRef = "none";
        why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("none"));
        _refused(payer, none, 1, why);
    }

    /// @dev The same refund cannot be made twice: the record has moved on.
    function test_refund_twiceTheSameReverts() public {
        _refund(_payment, 400);
        Payment memory stale = _payment;
        stale.refunded = 0;
        _refused(
            payer, stale, 400, abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref"))
        );
    }

    function test_refund_touchesNoOtherPaymentOfTheDay() public {
        vm.prank(stranger);
        dollar.approve(address(ledger), 500);
        dollar.mint(stranger, 500);
        _pay(stranger, _payment.agreement, 500, "ref");
        _refund(_payment, 1000);
        vm.warp(_payment.maturesAt);
        vm.assertEq(_claim(_held(), 0), 300);
    }

    function test_refundTo_byAnotherOrToNobodyReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, stranger));
        vm.prank(stranger);
        ledger.refundTo(_payment, stranger, 1);
        address[2] memory nobody = [address(0), address(ledger)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClaims.RecipientInvalid.selector));
            vm.prank(payer);
            ledger.refundTo(_payment, nobody[i], 1);
        }
    }

    function test_refund_worksWhileDepositsArePaused() public {
        vm.prank(guardian);
        ledger.pauseDeposits();
        _refund(_payment, 1000);
    }

    function test_oneBadPartyHarmsOnlyItself_aBlacklistedPayerGetsNothingBackAndBlocksNobody() public {
        BlacklistToken token = new BlacklistToken();
        Terms memory terms = _heldTerms(10);
        terms.tokens[0] = address(token);
        AgreementId agreement = _agree(terms);
        token.mint(payer, 100);
        vm.prank(payer);
        token.approve(address(ledger), 100);
        vm.prank(payer);
        ledger.pay(agreement, address(token), _invoice(100, "ref 2"));
        token.blacklist(payer);
        Payment memory payment = _payment;
        payment.invoiceRef = "ref 2";
        payment.agreement = agreement;
        payment.token = address(token);
        payment.amount = 100;
        _refused(payer, payment, 100, abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, payer));
        vm.prank(payer);
        ledger.refundTo(payment, stranger, 50);
        vm.assertEq(token.balanceOf(stranger), 50);
        vm.warp(payment.maturesAt);
        vm.assertEq(ledger.claim(parties[0], address(token), _share(terms, 0)), 30);
    }

    /// @dev The owner, by default the wallet, moves the payer's account; the new wallet signs that it takes it.
    function _rotate(address owner, Partner memory next) private {
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(payer, next.account, consent.nonce, consent.deadline);
        consent.signature = _signature(next.key, TypedData.digest(address(partners), action));
        vm.prank(owner);
        partners.rotate(payer, next.account, consent);
    }

    /// @dev What a wallet paid goes to the wallet that now stands for its account, and nobody else can take it.
    function test_attack_aStolenWalletThatWasGivenUpTakesNoRefund() public {
        Partner memory next = _partner("next");
        _rotate(payer, next);
        _refused(payer, _payment, 1, abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, payer));
        vm.prank(next.account);
        ledger.refund(_payment, 1000);
        vm.assertEq(dollar.balanceOf(next.account), 1000);
    }

    /// @dev Paid by a later wallet of an account: another rotation moves the refund on.
    function test_refund_ofAWalletThatWasGivenUpGoesToItsAccountsWallet() public {
        (Partner memory second, Partner memory third) = (_partner("second"), _partner("third"));
        _rotate(payer, second);
        _fund(second.account, 50);
        Payment memory payment = _payment;
        (payment.payer, payment.amount, payment.invoiceRef) = (second.account, 50, "ref 2");
        _pay(second.account, payment.agreement, 50, "ref 2");
        _rotate(second.account, third);
        bytes4 why = IRefunds.NotThePayer.selector;
        _refused(second.account, payment, 50, abi.encodeWithSelector(why, second.account, second.account));
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 action =
            MoneyTypedData.refund(payer, second.account, "ref 2", stranger, 40, signed.nonce, signed.deadline);
        signed.signature = _signature(third.key, TypedData.digest(address(ledger), action));
        ledger.refundWithAuthorization(payer, payment, stranger, 40, signed);
        vm.assertEq(dollar.balanceOf(stranger), 40);
        payment.refunded = 40;
        vm.prank(third.account);
        ledger.refund(payment, 10);
        vm.assertEq(dollar.balanceOf(third.account), 10);
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_refund_whatIsLeftIsReleased(uint128 amount, uint256[4] memory parts) public {
        uint256 left = bound(amount, 1, type(uint128).max / 2);
        Terms memory terms = _heldTerms(10);
        terms.salt = "fuzz";
        _agree(terms);
        Payment memory payment = _paid(terms, left, "fuzz");
        for (uint256 i; i < 4 && left > 0; ++i) {
            uint256 part = bound(parts[i], 1, left);
            _refund(payment, part);
            left -= part;
            _isRecorded(payment, 1);
        }
        vm.warp(payment.maturesAt);
        ledger.mature(payment.agreement, address(dollar), 1);
        vm.assertEq(uint256(_book(terms).released), left);
    }
}

/// @dev The payer's signature, carried by anyone.
contract SignedRefundTest is SignedForm {
    address private constant RECIPIENT = address(0x4ec1);
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        Terms memory terms = _terms(_partners(2));
        terms.holdSeconds = 10 days;
        _agreement = _agree(terms);
    }

    function _verifier() internal view override returns (address) {
        return address(ledger);
    }

    function _prepare(address account) internal override {
        _fund(account, 1000e6);
        _pay(account, _agreement, 1000e6, "ref");
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return MoneyTypedData.refund(account, account, "ref", RECIPIENT, 600e6, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        Payment memory payment;
        (payment.payer, payment.invoiceRef, payment.agreement) = (account, "ref", _agreement);
        (payment.token, payment.amount) = (address(dollar), 1000e6);
        payment.maturesAt = uint40(START / 1 days * 1 days + 11 days);
        ledger.refundWithAuthorization(account, payment, RECIPIENT, 600e6, authorization);
    }

    function _isDone(address) internal view override returns (bool) {
        return dollar.balanceOf(RECIPIENT) == 600e6;
    }

    function test_refundWithAuthorization_revertsWithNotThePayer() public {
        _prepare(stranger);
        Payment memory payment;
        payment.payer = stranger;
        Authorization memory none = _unsigned(1);
        vm.expectRevert(abi.encodeWithSelector(IRefunds.NotThePayer.selector, stranger, address(0xACC)));
        ledger.refundWithAuthorization(address(0xACC), payment, address(0xACC), 1, none);
    }
}
