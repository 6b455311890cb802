// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IDisputes} from "../../contracts/revenue/interfaces/IDisputes.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
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
        Payment memory payment = _payment;
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
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TermsMismatch.selector, _payment.agreement));
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
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TermsMismatch.selector, _payment.agreement));
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
            abi.encodeWithSelector(IRevenueBooks.RefundInvalid.selector, bytes32("ref"), uint256(101), uint256(100))
        );
        this.byConsentWith(101, consents);
    }
}
