// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../../contracts/interfaces/IConsents.sol";
import {IRevenueLedger} from "../../contracts/interfaces/IRevenueLedger.sol";
import {Authorization} from "../../contracts/types/Authorization.sol";
import {CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Opening, Terms, Tranche} from "../../contracts/types/Terms.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {Vm, vm} from "./support/Vm.sol";

contract ClawbackTest is MoneyWorld {
    IRevenueLedger.Payment private _payment;

    function setUp() public override {
        super.setUp();
        _keep(_heldTerms(0));
        _agree(_kept());
        _payment = _paid(_kept(), 100, "ref");
    }

    function _payMore(Terms memory terms, uint256 amount) private {
        _pay(payer, agreements.agreementId(terms), amount, keccak256(abi.encode(_freshNonce())));
    }

    function _refused(address account, IRevenueLedger.Payment memory payment, uint256 amount, bytes memory why)
        private
    {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(why);
        vm.prank(account);
        ledger.ruleClawback(account, payment, amount, "reason", opening);
    }

    function _owes(Terms memory terms, uint256 owed, uint256 served) private view {
        vm.assertEq(uint256(_book(terms).owed), owed);
        vm.assertEq(uint256(_book(terms).served), served);
    }

    // -- what a debt does --------------------------------------------------------------------------------------------

    /// @dev What was claimed stays claimed, what was earned stays earned: only later revenue serves the debt.
    function test_attack_refundOf100AfterClaimsOf60() public {
        vm.assertEq(_claim(_kept(), 0), 60);
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueLedger.HoldOver.selector, bytes32("ref"), uint256(_payment.maturesAt))
        );
        vm.prank(payer);
        ledger.refund(_payment, 100);

        IRevenueLedger.Payment memory payment = _payment;
        vm.assertEq(uint256(_clawBack(_kept(), payment, 100)), 1);
        _isRecorded(payment);
        _owes(_kept(), 100, 0);
        vm.assertEq(_claimable(_kept(), 1), 40);
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.NothingToPay.selector));
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
        bytes32 debtPaid = IRevenueLedger.DebtPaid.selector;
        Vm.Log memory entry = entries[0].topics[0] == debtPaid ? entries[0] : entries[1];
        vm.assertEq(entry.topics[0], debtPaid);
        vm.assertEq(entry.topics[1], _payment.agreement);
        vm.assertEq(entry.topics[2], bytes32(uint256(uint160(payer))));
        (address token, uint32 debt, address recipient, uint256 amount) =
            abi.decode(entry.data, (address, uint32, address, uint256));
        vm.assertEq(token, address(dollar));
        vm.assertEq(uint256(debt), 1);
        vm.assertEq(recipient, payer);
        vm.assertEq(amount, 70);
    }

    function test_debts_theOldestIsServedFirst() public {
        IRevenueLedger.Payment memory first = _payment;
        _fund(stranger, 50);
        _pay(stranger, _payment.agreement, 50, "ref");
        IRevenueLedger.Payment memory second = _payment;
        (second.payer, second.amount) = (stranger, 50);
        vm.assertEq(uint256(_clawBack(_kept(), second, 20)), 1);
        vm.assertEq(uint256(_clawBack(_kept(), first, 30)), 2);
        vm.assertEq(uint256(_clawBack(_kept(), second, 10)), 3);
        IRevenueLedger.Debt memory debt = ledger.debtOf(_payment.agreement, address(dollar), 2);
        vm.assertEq(debt.payer, payer);
        vm.assertEq(uint256(debt.from), 20);
        vm.assertEq(uint256(debt.to), 50);
        vm.assertEq(uint256(ledger.debtOf(_payment.agreement, address(dollar), 3).to), 60);
        _payMore(_kept(), 45);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 25);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 1), 20);
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.NothingToPay.selector));
        ledger.payDebt(_payment.agreement, address(dollar), 3);
        _payMore(_kept(), 100);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 5);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 3), 10);
        vm.assertEq(uint256(_book(_kept()).released), 150 + 85);
    }

    function test_debts_ofABatch() public {
        _clawBack(_kept(), _payment, 100);
        IRevenueLedger.Bundle[] memory bundles = new IRevenueLedger.Bundle[](1);
        bundles[0] = IRevenueLedger.Bundle(_payment.agreement, new IRevenueLedger.Invoice[](2));
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
        IRevenueLedger.Payment memory second = _paid(_kept(), 100, "ref 2");
        _clawBack(_kept(), second, 100);
        _payMore(_kept(), 100);
        _owes(_kept(), 200, 200);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 1), 100);
        vm.assertEq(ledger.payDebt(_payment.agreement, address(dollar), 2), 100);
        vm.assertEq(_claim(_kept(), 0), 60);
        vm.assertEq(_claim(_kept(), 1), 40);
    }

    /// @dev What was due before the debt is released first, although nobody had recorded it.
    function test_debts_areNotServedByWhatWasDueBefore() public {
        Terms memory terms = _heldTerms(1);
        _agree(terms);
        IRevenueLedger.Payment memory first = _paid(terms, 100, "ref 2");
        vm.warp(first.maturesAt);
        IRevenueLedger.Payment memory second = _paid(terms, 10, "ref 3");
        _clawBack(terms, first, 100);
        vm.assertEq(uint256(_book(terms).released), 100);
        vm.warp(second.maturesAt);
        vm.assertEq(_claimable(terms, 0), 60);
        vm.assertEq(_claim(terms, 0), 60);
        _owes(terms, 100, 10);
    }

    function test_clawback_revertsWithMatureFirst() public {
        Terms memory terms = _heldTerms(1);
        bytes32 agreement = _agree(terms);
        IRevenueLedger.Payment memory first = _paid(terms, 100, "first");
        for (uint256 i; i < 70; ++i) {
            vm.warp(START + i * 1 days);
            _pay(payer, agreement, 1, bytes32(i));
        }
        vm.warp(START + 100 days);
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.MatureFirst.selector, agreement, address(dollar)));
        vm.prank(arbiter);
        ledger.ruleClawback(arbiter, first, 100, "reason", opening);
        ledger.mature(agreement, address(dollar), 64);
        _clawBack(terms, first, 100);
    }

    function test_payDebt_revertsWithDebtUnknown() public {
        _clawBack(_kept(), _payment, 1);
        for (uint32 i; i < 3; i += 2) {
            vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.DebtUnknown.selector, i));
            ledger.payDebt(_payment.agreement, address(dollar), i);
            vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.DebtUnknown.selector, i));
            ledger.debtOf(_payment.agreement, address(dollar), i);
        }
    }

    // -- by a ruling -------------------------------------------------------------------------------------------------

    function test_clawback_revertsWithStillHeld() public {
        _keep(_heldTerms(10));
        _agree(_kept());
        IRevenueLedger.Payment memory payment = _paid(_kept(), 100, "ref 2");
        vm.warp(payment.maturesAt - 1);
        bytes memory why =
            abi.encodeWithSelector(IRevenueLedger.StillHeld.selector, bytes32("ref 2"), uint256(payment.maturesAt));
        _refused(arbiter, payment, 1, why);
    }

    function test_clawback_revertsWithClawbackNotAgreed() public {
        Terms memory terms = _kept();
        terms.clawback = 0;
        _keep(terms);
        _agree(_kept());
        IRevenueLedger.Payment memory payment = _paid(_kept(), 100, "ref 2");
        _refused(
            arbiter, payment, 1, abi.encodeWithSelector(IRevenueLedger.ClawbackNotAgreed.selector, payment.agreement)
        );
    }

    function test_clawback_revertsWithRefundInvalid() public {
        bytes4 why = IRevenueLedger.RefundInvalid.selector;
        _refused(arbiter, _payment, 0, abi.encodeWithSelector(why, bytes32("ref"), 0, 100));
        _refused(arbiter, _payment, 101, abi.encodeWithSelector(why, bytes32("ref"), 101, 100));
        IRevenueLedger.Payment memory payment = _payment;
        _clawBack(_kept(), payment, 60);
        _refused(arbiter, payment, 41, abi.encodeWithSelector(why, bytes32("ref"), 41, 40));
    }

    function test_clawback_twiceTheSameReverts() public {
        IRevenueLedger.Payment memory payment = _payment;
        _clawBack(_kept(), payment, 50);
        payment.refunded = 0;
        bytes memory why = abi.encodeWithSelector(IRevenueLedger.PaymentUnknown.selector, payer, bytes32("ref"));
        _refused(arbiter, payment, 50, why);
    }

    function test_clawback_byAStrangerReverts() public {
        bytes4 why = IRevenueLedger.NotTheArbiter.selector;
        _refused(stranger, _payment, 1, abi.encodeWithSelector(why, _payment.agreement, stranger));
        _refused(payer, _payment, 1, abi.encodeWithSelector(why, _payment.agreement, payer));
    }

    function test_clawback_revertsWithInDispute() public {
        _keep(_heldTerms(10));
        _agree(_kept());
        IRevenueLedger.Payment memory payment = _paid(_kept(), 100, "ref 2");
        _dispute(_kept(), payment);
        vm.warp(payment.maturesAt);
        _refused(arbiter, payment, 1, abi.encodeWithSelector(IRevenueLedger.InDispute.selector, bytes32("ref 2")));
    }

    function test_clawback_revertsWithTermsMismatch() public {
        Terms memory terms = _kept();
        terms.arbiter = stranger;
        _keep(terms);
        _refused(
            stranger, _payment, 1, abi.encodeWithSelector(IRevenueLedger.TermsMismatch.selector, _payment.agreement)
        );
    }

    function test_clawback_byAStrangerInTheArbitersNameReverts() public {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(abi.encodeWithSignature("NotTheWallet(address,address)", arbiter, stranger));
        vm.prank(stranger);
        ledger.ruleClawback(arbiter, _payment, 1, "reason", opening);
    }

    // -- by consent --------------------------------------------------------------------------------------------------

    function _byConsent(uint256 amount, Authorization[] memory consents) private returns (uint32) {
        Terms memory terms = _kept();
        bytes32 conditionsHash = Plans.conditionsHash(terms);
        return ledger.clawBackByConsent(_payment, amount, conditionsHash, terms.tranches, terms.payees, consents);
    }

    function _signed(uint256 amount) private returns (Authorization[] memory consents) {
        Partner[] memory payees = _partners(2);
        consents = new Authorization[](2);
        for (uint256 i; i < 2; ++i) {
            Authorization memory one = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.consentToClawback(
                payees[i].account, payer, "ref", _payment.refunded, amount, one.nonce, one.deadline
            );
            one.signature = _signature(payees[i].key, TypedData.digest(address(ledger), action));
            consents[i] = one;
        }
    }

    function test_byConsent_signedByAllPayees() public {
        vm.assertEq(uint256(_byConsent(100, _signed(100))), 1);
        _owes(_kept(), 100, 0);
    }

    function test_byConsent_byTransactionOfAllPayees() public {
        bytes32 action = ledger.clawbackAction(payer, "ref", 0, 70);
        vm.assertEq(action, MoneyTypedData.clawback(payer, "ref", 0, 70));
        vm.prank(parties[0]);
        ledger.consent(parties[0], action);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, parties[1], action));
        this.byConsentOf(stranger, 70);
        this.byConsentOf(parties[1], 70);
        _owes(_kept(), 70, 0);
        vm.assertFalse(ledger.hasConsented(parties[0], action));
    }

    function byConsentOf(address caller, uint256 amount) external {
        Terms memory terms = _kept();
        IRevenueLedger.Payment memory payment = _payment;
        bytes32 conditionsHash = Plans.conditionsHash(terms);
        vm.prank(caller);
        ledger.clawBackByConsent(payment, amount, conditionsHash, terms.tranches, terms.payees, _silent(2));
    }

    /// @dev One consent is good for one clawback: what was refunded before is part of it.
    function test_byConsent_isUsedUp() public {
        Authorization[] memory consents = _signed(50);
        _byConsent(50, consents);
        _payment.refunded = 50;
        vm.expectPartialRevert(bytes4(keccak256("NonceSpent(address,uint256)")));
        this.byConsentWith(50, consents);
    }

    function byConsentWith(uint256 amount, Authorization[] calldata consents) external {
        _byConsent(amount, consents);
    }

    function test_byConsent_revertsWithConsentsMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsMissing.selector, 2, 1));
        this.byConsentWith(100, _silent(1));
    }

    function test_byConsent_ofAnotherAmountReverts() public {
        Authorization[] memory consents = _signed(50);
        vm.expectPartialRevert(bytes4(keccak256("SignatureInvalid(address,address)")));
        this.byConsentWith(51, consents);
    }

    function test_byConsent_revertsWithTermsMismatch_whenAPayeeIsLeftOut() public {
        Terms memory terms = _kept();
        bytes32 conditionsHash = Plans.conditionsHash(terms);
        terms.payees = _equalShares(parties);
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.TermsMismatch.selector, _payment.agreement));
        ledger.clawBackByConsent(_payment, 1, conditionsHash, terms.tranches, terms.payees, _silent(2));
    }

    function test_byConsent_theOneTrancheMayBeLeftOut() public {
        Terms memory terms = _kept();
        Authorization[] memory consents = _signed(100);
        bytes32 conditionsHash = Plans.conditionsHash(terms);
        ledger.clawBackByConsent(_payment, 100, conditionsHash, new Tranche[](0), terms.payees, consents);
        _owes(_kept(), 100, 0);
    }

    function test_byConsent_underAWaterfall() public {
        Terms memory terms = _heldTerms(0);
        terms.tranches = new Tranche[](2);
        (terms.tranches[0].upTo, terms.tranches[1].upTo) = (50, type(uint256).max);
        (terms.payees[0].weights, terms.payees[1].weights) = (new uint64[](2), new uint64[](2));
        (terms.payees[0].weights[0], terms.payees[0].weights[1], terms.payees[1].weights[1]) = (1e18, 0.4e18, 0.6e18);
        _keep(terms);
        _agree(terms);
        _payment = _paid(terms, 100, "ref 2");
        bytes32 action = ledger.clawbackAction(payer, "ref 2", 0, 70);
        for (uint256 i; i < 2; ++i) {
            vm.prank(parties[i]);
            ledger.consent(parties[i], action);
        }
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.TermsMismatch.selector, _payment.agreement));
        this.byConsentUnder(new Tranche[](0));
        this.byConsentUnder(terms.tranches);
        _owes(terms, 70, 0);
    }

    function byConsentUnder(Tranche[] calldata tranches) external {
        Terms memory terms = _kept();
        ledger.clawBackByConsent(_payment, 70, Plans.conditionsHash(terms), tranches, terms.payees, _silent(2));
    }

    function test_byConsent_revertsWithRefundInvalid() public {
        Authorization[] memory consents = _signed(101);
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueLedger.RefundInvalid.selector, bytes32("ref"), uint256(101), uint256(100))
        );
        this.byConsentWith(101, consents);
    }

    // -- amendments --------------------------------------------------------------------------------------------------

    function _amended(uint8 clawback) private returns (Terms memory successor) {
        successor = _successorOf(_kept());
        successor.clawback = clawback;
        _amend(successor, _kept());
    }

    function test_inherited_aSuccessorServesItsPredecessorsDebtsIfItsTermsSaySo() public {
        IRevenueLedger.Payment memory payment = _payment;
        Terms memory successor = _amended(CLAWBACK_ALLOWED | CLAWBACK_INHERITED);
        _payMore(successor, 10);
        _clawBack(_kept(), payment, 100);
        _payMore(successor, 30);
        _owes(_kept(), 100, 30);
        _owes(successor, 0, 0);
        vm.assertEq(uint256(_book(successor).released), 10);
        vm.assertEq(ledger.payDebt(payment.agreement, address(dollar), 1), 30);
        _payMore(successor, 100);
        vm.assertEq(uint256(_book(successor).released), 40);
    }

    function test_inherited_alsoWhenTheSuccessorIsPaidForTheFirstTimeAfterwards() public {
        _clawBack(_kept(), _payment, 100);
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        _payMore(successor, 30);
        _owes(_kept(), 100, 30);
        vm.assertEq(uint256(_book(successor).released), 0);
    }

    /// @dev What a claim will pay after a hold, foretold with the debts of both versions.
    function test_inherited_aViewCountsTheDebtsOfAllVersions() public {
        Terms memory successor = _successorOf(_kept());
        (successor.clawback, successor.holdSeconds) = (CLAWBACK_ALLOWED | CLAWBACK_INHERITED, 1 days);
        _amend(successor, _kept());
        IRevenueLedger.Payment memory payment = _paid(successor, 100, "ref 2");
        vm.warp(payment.maturesAt);
        _mature(successor, 1);
        _clawBack(successor, payment, 100);
        _clawBack(_kept(), _payment, 50);
        vm.warp(_paid(successor, 1000, "ref 3").maturesAt);
        vm.assertEq(_claimable(successor, 0), (1100 - 150) * 6 / 10);
        vm.assertEq(_claim(successor, 0), (1100 - 150) * 6 / 10);
        _owes(successor, 100, 100);
        _owes(_kept(), 50, 50);
    }

    /// @dev A successor that owes something itself, and so looks for debts.
    function test_inherited_notUnlessTheTermsSaySoAlsoBesideItsOwnDebts() public {
        Terms memory successor = _amended(CLAWBACK_ALLOWED);
        IRevenueLedger.Payment memory own = _paid(successor, 50, "own");
        _clawBack(_kept(), _payment, 100);
        _clawBack(successor, own, 20);
        vm.assertEq(_claimable(successor, 0), 30);
        _payMore(successor, 60);
        _owes(successor, 20, 20);
        _owes(_kept(), 100, 0);
        vm.assertEq(uint256(_book(successor).released), 50 + 40);
    }

    function test_netted_saysWhoseDebtWasServedByWhat() public {
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        _clawBack(_kept(), _payment, 100);
        vm.recordLogs();
        _payMore(successor, 30);
        Vm.Log[] memory entries = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].topics[0] != IRevenueLedger.Netted.selector) continue;
            ++found;
            vm.assertEq(entries[i].topics[1], agreements.agreementId(successor));
            vm.assertEq(entries[i].topics[2], bytes32(uint256(uint160(address(dollar)))));
            (bytes32 debtor, uint256 amount, uint40 maturesAt) = abi.decode(entries[i].data, (bytes32, uint256, uint40));
            vm.assertEq(debtor, _payment.agreement);
            vm.assertEq(amount, 30);
            vm.assertEq(uint256(maturesAt), block.timestamp);
        }
        vm.assertEq(found, 1);
    }

    function test_inherited_notUnlessTheTermsSaySo() public {
        _clawBack(_kept(), _payment, 100);
        Terms memory successor = _amended(CLAWBACK_ALLOWED);
        _payMore(successor, 30);
        _owes(_kept(), 100, 0);
        vm.assertEq(uint256(_book(successor).released), 30);
    }

    /// @dev Its own debts first, then its predecessor's, then that one's.
    function test_inherited_overTwoVersions() public {
        IRevenueLedger.Payment memory payment = _payment;
        Terms memory second = _amended(CLAWBACK_ALLOWED | CLAWBACK_INHERITED);
        vm.warp(block.timestamp + 1);
        Terms memory third = _successorOf(second);
        _amend(third, second);
        IRevenueLedger.Payment memory own = _paid(third, 50, "own");
        _clawBack(_kept(), payment, 100);
        _clawBack(third, own, 50);
        _payMore(third, 60);
        _owes(third, 50, 50);
        _owes(_kept(), 100, 10);
        _payMore(third, 200);
        _owes(_kept(), 100, 100);
        vm.assertEq(uint256(_book(third).released), 50 + 110);
    }

    /// @dev What a successor had due when the debt came into being is its payees'.
    function test_inherited_notByWhatWasDueBefore() public {
        _keep(_heldTerms(1));
        _agree(_kept());
        IRevenueLedger.Payment memory payment = _paid(_kept(), 100, "ref 2");
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        IRevenueLedger.Payment memory later = _paid(successor, 10, "ref 3");
        vm.warp(later.maturesAt);
        _clawBack(_kept(), payment, 100);
        _owes(_kept(), 100, 0);
        vm.assertEq(_claim(successor, 0), 6);
    }
}
