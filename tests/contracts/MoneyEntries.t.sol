// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IDebts} from "../../contracts/revenue/interfaces/IDebts.sol";
import {IDisputes} from "../../contracts/revenue/interfaces/IDisputes.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IRefunds} from "../../contracts/revenue/interfaces/IRefunds.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {DealId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {JournalReader} from "./support/JournalReader.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev What the revenue ledger's entries say, word by word, and that each is the next of its journal.
contract MoneyEntriesTest is MoneyWorld {
    using JournalReader for JournalReader.Chain;

    Payment private _taken;
    JournalReader.Chain private _chain;
    Vm.Log[] private _entries;

    /// @dev A payment of which parts go back in the hold, by a ruling and as a debt, and one that pays that debt.
    function setUp() public override {
        vm.recordLogs();
        super.setUp();
        _keep(_heldTerms(10));
        Terms memory terms = _kept();
        _agree(terms);
        Payment memory payment = _paid(terms, 1000, "taken back");
        _refund(payment, 100);
        _dispute(terms, payment);
        _rule(terms, payment, 300);
        ledger.payRefund(payment);
        _paid(terms, 100, "kept");
        vm.warp(payment.maturesAt);
        _claim(terms, 0);
        for (uint256 i; i < 2; ++i) {
            vm.prank(parties[i]);
            ledger.consentToClawback(parties[i], payment, 50, payment.maturesAt);
        }
        ledger.clawBackByConsent(payment, 50, Plans.whole(terms), _silent(2));
        vm.warp(_paid(terms, 30, "serves the debt").maturesAt);
        _mature(terms, 1);
        ledger.payDebt(payment.agreement, address(dollar), 1);
        _taken = payment;

        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(ledger)) _entries.push(logs[i]);
        }
    }

    /// @dev The newest entry of this kind; all of them are of the agreement and about the account.
    function _newest(bytes32 kind, address account) private view returns (Vm.Log memory newest) {
        for (uint256 i; i < _entries.length; ++i) {
            if (_entries[i].topics[0] != kind) continue;
            newest = _entries[i];
            assertSame(newest.topics[1], _taken.agreement);
            vm.assertEq(newest.topics[2], bytes32(uint256(uint160(account))));
        }
        vm.assertTrue(newest.data.length != 0, "no such entry");
    }

    function test_entries_followOneAnother() public {
        for (uint256 i; i < _entries.length; ++i) {
            _chain.take(_entries[i]);
        }
        _chain.requireNewest(address(ledger));
    }

    function test_entries_aPayment() public view {
        bytes memory data = _newest(IPayments.PaymentReceived.selector, payer).data;
        (address token, DealId deal, uint256 amount, bytes32 invoiceRef, uint40 maturesAt) =
            abi.decode(data, (address, DealId, uint256, bytes32, uint40));
        vm.assertEq(token, address(dollar));
        assertSame(deal, NO_DEAL);
        vm.assertEq(amount, 30);
        vm.assertEq(invoiceRef, "serves the debt");
        vm.assertEq(uint256(maturesAt), block.timestamp);
    }

    function test_entries_aRefundAndWhatARulingGaveBack() public view {
        _isBack(_newest(IRefunds.Refunded.selector, payer).data, 100);
        _isBack(_newest(IDisputes.RefundPaid.selector, payer).data, 300);
    }

    function _isBack(bytes memory data, uint256 expected) private view {
        (address token, bytes32 invoiceRef, address recipient, uint256 amount) =
            abi.decode(data, (address, bytes32, address, uint256));
        vm.assertEq(token, address(dollar));
        vm.assertEq(invoiceRef, "taken back");
        vm.assertEq(recipient, payer);
        vm.assertEq(amount, expected);
    }

    function test_entries_aRuling() public view {
        Vm.Log memory entry = _newest(IDisputes.DisputeRuled.selector, payer);
        vm.assertEq(entry.topics[3], bytes32(uint256(uint160(arbiter))));
        (address token, bytes32 invoiceRef, uint256 refunded, uint256 remaining, bytes32 reason) =
            abi.decode(entry.data, (address, bytes32, uint256, uint256, bytes32));
        vm.assertEq(token, address(dollar));
        vm.assertEq(invoiceRef, "taken back");
        vm.assertEq(refunded, 300);
        vm.assertEq(remaining, 600);
        vm.assertEq(reason, "half-delivered");
    }

    function test_entries_aClaim() public view {
        bytes memory data = _newest(IClaims.Claimed.selector, parties[0]).data;
        (address token, uint32 period, address recipient, uint256 amount) =
            abi.decode(data, (address, uint32, address, uint256));
        vm.assertEq(token, address(dollar));
        vm.assertEq(uint256(period), 0);
        vm.assertEq(recipient, parties[0]);
        vm.assertEq(amount, (600 + 100) * 6 / 10);
    }

    function test_entries_aClawbackByConsentHasNoArbiterAndNoReason() public view {
        Vm.Log memory entry = _newest(IDebts.ClawedBack.selector, payer);
        vm.assertEq(entry.topics[3], 0);
        (address token, bytes32 invoiceRef, uint256 amount, uint32 debt, bytes32 reason) =
            abi.decode(entry.data, (address, bytes32, uint256, uint32, bytes32));
        vm.assertEq(token, address(dollar));
        vm.assertEq(invoiceRef, "taken back");
        vm.assertEq(amount, 50);
        vm.assertEq(uint256(debt), 1);
        vm.assertEq(reason, 0);
    }

    function test_entries_aPaidDebt() public view {
        bytes memory data = _newest(IDebts.DebtPaid.selector, payer).data;
        (address token, uint32 debt, address recipient, uint256 amount) =
            abi.decode(data, (address, uint32, address, uint256));
        vm.assertEq(token, address(dollar));
        vm.assertEq(uint256(debt), 1);
        vm.assertEq(recipient, payer);
        vm.assertEq(amount, 30);
    }
}
