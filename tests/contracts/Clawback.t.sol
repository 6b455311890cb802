// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IDebts} from "../../contracts/revenue/interfaces/IDebts.sol";
import {IDisputes} from "../../contracts/revenue/interfaces/IDisputes.sol";
import {IRefunds} from "../../contracts/revenue/interfaces/IRefunds.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Debt, Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {DebtWorld} from "./support/DebtWorld.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

contract ClawbackTest is DebtWorld {
    function _refused(address account, Payment memory payment, uint256 amount, bytes memory why) private {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(why);
        vm.prank(account);
        ledger.ruleClawback(account, payment, amount, "reason", opening);
    }

    // -- what a debt does --------------------------------------------------------------------------------------------

    /// @dev What was claimed stays claimed, what was earned stays earned: only later revenue serves the debt.
    function test_attack_refundOf100AfterClaimsOf60() public {
        vm.assertEq(_claim(_kept(), 0), 60);
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueBooks.HoldOver.selector, bytes32("ref"), uint256(_payment.maturesAt))
        );
        vm.prank(payer);
        ledger.refund(_payment, 100);

        Payment memory payment = _payment;
        vm.assertEq(uint256(_clawBack(_kept(), payment, 100)), 1);
        _isRecorded(payment, 1);
        _owes(_kept(), 100, 0);
        vm.assertEq(_claimable(_kept(), 1), 40);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.NothingToPay.selector));
        ledger.payDebt(payment.agreement, address(dollar), 1);

        _payMore(_kept(), 70);
        _owes(_kept(), 100, 70);
        vm.assertEq(_claimable(_kept(), 0), 0);
        vm.assertEq(ledger.payDebt(payment.agreement, address(dollar), 1), 70);
        _payMore(_kept(), 80);
        _owes(_kept(), 100, 100);
        vm.assertEq(ledger.payDebt(payment.agreement, address(dollar), 1), 30);
        vm.assertEq(_claim(_kept(), 0), 30);
        vm.assertEq(_claim(_kept(), 1), 60);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_payDebt_saysWhoWasPaidWhat() public {
        _clawBack(_kept(), _payment, 100);
        _payMore(_kept(), 70);
        vm.recordLogs();
        ledger.payDebt(_payment.agreement, address(dollar), 1);
        Vm.Log[] memory entries = vm.getRecordedLogs();
        bytes32 debtPaid = IDebts.DebtPaid.selector;
        Vm.Log memory entry = entries[0].topics[0] == debtPaid ? entries[0] : entries[1];
        vm.assertEq(entry.topics[0], debtPaid);
        assertSame(entry.topics[1], _payment.agreement);
        vm.assertEq(entry.topics[2], bytes32(uint256(uint160(payer))));
        (address token, uint32 debt, address recipient, uint256 amount) =
            abi.decode(entry.data, (address, uint32, address, uint256));
        vm.assertEq(token, address(dollar));
        vm.assertEq(uint256(debt), 1);
        vm.assertEq(recipient, payer);
        vm.assertEq(amount, 70);
    }

    function test_debts_theOldestIsServedFirst() public {
        Payment memory first = _payment;
        _fund(stranger, 50);
        _pay(stranger, _payment.agreement, 50, "ref");
        Payment memory second = _payment;
        (second.payer, second.amount) = (stranger, 50);
        vm.assertEq(uint256(_clawBack(_kept(), second, 20)), 1);
        vm.assertEq(uint256(_clawBack(_kept(), first, 30)), 2);
        vm.assertEq(uint256(_clawBack(_kept(), second, 10)), 3);
        Debt memory debt = ledger.debtOf(_payment.agreement, address(dollar), 2);
        vm.assertEq(debt.payer, payer);
        vm.assertEq(uint256(debt.from), 20);
        vm.assertEq(uint256(debt.to), 50);
        vm.assertEq(uint256(ledger.debtOf(_payment.agreement, address(dollar), 3).to), 60);
        _payMore(_kept(), 45);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 25);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 1), 20);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.NothingToPay.selector));
        ledger.payDebt(_payment.agreement, address(dollar), 3);
        _payMore(_kept(), 100);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 5);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 3), 10);
        vm.assertEq(uint256(_book(_kept()).released), 150 + 85);
    }

    function test_debts_ofABatch() public {
        _clawBack(_kept(), _payment, 100);
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_payment.agreement, new Invoice[](2));
        bundles[0].invoices[0] = _invoice(60, "a");
        bundles[0].invoices[1] = _invoice(60, "b");
        vm.prank(payer);
        ledger.payBatch(address(dollar), bundles);
        _owes(_kept(), 100, 100);
        vm.assertEq(uint256(_book(_kept()).released), 120);
    }

    /// @dev A debt can be clawed back from again: the revenue that served it was revenue like any other.
    function test_debts_ofAPaymentThatServedADebt() public {
        _clawBack(_kept(), _payment, 100);
        Payment memory second = _paid(_kept(), 100, "ref 2");
        _clawBack(_kept(), second, 100);
        _payMore(_kept(), 100);
        _owes(_kept(), 200, 200);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 1), 100);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 100);
        vm.assertEq(_claim(_kept(), 0), 60);
        vm.assertEq(_claim(_kept(), 1), 40);
    }

    /// @dev More due days than a claim releases, all but the last of which served a debt.
    function _behindManyDays(bytes32 salt) private returns (Terms memory terms) {
        terms = _heldTerms(1);
        terms.salt = salt;
        AgreementId agreement = _agree(terms);
        Payment memory big = _paid(terms, 64, keccak256(abi.encode(salt, "big")));
        vm.warp(big.maturesAt);
        _claim(terms, 0);
        _claim(terms, 1);
        _clawBack(terms, big, 64);
        for (uint256 i; i < 65; ++i) {
            _pay(payer, agreement, i == 64 ? 1000 : 1, keccak256(abi.encode(salt, i)));
            vm.warp(block.timestamp + 1 days);
        }
        vm.warp(block.timestamp + 3 days);
    }

    /// @dev The claim comes past them, whichever it is; a view says what the next one pays; and only a claim that finds
    /// nothing to do reverts.
    function test_claim_behindManyDaysThatServedDebtsGoesOn() public {
        for (uint256 way; way < 3; ++way) {
            Terms memory terms = _behindManyDays(bytes32(way));
            vm.assertEq(_claimable(terms, 0), 0);
            Share[] memory shares = _only(_share(terms, 0));
            if (way == 0) {
                vm.assertEq(_claim(terms, 0), 0);
            } else if (way == 1) {
                vm.assertEq(ledger.claimAcross(parties[0], address(dollar), shares), 0);
            } else {
                vm.prank(parties[0]);
                vm.assertEq(ledger.claimTo(parties[0], stranger, address(dollar), shares), 0);
            }
            vm.assertEq(_claimable(terms, 0), 600);
            vm.assertEq(_claim(terms, 0), 600);
            vm.assertEq(_claim(terms, 1), 400);
            vm.expectRevert(abi.encodeWithSelector(IClaims.NothingToClaim.selector, parties[0]));
            ledger.claim(parties[0], address(dollar), shares[0]);
        }
    }

    /// @dev What was due before the debt is released first, although nobody had recorded it.
    function test_debts_areNotServedByWhatWasDueBefore() public {
        Terms memory terms = _heldTerms(1);
        _agree(terms);
        Payment memory first = _paid(terms, 100, "ref 2");
        vm.warp(first.maturesAt);
        Payment memory second = _paid(terms, 10, "ref 3");
        _clawBack(terms, first, 100);
        vm.assertEq(uint256(_book(terms).released), 100);
        vm.warp(second.maturesAt);
        vm.assertEq(_claimable(terms, 0), 60);
        vm.assertEq(_claim(terms, 0), 60);
        _owes(terms, 100, 10);
    }

    function test_clawback_revertsWithMatureFirst() public {
        Terms memory terms = _heldTerms(1);
        AgreementId agreement = _agree(terms);
        Payment memory first = _paid(terms, 100, "first");
        for (uint256 i; i < 70; ++i) {
            vm.warp(START + i * 1 days);
            _pay(payer, agreement, 1, bytes32(i));
        }
        vm.warp(START + 100 days);
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.MatureFirst.selector, agreement, address(dollar)));
        vm.prank(arbiter);
        ledger.ruleClawback(arbiter, first, 100, "reason", opening);
        ledger.mature(agreement, address(dollar), 64);
        _clawBack(terms, first, 100);
    }

    /// @dev A payer that cannot receive names who can.
    function test_payDebtTo_byThePayerToAnother() public {
        _clawBack(_kept(), _payment, 100);
        _payMore(_kept(), 70);
        AgreementId agreement = _payment.agreement;
        vm.expectRevert(abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, stranger));
        vm.prank(stranger);
        ledger.payDebtTo(agreement, address(dollar), 1, stranger);
        address[2] memory nobody = [address(0), address(ledger)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClaims.RecipientInvalid.selector));
            vm.prank(payer);
            ledger.payDebtTo(agreement, address(dollar), 1, nobody[i]);
        }
        vm.prank(payer);
        vm.assertEq(ledger.payDebtTo(agreement, address(dollar), 1, stranger), 70);
        vm.assertEq(dollar.balanceOf(stranger), 70);
    }

    function test_payDebt_revertsWithDebtUnknown() public {
        _clawBack(_kept(), _payment, 1);
        for (uint32 i; i < 3; i += 2) {
            vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.DebtUnknown.selector, i));
            vm.prank(payer);
            ledger.payDebtTo(_payment.agreement, address(dollar), i, stranger);
            vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.DebtUnknown.selector, i));
            ledger.payDebt(_payment.agreement, address(dollar), i);
            vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.DebtUnknown.selector, i));
            ledger.debtOf(_payment.agreement, address(dollar), i);
        }
    }

    // -- by a ruling -------------------------------------------------------------------------------------------------

    function test_clawback_revertsWithStillHeld() public {
        _keep(_heldTerms(10));
        _agree(_kept());
        Payment memory payment = _paid(_kept(), 100, "ref 2");
        vm.warp(payment.maturesAt - 1);
        bytes memory why =
            abi.encodeWithSelector(IDebts.StillHeld.selector, bytes32("ref 2"), uint256(payment.maturesAt));
        _refused(arbiter, payment, 1, why);
    }

    function test_clawback_revertsWithClawbackNotAgreed() public {
        Terms memory terms = _kept();
        terms.clawback = 0;
        _keep(terms);
        _agree(_kept());
        Payment memory payment = _paid(_kept(), 100, "ref 2");
        _refused(arbiter, payment, 1, abi.encodeWithSelector(IDebts.ClawbackNotAgreed.selector, payment.agreement));
    }

    function test_clawback_revertsWithRefundInvalid() public {
        bytes4 why = IRevenueBooks.RefundInvalid.selector;
        _refused(arbiter, _payment, 0, abi.encodeWithSelector(why, bytes32("ref"), 0, 100));
        _refused(arbiter, _payment, 101, abi.encodeWithSelector(why, bytes32("ref"), 101, 100));
        Payment memory payment = _payment;
        _clawBack(_kept(), payment, 60);
        _refused(arbiter, payment, 41, abi.encodeWithSelector(why, bytes32("ref"), 41, 40));
    }

    function test_clawback_twiceTheSameReverts() public {
        Payment memory payment = _payment;
        _clawBack(_kept(), payment, 50);
        payment.refunded = 0;
        bytes memory why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref"));
        _refused(arbiter, payment, 50, why);
    }

    function test_clawback_byAStrangerReverts() public {
        bytes4 why = IRevenueBooks.NotTheArbiter.selector;
        _refused(stranger, _payment, 1, abi.encodeWithSelector(why, _payment.agreement, stranger));
        _refused(payer, _payment, 1, abi.encodeWithSelector(why, _payment.agreement, payer));
    }

    /// @dev Terms without an arbiter name the account zero, for which nobody acts, and nobody may.
    function test_clawback_byTheAccountZeroReverts() public {
        Terms memory terms = _heldTerms(0);
        terms.arbiter = address(0);
        _keep(terms);
        _agree(terms);
        Payment memory payment = _paid(terms, 100, "ref 2");
        bytes4 why = IRevenueBooks.NotTheArbiter.selector;
        _refused(address(0), payment, 10, abi.encodeWithSelector(why, payment.agreement, address(0)));
    }

    function test_clawback_revertsWithInDispute() public {
        _keep(_heldTerms(10));
        _agree(_kept());
        Payment memory payment = _paid(_kept(), 100, "ref 2");
        _dispute(_kept(), payment);
        vm.warp(payment.maturesAt);
        _refused(arbiter, payment, 1, abi.encodeWithSelector(IRevenueBooks.InDispute.selector, bytes32("ref 2")));
    }

    function test_clawback_revertsWithTermsMismatch() public {
        Terms memory terms = _kept();
        terms.arbiter = stranger;
        _keep(terms);
        _refused(
            stranger, _payment, 1, abi.encodeWithSelector(IRevenueBooks.TermsMismatch.selector, _payment.agreement)
        );
    }

    function test_clawback_byAStrangerInTheArbitersNameReverts() public {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(abi.encodeWithSignature("NotTheWallet(address,address)", arbiter, stranger));
        vm.prank(stranger);
        ledger.ruleClawback(arbiter, _payment, 1, "reason", opening);
    }
}
