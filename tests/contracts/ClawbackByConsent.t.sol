// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IDisputes} from "../../contracts/revenue/interfaces/IDisputes.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {WholePlan} from "../../contracts/revenue/types/WholePlan.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {DebtWorld} from "./support/DebtWorld.sol";
import {MoneyTypedData} from "./support/MoneyTypedData.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

/// @dev A clawback that all payees agree to, without an arbiter.
contract ClawbackByConsentTest is DebtWorld {
    function _byConsent(uint256 amount, Authorization[] memory consents) private returns (uint32) {
        return ledger.clawBackByConsent(_payment, amount, Plans.whole(_kept()), consents);
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
        _owesByConsent(_kept(), 100, 0);
    }

    function test_byConsent_byTransactionOfAllPayees() public {
        bytes32 action = ledger.clawbackAction(payer, "ref", 0, 70);
        vm.assertEq(action, MoneyTypedData.clawback(payer, "ref", 0, 70));
        vm.prank(parties[0]);
        ledger.consentToClawback(parties[0], _payment, 70, uint40(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentMissing.selector, parties[1], action));
        this.byConsentOf(stranger, 70);
        this.byConsentOf(parties[1], 70);
        _owesByConsent(_kept(), 70, 0);
        vm.assertFalse(ledger.hasConsented(parties[0], action));
    }

    function byConsentOf(address caller, uint256 amount) external {
        (Payment memory payment, WholePlan memory plan) = (_payment, Plans.whole(_kept()));
        vm.prank(caller);
        ledger.clawBackByConsent(payment, amount, plan, _silent(2));
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
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsMissing.selector, 2, 0));
        this.byConsentWith(100, _silent(0));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsMissing.selector, 2, 3));
        this.byConsentWith(100, _silent(3));
        _byConsent(100, _only(_signed(100), 0));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentsMissing.selector, 1, 2));
        this.byConsentWith(100, _silent(2));
    }

    function test_byConsent_ofAnotherAmountReverts() public {
        Authorization[] memory consents = _signed(50);
        vm.expectPartialRevert(bytes4(keccak256("SignatureInvalid(address,address)")));
        this.byConsentWith(51, consents);
    }

    function test_byConsent_revertsWithTermsMismatch_underAnyOtherPlan() public {
        for (uint256 i; i < 4; ++i) {
            WholePlan memory plan = Plans.whole(_kept());
            if (i == 0) plan.weights[0] += 1;
            // a pair's hash is the same in either order
            if (i == 1) (plan.accounts[0], plan.accounts[1]) = (plan.accounts[1], plan.accounts[0]);
            if (i == 1) (plan.weights[0], plan.weights[1]) = (plan.weights[1], plan.weights[0]);
            if (i == 2) plan.accounts = new address[](0);
            if (i == 3) plan.conditionsHash = "other";
            vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.TermsMismatch.selector, _payment.agreement));
            ledger.clawBackByConsent(_payment, 1, plan, _silent(2));
        }
    }

    function test_byConsent_theOneTrancheMayBeLeftOut() public {
        Authorization[] memory consents = _signed(100);
        WholePlan memory plan = Plans.whole(_kept());
        plan.tranches = new Tranche[](0);
        ledger.clawBackByConsent(_payment, 100, plan, consents);
        _owesByConsent(_kept(), 100, 0);
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
        for (uint256 i; i < 2; ++i) {
            vm.prank(parties[i]);
            ledger.consentToClawback(parties[i], _payment, 70, uint40(block.timestamp));
        }
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.TermsMismatch.selector, _payment.agreement));
        this.byConsentUnder(new Tranche[](0));
        this.byConsentUnder(terms.tranches);
        _owesByConsent(terms, 70, 0);
    }

    function byConsentUnder(Tranche[] calldata tranches) external {
        WholePlan memory plan = Plans.whole(_kept());
        plan.tranches = tranches;
        ledger.clawBackByConsent(_payment, 70, plan, _silent(2));
    }

    function test_byConsent_revertsWithRefundInvalid() public {
        Authorization[] memory consents = _signed(101);
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), uint256(101), uint256(100))
        );
        this.byConsentWith(101, consents);
    }

    // -- in several calls --------------------------------------------------------------------------------------------

    function _only(Authorization[] memory consents, uint256 which) private pure returns (Authorization[] memory part) {
        part = new Authorization[](1);
        part[0] = consents[which];
    }

    function test_byConsent_inParts() public {
        Authorization[] memory consents = _signed(100);
        consents[0].deadline = block.timestamp + 1 hours;
        consents[0].signature = _resigned(0, 100, consents[0]);
        vm.assertEq(uint256(_byConsent(100, _only(consents, 0))), 0);
        bytes32 action = ledger.clawbackAction(payer, "ref", 0, 100);
        (address through, uint40 until) = ledger.clawbackGathered(action);
        vm.assertEq(through, _kept().payees[0].account);
        vm.assertEq(uint256(until), block.timestamp + 1 hours);
        _owesByConsent(_kept(), 0, 0);
        vm.warp(until);
        vm.assertEq(uint256(_byConsent(100, _only(consents, 1))), 1);
        _owesByConsent(_kept(), 100, 0);
        (through, until) = ledger.clawbackGathered(action);
        vm.assertEq(through, address(0));
    }

    function _resigned(uint256 which, uint256 amount, Authorization memory one) private view returns (bytes memory) {
        Partner memory payee = _partners(2)[which];
        bytes32 action = MoneyTypedData.consentToClawback(
            payee.account, payer, "ref", _payment.refunded, amount, one.nonce, one.deadline
        );
        return _signature(payee.key, TypedData.digest(address(ledger), action));
    }

    /// @dev Nor one by transaction, whose deadline counts as a signature's does; one that the payee's own wallet brings has none.
    function test_attack_byConsent_aConsentByTransactionDoesNotOutliveItsDeadlineEither() public {
        bytes32 action = ledger.clawbackAction(payer, "ref", _payment.refunded, 10);
        address first = parties[0];
        vm.prank(first);
        ledger.consentToClawback(first, _payment, 10, uint40(block.timestamp + 1 hours));
        _byConsent(10, _silent(1));
        (, uint40 until) = ledger.clawbackGathered(action);
        vm.assertEq(uint256(until), block.timestamp + 1 hours);
        vm.warp(until + 1);
        Authorization[] memory second = _only(_signed(10), 1);
        vm.expectRevert(); // begun anew, with the first payee's consent, which is used up
        this.byConsentWith(10, second);
        vm.prank(first);
        _byConsent(10, _silent(1));
        (, until) = ledger.clawbackGathered(action);
        vm.assertEq(uint256(until), block.timestamp + 30 days);
        vm.warp(until);
        vm.assertEq(uint256(_byConsent(10, _only(_signed(10), 1))), 1);
    }

    /// @dev A consent that was gathered is no longer one than its signer said, nor than 30 days after the first call.
    function test_attack_byConsent_aConsentDoesNotOutliveItsDeadlineByBeingGathered() public {
        for (uint256 i; i < 2; ++i) {
            uint256 amount = 10 + i;
            Authorization[] memory consents = _signed(amount);
            for (uint256 k; k < 2; ++k) {
                consents[k].deadline = block.timestamp + (i == 0 ? 1 hours : 400 days);
                consents[k].signature = _resigned(k, amount, consents[k]);
            }
            _byConsent(amount, _only(consents, 0));
            (, uint40 until) = ledger.clawbackGathered(ledger.clawbackAction(payer, "ref", _payment.refunded, amount));
            vm.assertEq(uint256(until), block.timestamp + (i == 0 ? 1 hours : 30 days));
            vm.warp(until + 1);
            // Begun anew, with the first payee's consent, which is used up.
            vm.expectRevert();
            this.byConsentWith(amount, _only(consents, 1));
            vm.expectRevert();
            this.byConsentWith(amount, consents);
            vm.assertEq(uint256(_byConsent(amount, _signed(amount))), i + 1);
            _payment.refunded += amount;
        }
    }

    /// @dev What was gathered for one clawback counts for no other: neither another amount, nor after another refund.
    function test_attack_byConsent_whatIsGatheredIsForOneClawback() public {
        Authorization[] memory consents = _signed(60);
        _byConsent(60, _only(consents, 0));
        Authorization[] memory other = _signed(61);
        vm.expectRevert();
        this.byConsentWith(61, _only(other, 1));
        _clawBack(_kept(), _payment, 30);
        vm.expectRevert();
        this.byConsentWith(60, _only(consents, 1));
        _payment.refunded = 30;
        vm.expectRevert();
        this.byConsentWith(60, _only(consents, 1));
    }

    /// @dev A thousand payees, whose consents come in calls of a size that a block takes.
    function test_byConsent_ofAThousandPayeesFitsIntoTransactions() public {
        Partner[] memory payees = _partners(1000);
        Terms memory terms = _heldTerms(0);
        terms.payees = _equalShares(_accounts(payees));
        _keep(terms);
        _agree(terms);
        _payment = _paid(terms, 1000, "of a thousand");
        WholePlan memory plan = Plans.whole(terms);
        uint32 debt;
        for (uint256 begin; begin < 1000; begin += 200) {
            Authorization[] memory consents = new Authorization[](200);
            for (uint256 i; i < 200; ++i) {
                Authorization memory one = _unsigned(_freshNonce());
                bytes32 action = MoneyTypedData.consentToClawback(
                    payees[begin + i].account, payer, "of a thousand", 0, 900, one.nonce, one.deadline
                );
                one.signature = _signature(payees[begin + i].key, TypedData.digest(address(ledger), action));
                consents[i] = one;
            }
            bytes memory call_ = abi.encodeCall(ledger.clawBackByConsent, (_payment, 900, plan, consents));
            vm.assertLe(call_.length, 128 * 1024, "too long for public nodes");
            vm.assertEq(uint256(debt), 0);
            debt = ledger.clawBackByConsent(_payment, 900, plan, consents);
            // 21,000, at most 16 gas a byte, and what the call itself took
            uint256 whole = 21_000 + call_.length * 16 + vm.lastCallGas().gasTotalUsed;
            vm.assertLe(whole, 2 ** 24, "too much for a transaction");
        }
        vm.assertEq(uint256(debt), 1);
        _owesByConsent(terms, 900, 0);
    }
}
