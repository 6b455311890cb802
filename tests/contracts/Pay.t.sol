// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealState} from "../../contracts/deals/types/Deals.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Book} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {bound, vm} from "./support/Vm.sol";

contract PayTest is DealWorld {
    address private _payer = address(0xACC);
    address private _partnerAccount = address(0xBCC);
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _agreement = _join(_partnerAccount);
        _fund(_payer, type(uint256).max / 2);
    }

    function _payFor(DealId deal, bytes32 invoiceRef) private {
        vm.prank(_payer);
        ledger.pay(_agreement, address(dollar), Invoice(deal, 100e6, invoiceRef));
    }

    function _bytes(bytes4 selector, bytes32 one, bytes32 two) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, one, two);
    }

    function test_pay_movesTheTokensAndGrowsTheBook() public {
        _pay(_payer, _agreement, 100e6, "ref");
        _pay(_payer, _agreement, 50e6, "ref 2");
        vm.assertEq(dollar.balanceOf(address(ledger)), 150e6);
        Book memory book = ledger.bookOf(_agreement, address(dollar));
        vm.assertEq(uint256(book.released), 150e6);
        vm.assertTrue(book.open);
        vm.assertEq(uint256(book.validFrom), START);
        vm.assertEq(uint256(book.validUntil), START + 365 days);
        vm.assertEq(uint256(book.holdDays), 0);
        vm.assertEq(uint256(book.periodDays), 0);
        vm.assertEq(uint256(book.clawback), 0);
    }

    function test_pay_leavesARecordThatBindsEverything() public {
        _pay(_payer, _agreement, 100e6, "ref");
        bytes32 bound_ =
            keccak256(abi.encode(_agreement, address(dollar), bytes32(0), uint256(100e6), uint40(START), uint256(0)));
        vm.assertEq(ledger.paymentOf(_payer, "ref"), (bound_ >> 8 << 8) | bytes32(uint256(1)));
        vm.assertEq(ledger.paymentOf(_payer, "ref 2"), bytes32(0));
    }

    function test_pay_revertsWithInvoicePaid() public {
        _pay(_payer, _agreement, 100e6, "ref");
        vm.expectRevert(abi.encodeWithSelector(IPayments.InvoicePaid.selector, _payer, bytes32("ref")));
        _pay(_payer, _agreement, 1, "ref");
    }

    function test_attack_invoiceReferenceBurntByAStranger() public {
        _fund(stranger, 100e6);
        _pay(stranger, _agreement, 1, "ref");
        _pay(_payer, _agreement, 100e6, "ref");
        vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), 100e6 + 1);
    }

    function test_pay_revertsWithAmountInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IPayments.AmountInvalid.selector, bytes32("ref"), 0));
        _pay(_payer, _agreement, 0, "ref");
        uint256 tooLarge = uint256(type(uint128).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IPayments.AmountInvalid.selector, bytes32("ref"), tooLarge));
        _pay(_payer, _agreement, tooLarge, "ref");
    }

    function test_pay_takesTheLargestAmountThatABookHolds() public {
        _pay(_payer, _agreement, type(uint128).max, "ref");
        vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), type(uint128).max);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.TotalTooLarge.selector, uint256(type(uint128).max) + 1));
        _pay(_payer, _agreement, 1, "ref 2");
    }

    function test_pay_revertsWithTokenNotAccepted() public {
        bytes4 why = IPayments.TokenNotAccepted.selector;
        vm.expectRevert(abi.encodeWithSelector(why, _agreement, stranger));
        vm.prank(_payer);
        ledger.pay(_agreement, stranger, _invoice(1, "ref"));
        vm.expectRevert(abi.encodeWithSelector(why, bytes32("none"), address(dollar)));
        _pay(_payer, AgreementId.wrap("none"), 1, "ref");
    }

    function test_pay_revertsWithTokenNotAccepted_beforeTheActivation() public {
        Terms memory terms = _termsWith(stranger);
        AgreementId agreement = agreements.agreementId(terms);
        vm.expectRevert(abi.encodeWithSelector(IPayments.TokenNotAccepted.selector, agreement, address(dollar)));
        _pay(_payer, agreement, 1, "ref");
        _agree(terms);
        _pay(_payer, agreement, 1, "ref");
    }

    function test_pay_revertsWithNotYetValid() public {
        Terms memory terms = _termsWith(_partnerAccount);
        terms.validFrom = START + 100;
        AgreementId agreement = _agree(terms);
        vm.warp(START + 99);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NotYetValid.selector, agreement, START + 100));
        _pay(_payer, agreement, 1, "ref");
        vm.warp(START + 100);
        _pay(_payer, agreement, 1, "ref");
    }

    function test_pay_revertsWithAgreementEnded() public {
        vm.warp(START + 365 days);
        _pay(_payer, _agreement, 1, "last second");
        vm.warp(START + 365 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.AgreementEnded.selector, _agreement, START + 365 days));
        _pay(_payer, _agreement, 1, "ref");
    }

    function test_pay_forAWonDealBeyondTheAgreementsEnd() public {
        DealId deal = _win(_partnerAccount, "customer");
        vm.warp(START + 366 days);
        _payFor(deal, "ref");
        vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), 100e6);
    }

    function test_pay_revertsWithDealNotWon() public {
        bytes4 why = IPayments.DealNotWon.selector;
        DealId deal = _register(_partnerAccount, "customer");
        vm.expectRevert(_bytes(why, AgreementId.unwrap(_agreement), DealId.unwrap(deal)));
        _payFor(deal, "ref");
        vm.expectRevert(_bytes(why, AgreementId.unwrap(_agreement), "none"));
        _payFor(DealId.wrap("none"), "ref");
        DealId lost = _register(_partnerAccount, "another");
        _waitForReveals();
        _decide(lost, DealState.Approved);
        vm.expectRevert(_bytes(why, AgreementId.unwrap(_agreement), DealId.unwrap(lost)));
        _payFor(lost, "ref");
        _decide(lost, DealState.Lost);
        vm.expectRevert(_bytes(why, AgreementId.unwrap(_agreement), DealId.unwrap(lost)));
        _payFor(lost, "ref");
    }

    function test_pay_revertsWithDealNotWon_whenItWasWonUnderAnotherAgreement() public {
        _join(stranger);
        DealId deal = _win(stranger, "customer");
        vm.expectRevert(_bytes(IPayments.DealNotWon.selector, AgreementId.unwrap(_agreement), DealId.unwrap(deal)));
        _payFor(deal, "ref");
    }

    function test_pay_revertsWithDepositsArePaused() public {
        vm.prank(guardian);
        ledger.pauseDeposits();
        vm.expectRevert(abi.encodeWithSelector(IPayments.DepositsArePaused.selector));
        _pay(_payer, _agreement, 1, "ref");
        vm.prank(operator);
        ledger.resumeDeposits();
        _pay(_payer, _agreement, 1, "ref");
    }

    function test_pay_revertsWithoutTheTokensOrTheAllowance() public {
        vm.prank(_payer);
        dollar.approve(address(ledger), 99);
        vm.expectRevert();
        _pay(_payer, _agreement, 100, "ref");
        vm.expectRevert();
        _pay(stranger, _agreement, 1, "ref");
        vm.assertEq(ledger.paymentOf(_payer, "ref"), bytes32(0));
    }

    /// @dev An allowance seen in the mempool is of no use to anyone but its owner.
    function test_pay_tokensArePulledFromTheCallerOnly() public {
        bytes memory why =
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(ledger), 0, 1);
        vm.expectRevert(why);
        _pay(stranger, _agreement, 1, "ref");
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](1));
        bundles[0].invoices[0] = _invoice(1, "ref");
        vm.expectRevert(why);
        vm.prank(stranger);
        ledger.payBatch(address(dollar), bundles);
    }

    function test_attack_donationsAndForcedEtherChangeNothing() public {
        _pay(_payer, _agreement, 100e6, "ref");
        bytes32 before = keccak256(abi.encode(ledger.bookOf(_agreement, address(dollar))));
        (uint64 seq,) = ledger.journal();
        dollar.mint(address(ledger), 1_000_000e6);
        vm.deal(address(ledger), 1 ether);
        vm.assertEq(keccak256(abi.encode(ledger.bookOf(_agreement, address(dollar)))), before);
        (uint64 seqAfter,) = ledger.journal();
        vm.assertEq(uint256(seqAfter), uint256(seq));
        _pay(_payer, _agreement, 1e6, "ref 2");
        vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), 101e6);
    }

    function test_donationsOfTheChainsCoinAreRefused() public {
        vm.deal(stranger, 1 ether);
        vm.prank(stranger);
        (bool taken,) = address(ledger).call{value: 1}("");
        vm.assertFalse(taken);
    }

    function testFuzz_pay_releasesExactlyWhatWasPaid(uint128[8] memory amounts) public {
        uint256 total;
        for (uint256 i; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 1, type(uint128).max / 8);
            _pay(_payer, _agreement, amount, bytes32(i));
            total += amount;
            vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), total);
            vm.assertEq(dollar.balanceOf(address(ledger)), total);
        }
    }
}
