// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {NATIVE_COIN, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment, Permit} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";
import {ReenteringWallet, RefusingWallet} from "./support/Wallets.sol";

contract NativeCoinTest is MoneyWorld {
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _agreement = _agree(_nativeTerms(0));
        vm.deal(payer, 100 ether);
    }

    function _nativeTerms(uint32 holdDays) private view returns (Terms memory terms) {
        terms = _heldTerms(holdDays);
        terms.tokens[0] = NATIVE_COIN;
    }

    function _payCoin(AgreementId agreement, uint256 amount, bytes32 invoiceRef) private {
        vm.prank(payer);
        ledger.pay{value: amount}(agreement, NATIVE_COIN, _invoice(amount, invoiceRef));
    }

    function _claimCoin(Terms memory terms, uint256 payee) private returns (uint256) {
        Share memory share = _share(terms, payee);
        return ledger.claim(terms.payees[payee].account, NATIVE_COIN, share);
    }

    function test_native_paysAndClaims() public {
        _payCoin(_agreement, 10 ether, "ref");
        vm.assertEq(address(ledger).balance, 10 ether);
        vm.assertEq(uint256(ledger.bookOf(_agreement, NATIVE_COIN).released), 10 ether);
        vm.assertEq(_claimCoin(_nativeTerms(0), 0), 6 ether);
        vm.assertEq(parties[0].balance, 6 ether);
        vm.assertEq(_claimCoin(_nativeTerms(0), 1), 4 ether);
        vm.assertEq(address(ledger).balance, 0);
    }

    function test_native_aBatch() public {
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](2));
        bundles[0].invoices[0] = _invoice(1 ether, "a");
        bundles[0].invoices[1] = _invoice(2 ether, "b");
        vm.expectRevert(abi.encodeWithSelector(IPayments.ValueInvalid.selector, 3 ether, 2 ether));
        vm.prank(payer);
        ledger.payBatch{value: 2 ether}(NATIVE_COIN, bundles);
        vm.prank(payer);
        ledger.payBatch{value: 3 ether}(NATIVE_COIN, bundles);
        vm.assertEq(uint256(ledger.bookOf(_agreement, NATIVE_COIN).released), 3 ether);
    }

    function test_native_revertsWithValueInvalid() public {
        bytes4 why = IPayments.ValueInvalid.selector;
        for (uint256 i; i < 3; i += 2) {
            vm.expectRevert(abi.encodeWithSelector(why, 1 ether, i * 1 ether));
            vm.prank(payer);
            ledger.pay{value: i * 1 ether}(_agreement, NATIVE_COIN, _invoice(1 ether, "ref"));
        }
        Terms memory terms = _heldTerms(0);
        AgreementId agreement = _agree(terms);
        vm.expectRevert(abi.encodeWithSelector(why, 0, 1));
        vm.prank(payer);
        ledger.pay{value: 1}(agreement, address(dollar), _invoice(1, "ref"));
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(agreement, new Invoice[](1));
        bundles[0].invoices[0] = _invoice(1, "a");
        vm.expectRevert(abi.encodeWithSelector(why, 0, 1));
        vm.prank(payer);
        ledger.payBatch{value: 1}(address(dollar), bundles);
    }

    function test_native_revertsWithNativeCoinNotPulled() public {
        Partner memory signer = _partner("signer");
        vm.deal(address(ledger), 5 ether);
        bytes memory why = abi.encodeWithSelector(IPayments.NativeCoinNotPulled.selector);
        Permit memory permit;
        vm.expectRevert(why);
        vm.prank(signer.account);
        ledger.payWithPermit(_agreement, NATIVE_COIN, _invoice(1, "ref"), permit);

        Invoice memory invoice = _invoice(1, "ref");
        bytes32 action = TypedData.pay(signer.account, _agreement, NATIVE_COIN, invoice, 1, block.timestamp);
        Authorization memory signed = _signedBy(signer, 1, action);
        vm.expectRevert(why);
        ledger.payWithAuthorization(signer.account, _agreement, NATIVE_COIN, invoice, signed);

        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](1));
        bundles[0].invoices[0] = invoice;
        action = TypedData.payBatch(TypedData.PayBatch(signer.account, NATIVE_COIN, bundles, 2, block.timestamp));
        signed = _signedBy(signer, 2, action);
        vm.expectRevert(why);
        ledger.payBatchWithAuthorization(signer.account, NATIVE_COIN, bundles, signed);
    }

    function _signedBy(Partner memory signer, uint256 nonce, bytes32 action)
        private
        view
        returns (Authorization memory)
    {
        bytes memory signature = _signature(signer.key, TypedData.digest(address(ledger), action));
        return Authorization(nonce, block.timestamp, signature);
    }

    function test_native_refundInTheHold() public {
        Terms memory terms = _nativeTerms(10);
        AgreementId agreement = _agree(terms);
        _payCoin(agreement, 10 ether, "ref");
        Payment memory payment;
        (payment.payer, payment.invoiceRef, payment.agreement) = (payer, "ref", agreement);
        (payment.token, payment.amount, payment.maturesAt) = (NATIVE_COIN, 10 ether, _maturity(10));
        _refund(payment, 4 ether);
        vm.assertEq(payer.balance, 94 ether);
        _dispute(terms, payment);
        _rule(terms, payment, 1 ether);
        vm.assertEq(ledger.payRefund(payment), 1 ether);
        vm.assertEq(payer.balance, 95 ether);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claimCoin(terms, 0), 3 ether);
        _clawBack(terms, payment, 2 ether);
        _payCoin(agreement, 1 ether, "ref 2");
        vm.warp(block.timestamp + 30 days);
        ledger.mature(agreement, NATIVE_COIN, 10);
        vm.assertEq(ledger.payDebt(agreement, NATIVE_COIN, 1), 1 ether);
        vm.assertEq(_claimCoin(terms, 1), 2 ether);
        vm.assertEq(address(ledger).balance, 0);
    }

    function test_attack_forcedEtherIsNobodys() public {
        _payCoin(_agreement, 1 ether, "ref");
        vm.deal(address(ledger), 101 ether);
        vm.assertEq(uint256(ledger.bookOf(_agreement, NATIVE_COIN).released), 1 ether);
        _payCoin(_agreement, 1 ether, "ref 2");
        vm.assertEq(uint256(ledger.bookOf(_agreement, NATIVE_COIN).released), 2 ether);
        vm.assertEq(_claimCoin(_nativeTerms(0), 0), 1.2 ether);
        vm.assertEq(_claimCoin(_nativeTerms(0), 1), 0.8 ether);
        vm.assertEq(address(ledger).balance, 100 ether);
    }

    // -- payees that misbehave ---------------------------------------------------------------------------------------

    function test_oneBadPartyHarmsOnlyItself_aPayeeThatRefusesCoinBlocksNobody() public {
        address refusing = address(new RefusingWallet());
        Terms memory terms = _nativeTerms(0);
        terms.payees = _equalShares(_pair(refusing, stranger));
        AgreementId agreement = _agree(terms);
        _payCoin(agreement, 2 ether, "ref");
        uint256 bad = terms.payees[0].account == refusing ? 0 : 1;
        vm.assertEq(_claimCoin(terms, 1 - bad), 1 ether);
        Share memory share = _share(terms, bad);
        vm.expectRevert();
        ledger.claim(refusing, NATIVE_COIN, share);
        // Nor is its money lost: it names another recipient.
        vm.prank(refusing);
        vm.assertEq(ledger.claimTo(refusing, stranger, NATIVE_COIN, _only(share)), 1 ether);
    }

    /// @dev A payee that is paid calls back into each money function, cross-function too, and is stopped by the lock.
    function test_attack_reentrancyFromAPayee() public {
        ReenteringWallet wallet = new ReenteringWallet();
        Terms memory terms = _nativeTerms(0);
        terms.payees = _equalShares(_pair(address(wallet), stranger));
        AgreementId agreement = _agree(terms);
        uint256 bad = terms.payees[0].account == address(wallet) ? 0 : 1;
        Share memory share = _share(terms, bad);
        Payment memory payment;
        Authorization memory none = _unsigned(1);
        bytes[8] memory calls = [
            abi.encodeCall(ledger.claim, (address(wallet), NATIVE_COIN, share)),
            abi.encodeCall(ledger.pay, (agreement, NATIVE_COIN, _invoice(1, "inner"))),
            abi.encodeCall(ledger.refund, (payment, 1)),
            abi.encodeCall(ledger.mature, (agreement, NATIVE_COIN, 1)),
            abi.encodeCall(ledger.payDebt, (agreement, NATIVE_COIN, 1)),
            abi.encodeCall(ledger.payRefund, (payment)),
            abi.encodeCall(ledger.claimableOf, (address(wallet), NATIVE_COIN, share)),
            abi.encodeCall(ledger.refundWithAuthorization, (payer, payment, payer, 1, none))
        ];
        for (uint256 i; i < calls.length; ++i) {
            _payCoin(agreement, 2 ether, bytes32(i + 1));
            wallet.callBack(address(ledger), calls[i]);
            vm.assertEq(ledger.claim(address(wallet), NATIVE_COIN, share), 1 ether);
            vm.assertFalse(wallet.succeeded());
            vm.assertEq(
                keccak256(wallet.answer()),
                keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
            );
        }
        vm.assertEq(_claimCoin(terms, 1 - bad), 8 ether);
    }
}
