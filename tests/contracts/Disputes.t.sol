// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IDisputes} from "../../contracts/revenue/interfaces/IDisputes.sol";
import {IRefunds} from "../../contracts/revenue/interfaces/IRefunds.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {BlacklistToken} from "./support/HostileTokens.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, bound, vm} from "./support/Vm.sol";
import {ContractWallet} from "./support/Wallets.sol";
import {assertSame} from "./support/SameId.sol";

contract DisputesTest is MoneyWorld {
    Payment private _payment;

    function setUp() public override {
        super.setUp();
        _keep(_heldTerms(10));
        _agree(_kept());
        _payment = _paid(_kept(), 1000, "ref");
    }

    function _heldNow() private view returns (uint256) {
        return ledger.heldUntil(_payment.agreement, address(dollar), _payment.maturesAt);
    }

    function _disputed() private returns (Payment memory payment) {
        payment = _payment;
        _dispute(_kept(), payment);
    }

    function _refusedDispute(address account, Payment memory payment, bytes memory why) private {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(why);
        vm.prank(account);
        ledger.dispute(account, payment, "reason", opening);
    }

    function _refusedRuling(address account, Payment memory payment, uint256 refunded, bytes memory why) private {
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(why);
        vm.prank(account);
        ledger.rule(account, payment, refunded, "reason", opening);
    }

    // -- disputes ----------------------------------------------------------------------------------------------------

    function test_dispute_takesWhatIsLeftOutUntilTheRuling() public {
        Payment memory payment = _payment;
        _refund(payment, 100);
        _dispute(_kept(), payment);
        _isRecorded(payment, 2);
        vm.assertEq(_heldNow(), 0);
        vm.warp(payment.maturesAt + 30 days);
        vm.assertEq(_claimable(_kept(), 0), 0);
        vm.assertEq(_mature(_kept(), 10), 1);
        vm.assertEq(uint256(_book(_kept()).released), 0);
    }

    /// @dev A payee that is party disputes what the payer could take back: the payer can all the same, until the day on which
    /// the payment would have been released.
    function test_attack_aDisputeTakesNothingFromThePayer() public {
        Payment memory payment = _disputed();
        uint256 before = dollar.balanceOf(payer);
        for (uint256 day; block.timestamp < payment.maturesAt; ++day) {
            _refund(payment, 10);
            _isRecorded(payment, 2);
            vm.warp(START + (day + 1) * 1 days);
        }
        bytes memory why =
            abi.encodeWithSelector(IRevenueBooks.HoldOver.selector, bytes32("ref"), uint256(payment.maturesAt));
        vm.expectRevert(why);
        vm.prank(payer);
        ledger.refund(payment, 1);
        vm.assertEq(dollar.balanceOf(payer) - before, payment.refunded);
        _rule(_kept(), payment, 400);
        vm.assertEq(ledger.payRefund(payment), 400);
        vm.assertEq(_claim(_kept(), 0) + _claim(_kept(), 1), 1000 - payment.refunded);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    /// @dev When all is taken back the dispute is over; nothing is left to rule on, to drop, or to dispute.
    function test_refund_ofAllThatIsInDisputeEndsIt() public {
        Payment memory payment = _disputed();
        _refund(payment, 999);
        vm.recordLogs();
        vm.prank(payer);
        ledger.refundTo(payment, stranger, 1);
        Vm.Log memory entry = vm.getRecordedLogs()[0];
        vm.assertEq(entry.topics[0], IRefunds.RefundedInDispute.selector);
        assertSame(entry.topics[1], payment.agreement);
        vm.assertEq(entry.topics[2], bytes32(uint256(uint160(payer))));
        (address token, bytes32 invoiceRef, address recipient, uint256 amount, uint256 left) =
            abi.decode(entry.data, (address, bytes32, address, uint256, uint256));
        vm.assertEq(token, payment.token);
        vm.assertEq(invoiceRef, payment.invoiceRef);
        vm.assertEq(recipient, stranger);
        vm.assertEq(amount, 1);
        vm.assertEq(left, 0);
        payment.refunded = 1000;
        _isRecorded(payment, 3);
        _refusedRuling(arbiter, payment, 0, abi.encodeWithSelector(IDisputes.NotInDispute.selector, bytes32("ref")));
        vm.warp(START + ledger.RULING_SECONDS());
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotInDispute.selector, bytes32("ref")));
        ledger.dropDispute(payment);
    }

    function test_refund_inDisputeRevertsAsInTheHold() public {
        Payment memory payment = _disputed();
        bytes[3] memory why = [
            abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), 0, 1000),
            abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), 1001, 1000),
            abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, stranger)
        ];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(why[i]);
            vm.prank(i == 2 ? stranger : payer);
            ledger.refund(payment, i == 1 ? 1001 : i / 2);
        }
    }

    /// @dev Neither at once, nor by another party, nor after the arbiter was silent: else a party could dispute without end.
    function test_attack_disputesWithoutEnd() public {
        Terms memory terms = _heldTerms(365);
        _keep(terms);
        _agree(terms);
        Payment memory payment = _paid(terms, 1000, "ref 2");
        _dispute(terms, payment);
        _refusedDispute(parties[1], payment, abi.encodeWithSelector(IRevenueBooks.InDispute.selector, bytes32("ref 2")));
        vm.warp(START + ledger.RULING_SECONDS());
        ledger.dropDispute(payment);
        _isRecorded(payment, 3);
        bytes memory why =
            abi.encodeWithSelector(IDisputes.DisputedBefore.selector, bytes32("ref 2"), uint256(payment.disputedAt));
        _refusedDispute(parties[0], payment, why);
        _refusedDispute(parties[1], payment, why);
        Payment memory asNew = abi.decode(abi.encode(payment), (Payment));
        asNew.disputedAt = 0;
        why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref 2"));
        _refusedDispute(parties[0], asNew, why);
        _refund(payment, 400);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claim(terms, 0), 360);
    }

    function test_dispute_byAStrangerReverts() public {
        bytes4 why = IDisputes.NotAParty.selector;
        _refusedDispute(stranger, _payment, abi.encodeWithSelector(why, _payment.agreement, stranger));
        _refusedDispute(payer, _payment, abi.encodeWithSelector(why, _payment.agreement, payer));
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, parties[0], stranger));
        vm.prank(stranger);
        ledger.dispute(parties[0], _payment, "reason", opening);
    }

    function test_dispute_revertsWithHoldOver() public {
        vm.warp(_payment.maturesAt);
        bytes memory why =
            abi.encodeWithSelector(IRevenueBooks.HoldOver.selector, bytes32("ref"), uint256(_payment.maturesAt));
        _refusedDispute(parties[0], _payment, why);
    }

    function test_dispute_revertsWithRefundInvalid_whenNothingIsLeft() public {
        Payment memory payment = _payment;
        _refund(payment, 1000);
        _refusedDispute(
            parties[0], payment, abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), 0, 0)
        );
    }

    function test_dispute_revertsWithPaymentUnknown() public {
        Payment memory payment = _payment;
        payment.amount += 1;
        _refusedDispute(
            parties[0], payment, abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref"))
        );
    }

    function test_dispute_revertsWithTermsMismatch_forThePlanRootOfAnotherAgreement() public {
        Opening memory opening = Plans.opening(_kept());
        opening.planRoot = Plans.planRoot(_terms(parties, _equalShares(parties)));
        bytes memory why = abi.encodeWithSelector(IRevenueBooks.TermsMismatch.selector, _payment.agreement);
        vm.expectRevert(why);
        vm.prank(parties[0]);
        ledger.dispute(parties[0], _payment, "reason", opening);
        opening = Plans.opening(_kept());
        opening.conditions.arbiter = stranger;
        vm.expectRevert(why);
        vm.prank(parties[0]);
        ledger.dispute(parties[0], _payment, "reason", opening);
    }

    function test_dispute_revertsWithNoArbiter() public {
        Terms memory terms = _heldTerms(10);
        terms.arbiter = address(0);
        _keep(terms);
        _agree(terms);
        Payment memory payment = _paid(_kept(), 10, "ref 2");
        _refusedDispute(parties[0], payment, abi.encodeWithSelector(IDisputes.NoArbiter.selector, payment.agreement));
    }

    // -- rulings -----------------------------------------------------------------------------------------------------

    /// @dev What is released with the rest of a payment comes after what was due before it.
    function test_rule_afterTheHoldReleasesWhatIsDueFirst() public {
        Payment memory payment = _disputed();
        _paid(_kept(), 500, "ref 2");
        vm.warp(payment.maturesAt);
        _rule(_kept(), payment, 0);
        vm.assertEq(_heldNow(), 0);
        vm.assertEq(uint256(_book(_kept()).released), 1500);
    }

    function test_rule_withinTheHoldReleasesNothing() public {
        vm.warp(block.timestamp + 5 days);
        Payment memory later = _paid(_kept(), 500, "ref 2");
        vm.warp(_payment.maturesAt);
        _dispute(_kept(), later);
        _rule(_kept(), later, 0);
        vm.assertEq(_heldNow(), 1000);
        vm.assertEq(uint256(_book(_kept()).released), 0);
    }

    function test_rule_duringTheHoldTheRestIsHeldOn() public {
        Payment memory payment = _disputed();
        _rule(_kept(), payment, 400);
        _isRecorded(payment, 3);
        vm.assertEq(_heldNow(), 600);
        vm.assertEq(ledger.refundDue(payer, "ref"), 400);
        _refund(payment, 100);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claim(_kept(), 0), 300);
        vm.assertEq(_claim(_kept(), 1), 200);
        uint256 before = dollar.balanceOf(payer);
        vm.assertEq(ledger.payRefund(payment), 400);
        vm.assertEq(dollar.balanceOf(payer), before + 400);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_rule_afterTheHoldTheRestIsReleased() public {
        Payment memory payment = _disputed();
        vm.warp(payment.maturesAt);
        _rule(_kept(), payment, 400);
        vm.assertEq(_heldNow(), 0);
        vm.assertEq(uint256(_book(_kept()).released), 600);
        vm.assertEq(_claim(_kept(), 0), 360);
    }

    function test_rule_allOrNothing() public {
        Payment memory payment = _disputed();
        vm.warp(payment.maturesAt);
        _rule(_kept(), payment, 1000);
        vm.assertEq(uint256(_book(_kept()).released), 0);
        vm.assertEq(ledger.payRefund(payment), 1000);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.NothingToPay.selector));
        ledger.payRefund(payment);
        Terms memory other = _heldTerms(10);
        other.salt = "other";
        _agree(other);
        payment = _paid(other, 1000, "ref 2");
        _dispute(other, payment);
        _rule(other, payment, 0);
        vm.assertEq(ledger.refundDue(payer, "ref 2"), 0);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claim(other, 0), 600);
    }

    function test_attack_anArbiterRulesTwice() public {
        Payment memory payment = _disputed();
        Payment memory stale = abi.decode(abi.encode(payment), (Payment));
        _rule(_kept(), payment, 400);
        bytes memory why = abi.encodeWithSelector(IDisputes.NotInDispute.selector, bytes32("ref"));
        _refusedRuling(arbiter, stale, 400, why);
        _refusedRuling(arbiter, payment, 400, why);
        vm.assertEq(ledger.refundDue(payer, "ref"), 400);
    }

    /// @dev What was disputed once can be clawed back like any other, once it is released.
    function test_clawback_ofWhatWasInDispute() public {
        Payment memory payment = _disputed();
        _rule(_kept(), payment, 400);
        vm.warp(payment.maturesAt);
        _mature(_kept(), 1);
        _clawBack(_kept(), payment, 600);
        _isRecorded(payment, 3);
    }

    function test_rule_byAnotherReverts() public {
        Payment memory payment = _disputed();
        address[4] memory others = [stranger, parties[0], payer, operator];
        for (uint256 i; i < 4; ++i) {
            _refusedRuling(
                others[i],
                payment,
                1,
                abi.encodeWithSelector(IRevenueBooks.NotTheArbiter.selector, payment.agreement, others[i])
            );
        }
        Opening memory opening = Plans.opening(_kept());
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, arbiter, stranger));
        vm.prank(stranger);
        ledger.rule(arbiter, payment, 1, "reason", opening);
    }

    function test_rule_revertsWithRefundInvalid() public {
        Payment memory payment = _disputed();
        bytes memory why = abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), 1001, 1000);
        _refusedRuling(arbiter, payment, 1001, why);
    }

    function test_rule_revertsWithNotInDispute() public {
        bytes memory why = abi.encodeWithSelector(IDisputes.NotInDispute.selector, bytes32("ref"));
        _refusedRuling(arbiter, _payment, 1, why);
        vm.expectRevert(why);
        ledger.dropDispute(_payment);
    }

    function test_rule_revertsWithPaymentUnknown() public {
        Payment memory payment = _disputed();
        payment.disputedAt += 1;
        bytes memory why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref"));
        _refusedRuling(arbiter, payment, 1, why);
        vm.expectRevert(why);
        ledger.dropDispute(payment);
        payment.disputedAt = 0;
        _refusedRuling(arbiter, payment, 1, why);
        vm.expectRevert(why);
        vm.prank(payer);
        ledger.refund(payment, 1);
        payment.invoiceRef = "none";
        why = abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("none"));
        _refusedRuling(arbiter, payment, 1, why);
    }

    function test_rule_revertsWithTermsMismatch() public {
        Payment memory payment = _disputed();
        Terms memory terms = _heldTerms(10);
        terms.arbiter = stranger;
        _keep(terms);
        _refusedRuling(
            stranger, payment, 1, abi.encodeWithSelector(IRevenueBooks.TermsMismatch.selector, payment.agreement)
        );
    }

    function test_dispute_saysWhoDisputesWhatAndUntilWhenItIsRuled() public {
        vm.recordLogs();
        Payment memory payment = _disputed();
        Vm.Log[] memory entries = vm.getRecordedLogs();
        Vm.Log memory entry = entries[entries.length - 1];
        vm.assertEq(entry.topics[0], IDisputes.PaymentDisputed.selector);
        assertSame(entry.topics[1], payment.agreement);
        vm.assertEq(entry.topics[2], bytes32(uint256(uint160(payer))));
        vm.assertEq(entry.topics[3], bytes32(uint256(uint160(parties[0]))));
        (address token, bytes32 invoiceRef, uint256 amount, bytes32 reason, uint40 ruleBy) =
            abi.decode(entry.data, (address, bytes32, uint256, bytes32, uint40));
        vm.assertEq(token, payment.token);
        vm.assertEq(invoiceRef, payment.invoiceRef);
        vm.assertEq(amount, payment.amount);
        vm.assertEq(reason, bytes32("not-delivered"));
        vm.assertEq(uint256(ruleBy), block.timestamp + ledger.RULING_SECONDS());
    }

    // -- nobody rules ------------------------------------------------------------------------------------------------

    function test_attack_aSilentArbiterCostsTimeOnly() public {
        Payment memory payment = _disputed();
        uint256 ruleBy = START + ledger.RULING_SECONDS();
        vm.warp(ruleBy - 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.RulingAwaited.selector, bytes32("ref"), ruleBy));
        ledger.dropDispute(payment);
        vm.warp(ruleBy);
        vm.recordLogs();
        vm.prank(stranger);
        ledger.dropDispute(payment);
        Vm.Log memory entry = vm.getRecordedLogs()[0];
        vm.assertEq(entry.topics[3], bytes32(0), "by nobody");
        (,,,, bytes32 reason) = abi.decode(entry.data, (address, bytes32, uint256, uint256, bytes32));
        vm.assertEq(reason, bytes32(0), "for no reason");
        _isRecorded(payment, 3);
        vm.assertEq(ledger.refundDue(payer, "ref"), 0);
        vm.assertEq(_claim(_kept(), 0), 600);
        vm.assertEq(_claim(_kept(), 1), 400);
    }

    function test_dropDispute_duringALongHoldItIsHeldOn() public {
        Terms memory terms = _heldTerms(365);
        _agree(terms);
        Payment memory payment = _paid(terms, 1000, "ref 2");
        _dispute(terms, payment);
        vm.warp(START + ledger.RULING_SECONDS());
        ledger.dropDispute(payment);
        vm.assertEq(ledger.heldUntil(payment.agreement, address(dollar), payment.maturesAt), 1000);
        _refund(payment, 1000);
    }

    /// @dev An arbiter without code or key never signs, one that reverts never says yes: neither can touch the money, and
    /// time runs out for both.
    function test_attack_anArbiterThatRevertsCostsTimeOnly() public {
        address[2] memory arbiters =
            [address(0xDEAD), address(new ContractWallet(stranger, ContractWallet.Mode.Reverts))];
        for (uint256 i; i < 2; ++i) {
            Terms memory terms = _heldTerms(10);
            terms.arbiter = arbiters[i];
            _agree(terms);
            Payment memory payment = _paid(terms, 1000, bytes32(i + 1));
            _dispute(terms, payment);
            Opening memory opening = Plans.opening(terms);
            vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, arbiters[i], arbiters[i]));
            ledger.ruleWithAuthorization(arbiters[i], payment, 1, "reason", opening, _unsigned(_freshNonce()));
            vm.warp(block.timestamp + ledger.RULING_SECONDS());
            ledger.dropDispute(payment);
            vm.assertEq(_claim(terms, 0), 600);
        }
    }

    /// @dev The ruling sends nothing: a payer that cannot receive keeps nobody from the rest.
    function test_oneBadPartyHarmsOnlyItself_aPayerThatCannotReceiveBlocksNoRuling() public {
        BlacklistToken token = new BlacklistToken();
        Terms memory terms = _heldTerms(10);
        terms.tokens[0] = address(token);
        AgreementId agreement = _agree(terms);
        token.mint(payer, 1000);
        vm.prank(payer);
        token.approve(address(ledger), 1000);
        vm.prank(payer);
        ledger.pay(agreement, address(token), _invoice(1000, "ref 2"));
        Payment memory payment = _payment;
        (payment.invoiceRef, payment.agreement, payment.token) = ("ref 2", agreement, address(token));
        _dispute(terms, payment);
        token.blacklist(payer);
        _rule(terms, payment, 500);
        vm.warp(payment.maturesAt);
        vm.assertEq(ledger.claim(parties[0], address(token), _share(terms, 0)), 300);
        vm.expectRevert(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, payer));
        ledger.payRefund(payment);
        vm.assertEq(ledger.refundDue(payer, "ref 2"), 500);
        vm.expectRevert(abi.encodeWithSelector(IRefunds.NotThePayer.selector, payer, stranger));
        vm.prank(stranger);
        ledger.payRefundTo(payment, stranger);
        address[2] memory nobody = [address(0), address(ledger)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClaims.RecipientInvalid.selector));
            vm.prank(payer);
            ledger.payRefundTo(payment, nobody[i]);
        }
        vm.prank(payer);
        vm.assertEq(ledger.payRefundTo(payment, stranger), 500);
        vm.assertEq(token.balanceOf(stranger), 500);
    }

    function test_payRefund_revertsWithNothingToPay() public {
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.NothingToPay.selector));
        ledger.payRefund(_payment);
        Payment memory payment = _payment;
        payment.token = address(0xBAD);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.PaymentUnknown.selector, payer, bytes32("ref")));
        ledger.payRefund(payment);
    }

    /// @dev Whenever it is ruled, each unit ends with the payer or with the payees.
    function testFuzz_rule_dividesExactly(uint256 refunded, uint256 wait, uint256 earlier) public {
        Payment memory payment = _payment;
        earlier = bound(earlier, 0, 999);
        if (earlier != 0) _refund(payment, earlier);
        _dispute(_kept(), payment);
        refunded = bound(refunded, 0, 1000 - earlier);
        vm.warp(START + bound(wait, 0, 20 days));
        _rule(_kept(), payment, refunded);
        vm.warp(START + 30 days);
        _mature(_kept(), 10);
        vm.assertEq(uint256(_book(_kept()).released), 1000 - earlier - refunded);
        vm.assertEq(ledger.refundDue(payer, "ref"), refunded);
        vm.assertEq(dollar.balanceOf(address(ledger)), 1000 - earlier);
    }
}
