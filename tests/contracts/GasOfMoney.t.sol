// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {CLAWBACK_ALLOWED, NATIVE_COIN, Opening, Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment, Permit} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {GasWorld} from "./support/GasWorld.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

/// @title What holds, refunds, disputes, clawback, tranches and the chain's own coin cost
contract GasOfMoneyTest is GasWorld {
    uint256 private constant AMOUNT = 1000 * DOLLARS;

    Partner private _arbiter;

    function setUp() public override {
        super.setUp();
        _arbiter = _partner("arbiter");
    }

    function _heldTerms(uint32 holdDays) private view returns (Terms memory terms) {
        terms = _terms(_two);
        terms.holdSeconds = holdDays * 1 days;
        terms.arbiter = _arbiter.account;
        terms.clawback = CLAWBACK_ALLOWED;
    }

    function _paid(AgreementId agreement, uint32 holdDays) private returns (Payment memory payment) {
        payment.payer = _payer.account;
        payment.invoiceRef = _ref();
        payment.agreement = agreement;
        payment.token = address(dollar);
        payment.amount = AMOUNT;
        payment.maturesAt = uint40(block.timestamp);
        if (holdDays != 0) payment.maturesAt = (payment.maturesAt / 1 days + holdDays + 1) * 1 days;
        _pay(payment.payer, agreement, AMOUNT, payment.invoiceRef);
    }

    function test_gas_payHeld() public {
        AgreementId agreement = _activate(_two, _heldTerms(30));
        _paid(agreement, 30);
        _report("pay the first invoice of an agreement, held", 1, 0);
        vm.warp(block.timestamp + 1 days);
        _paid(agreement, 30);
        _report("pay an invoice, held, first of a day", 1, 111_000);
        _paid(agreement, 30);
        _report("pay an invoice, held, not the first of its day", 1, 85_000);
    }

    function test_gas_payBatchHeld() public {
        AgreementId agreement = _activate(_two, _heldTerms(30));
        _paid(agreement, 30);
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(agreement, new Invoice[](100));
        for (uint256 i; i < 100; ++i) {
            bundles[0].invoices[i] = _invoice(AMOUNT + i, _ref());
        }
        vm.prank(_payer.account);
        ledger.payBatch(address(dollar), bundles);
        _report("pay 100 invoices of one agreement in one call, held, each", 100, 25_500);
    }

    function test_gas_refund() public {
        AgreementId agreement = _activate(_two, _heldTerms(30));
        Payment memory payment = _paid(agreement, 30);
        _paid(agreement, 30);
        vm.prank(payment.payer);
        ledger.refund(payment, AMOUNT);
        _report("refund in the hold", 1, 0);
    }

    function test_gas_mature() public {
        AgreementId agreement = _activate(_two, _heldTerms(1));
        _paid(agreement, 1);
        vm.warp(block.timestamp + 3 days);
        ledger.mature(agreement, address(dollar), 1);
        _paid(agreement, 1);
        vm.warp(block.timestamp + 3 days);
        ledger.mature(agreement, address(dollar), 1);
        _report("release a day's held payments", 1, 0);
    }

    function test_gas_claimOfTranches() public {
        _claimOf(2, "claim, 2 tranches, 2 payees", 69_700);
        _claimOf(3, "claim, 3 tranches, 2 payees", 71_000);
    }

    function _claimOf(uint256 count, string memory action, uint256 limit) private {
        Terms memory terms = _terms(_two);
        terms.tranches = new Tranche[](count);
        for (uint256 i; i < 2; ++i) {
            uint64[] memory weights = new uint64[](count);
            for (uint256 k; k < count; ++k) {
                terms.tranches[k].upTo = k + 1 == count ? type(uint256).max : (k + 1) * AMOUNT / 2;
                weights[k] = HALF;
            }
            terms.payees[i].weights = weights;
        }
        AgreementId agreement = _activate(_two, terms);
        Share memory share = Plans.share(terms, agreement, 0);
        for (uint256 i; i < 2; ++i) {
            _paid(agreement, 0);
            ledger.claim(_two[0].account, address(dollar), share);
        }
        _report(action, 1, limit);
    }

    function test_gas_payInPeriods() public {
        Terms memory terms = _terms(_two);
        terms.tranches[0].periodSeconds = 30 days;
        AgreementId agreement = _activate(_two, terms);
        _paid(agreement, 0);
        _paid(agreement, 0);
        _report("pay an invoice, no hold, terms with periods", 1, 0);
    }

    function test_gas_disputeAndRuling() public {
        Terms memory terms = _heldTerms(30);
        AgreementId agreement = _activate(_two, terms);
        Opening memory opening = Plans.opening(terms);
        Payment memory payment = _paid(agreement, 30);
        _paid(agreement, 30);
        vm.prank(_two[0].account);
        ledger.dispute(_two[0].account, payment, "not-delivered", opening);
        _report("dispute a held payment", 1, 0);
        payment.disputedAt = uint40(block.timestamp);
        vm.prank(_arbiter.account);
        ledger.rule(_arbiter.account, payment, AMOUNT / 2, "half-delivered", opening);
        _report("rule on a dispute", 1, 0);
        payment.refunded = AMOUNT / 2;
        ledger.payRefund(payment);
        _report("pay out what a ruling gave back", 1, 0);
    }

    function test_gas_clawback() public {
        Terms memory terms = _heldTerms(0);
        AgreementId agreement = _activate(_two, terms);
        Payment memory payment = _paid(agreement, 0);
        Opening memory opening = Plans.opening(terms);
        vm.prank(_arbiter.account);
        ledger.ruleClawback(_arbiter.account, payment, AMOUNT, "returned", opening);
        _report("claw back by a ruling", 1, 0);
        _pay(_payer.account, agreement, AMOUNT / 4, _ref());
        _pay(_payer.account, agreement, AMOUNT / 4, _ref());
        _report("pay an invoice that serves a debt", 1, 0);
        ledger.payDebt(agreement, address(dollar), 1);
        _report("pay out a debt", 1, 0);
    }

    function test_gas_clawbackByConsent() public {
        Terms memory terms = _heldTerms(0);
        AgreementId agreement = _activate(_two, terms);
        Payment memory payment = _paid(agreement, 0);
        Authorization[] memory consents = new Authorization[](2);
        for (uint256 i; i < 2; ++i) {
            Authorization memory one = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.consentToClawback(
                _two[i].account, payment.payer, payment.invoiceRef, 0, AMOUNT, one.nonce, one.deadline
            );
            one.signature = _signature(_two[i].key, TypedData.digest(address(ledger), action));
            consents[i] = one;
        }
        ledger.clawBackByConsent(payment, AMOUNT, Plans.whole(terms), consents);
        _report("claw back by consent of 2 payees", 1, 0);
    }

    function test_gas_nativeCoin() public {
        Terms memory terms = _terms(_two);
        terms.tokens[0] = NATIVE_COIN;
        AgreementId agreement = _activate(_two, terms);
        vm.deal(_payer.account, 10 ether);
        vm.deal(_two[0].account, 1 ether);
        Share memory share = Plans.share(terms, agreement, 0);
        for (uint256 i; i < 2; ++i) {
            vm.prank(_payer.account);
            ledger.pay{value: 1 ether}(agreement, NATIVE_COIN, _invoice(1 ether, _ref()));
            if (i == 1) _report("pay an invoice in the chain's own coin, no hold", 1, 0);
            ledger.claim(_two[0].account, NATIVE_COIN, share);
        }
        _report("claim in the chain's own coin, one tranche, 2 payees", 1, 0);
    }

    function test_gas_payWithPermit() public {
        AgreementId agreement = _activate(_two, _terms(_two));
        _paid(agreement, 0);
        vm.prank(_payer.account);
        dollar.approve(address(ledger), 0);
        bytes32 action = vm.eip712HashStruct(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            abi.encode(
                _payer.account,
                address(ledger),
                AMOUNT,
                IERC20Permit(address(dollar)).nonces(_payer.account),
                block.timestamp
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_payer.key, TypedData.digest(address(dollar), action));
        Permit memory permit = Permit(AMOUNT, block.timestamp, v, r, s);
        Invoice memory invoice = _invoice(AMOUNT, _ref());
        vm.prank(_payer.account);
        ledger.payWithPermit(agreement, address(dollar), invoice, permit);
        _report("pay an invoice with a permit, no hold", 1, 0);
    }
}
