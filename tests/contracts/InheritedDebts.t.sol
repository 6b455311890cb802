// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {DebtWorld} from "./support/DebtWorld.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev Debts of a version that was amended.
contract InheritedDebtsTest is DebtWorld {
    function _amended(uint8 clawback) private returns (Terms memory successor) {
        successor = _successorOf(_kept());
        successor.clawback = clawback;
        _amend(successor, _kept());
    }

    function test_inherited_aSuccessorServesItsPredecessorsDebtsIfItsTermsSaySo() public {
        Payment memory payment = _payment;
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

    function test_inherited_alsoTheSmallestDebt() public {
        _clawBack(_kept(), _payment, 1);
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        _payMore(successor, 30);
        _owes(_kept(), 1, 1);
        vm.assertEq(uint256(_book(successor).released), 29);
    }

    /// @dev What a claim will pay after a hold, foretold with the debts of both versions.
    function test_inherited_aViewCountsTheDebtsOfAllVersions() public {
        Terms memory successor = _successorOf(_kept());
        (successor.clawback, successor.holdSeconds) = (CLAWBACK_ALLOWED | CLAWBACK_INHERITED, 1 days);
        _amend(successor, _kept());
        Payment memory payment = _paid(successor, 100, "ref 2");
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
        Payment memory own = _paid(successor, 50, "own");
        _clawBack(_kept(), _payment, 100);
        _clawBack(successor, own, 20);
        vm.assertEq(_claimable(successor, 0), 30);
        _payMore(successor, 60);
        _owes(successor, 20, 20);
        _owes(_kept(), 100, 0);
        vm.assertEq(uint256(_book(successor).released), 50 + 40);
    }

    /// @dev Payees of an old version, who get nothing of the new one's revenue, agree to give a friend's payment back: the debt
    /// is theirs alone, although the new terms say that they serve what the old ones' arbiter ruled.
    function test_attack_formerPayeesMakeTheSuccessorsRevenueADebtOfTheirOwn() public {
        Terms memory first = _heldTerms(0);
        first.salt = "first";
        address[] memory one = new address[](1);
        one[0] = stranger;
        first.payees = _equalShares(one);
        _agree(first);
        Payment memory payment = _paid(first, 1000, "old");
        _claim(first, 0);
        Terms memory second = _successorOf(first);
        second.payees = _equalShares(parties);
        second.clawback = CLAWBACK_ALLOWED | CLAWBACK_INHERITED;
        _amend(second, first);
        vm.warp(block.timestamp + 700 days);
        _payMore(second, 10);
        vm.prank(stranger);
        ledger.clawBackByConsent(payment, 500, Plans.whole(first), _silent(1));
        payment.refunded = 500;
        _payMore(second, 1000);
        _owesByConsent(first, 500, 0);
        vm.assertEq(_claim(second, 0) + _claim(second, 1), 1010);
        // What the arbiter rules is another matter: those terms were signed.
        _clawBack(first, payment, 200);
        _payMore(second, 300);
        _owes(first, 200, 200);
        _owesByConsent(first, 500, 0);
        vm.assertEq(_claim(second, 0) + _claim(second, 1), 100);
        vm.assertEq(ledger.payDebt(payment.agreement, address(dollar), 2), 200);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.NothingToPay.selector));
        ledger.payDebt(payment.agreement, address(dollar), 1);
    }

    /// @dev Debts by ruling first, whatever came earlier, the predecessors' too; then what the own payees agreed to.
    function test_debts_byConsentComeAfterThoseByRuling() public {
        Terms memory successor = _amended(CLAWBACK_ALLOWED | CLAWBACK_INHERITED);
        Payment memory own = _paid(successor, 100, "own");
        for (uint256 i; i < 2; ++i) {
            vm.prank(successor.payees[i].account);
            ledger.clawBackByConsent(own, 60, Plans.whole(successor), _silent(1));
        }
        own.refunded = 60;
        _clawBack(successor, own, 20);
        _clawBack(_kept(), _payment, 30);
        vm.recordLogs();
        _payMore(successor, 70);
        _owes(successor, 20, 20);
        _owes(_kept(), 30, 30);
        _owesByConsent(successor, 60, 20);
        Vm.Log[] memory entries = vm.getRecordedLogs();
        bool[] memory kinds = new bool[](3);
        uint256 found;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].topics[0] != IRevenueBooks.Netted.selector) continue;
            (, kinds[found++]) = abi.decode(entries[i].data, (bytes32, bool));
        }
        vm.assertEq(found, 3);
        vm.assertTrue(!kinds[0] && !kinds[1] && kinds[2]);
        vm.assertEq(ledger.payDebt(own.agreement, address(dollar), 1), 20);
        vm.assertEq(ledger.payDebt(own.agreement, address(dollar), 2), 20);
        vm.assertTrue(ledger.debtOf(own.agreement, address(dollar), 1).byConsent);
        vm.assertFalse(ledger.debtOf(own.agreement, address(dollar), 2).byConsent);
        _payMore(successor, 100);
        _owesByConsent(successor, 60, 60);
        vm.assertEq(_claim(successor, 0) + _claim(successor, 1), 100 + 60);
    }

    function test_netted_saysWhoseDebtWasServedByWhat() public {
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        _clawBack(_kept(), _payment, 100);
        vm.recordLogs();
        _payMore(successor, 30);
        Vm.Log[] memory entries = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].topics[0] != IRevenueBooks.Netted.selector) continue;
            ++found;
            assertSame(entries[i].topics[1], agreements.agreementId(successor));
            vm.assertEq(entries[i].topics[2], bytes32(uint256(uint160(address(dollar)))));
            (AgreementId debtor, bool byConsent, uint256 amount, uint40 maturesAt) =
                abi.decode(entries[i].data, (AgreementId, bool, uint256, uint40));
            vm.assertFalse(byConsent);
            assertSame(debtor, _payment.agreement);
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
        Payment memory payment = _payment;
        Terms memory second = _amended(CLAWBACK_ALLOWED | CLAWBACK_INHERITED);
        vm.warp(block.timestamp + 1);
        Terms memory third = _successorOf(second);
        _amend(third, second);
        Payment memory own = _paid(third, 50, "own");
        _clawBack(_kept(), payment, 100);
        _clawBack(third, own, 50);
        _payMore(third, 60);
        _owes(third, 50, 50);
        _owes(_kept(), 100, 10);
        _payMore(third, 200);
        _owes(_kept(), 100, 100);
        vm.assertEq(uint256(_book(third).released), 50 + 110);
    }

    /// @dev A view says what a claim would pay now: of two versions that are due, the first to be claimed serves the debt.
    function test_inherited_twoVersionsForetellThatTheyServeTheSameDebt() public {
        _keep(_heldTerms(1));
        _agree(_kept());
        Payment memory payment = _paid(_kept(), 100, "ref 2");
        vm.warp(payment.maturesAt);
        vm.assertEq(_claim(_kept(), 0), 60);
        _paid(_kept(), 100, "ref 3");
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        Payment memory later = _paid(successor, 100, "ref 4");
        _clawBack(_kept(), payment, 30);
        vm.warp(later.maturesAt);
        vm.assertEq(_claimable(_kept(), 0), 42);
        vm.assertEq(_claimable(successor, 0), 42);
        vm.assertEq(_claim(successor, 0), 42);
        _owes(_kept(), 30, 30);
        vm.assertEq(_claimable(_kept(), 0), 60);
        vm.assertEq(_claim(_kept(), 0), 60);
    }

    /// @dev What a successor had due when the debt came into being is its payees'.
    function test_inherited_notByWhatWasDueBefore() public {
        _keep(_heldTerms(1));
        _agree(_kept());
        Payment memory payment = _paid(_kept(), 100, "ref 2");
        Terms memory successor = _amended(CLAWBACK_INHERITED);
        Payment memory later = _paid(successor, 10, "ref 3");
        vm.warp(later.maturesAt);
        _clawBack(_kept(), payment, 100);
        _owes(_kept(), 100, 0);
        vm.assertEq(_claim(successor, 0), 6);
    }
}
