// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRevenueLedger} from "../../contracts/revenue/interfaces/IRevenueLedger.sol";
import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

contract PayBatchTest is DealWorld {
    address private _payer = address(0xACC);
    bytes32 private _one;
    bytes32 private _two;

    function setUp() public override {
        super.setUp();
        _one = _join(address(0x1111));
        _two = _join(address(0x2222));
        _fund(_payer, 1_000_000e6);
    }

    /// @dev Two bundles; every amount is another one.
    function _bundles(uint256 first, uint256 second) private view returns (IRevenueLedger.Bundle[] memory bundles) {
        bundles = new IRevenueLedger.Bundle[](2);
        bundles[0] = IRevenueLedger.Bundle(_one, new IRevenueLedger.Invoice[](first));
        bundles[1] = IRevenueLedger.Bundle(_two, new IRevenueLedger.Invoice[](second));
        for (uint256 i; i < first + second; ++i) {
            if (i < first) bundles[0].invoices[i] = _invoice(i + 1, bytes32(i + 1));
            else bundles[1].invoices[i - first] = _invoice(i + 1, bytes32(i + 1));
        }
    }

    function _send(IRevenueLedger.Bundle[] memory bundles) private {
        vm.prank(_payer);
        ledger.payBatch(address(dollar), bundles);
    }

    function _refused(IRevenueLedger.Bundle[] memory bundles, bytes memory why) private {
        vm.expectRevert(why);
        _send(bundles);
        vm.assertEq(ledger.paymentOf(_payer, bytes32(uint256(1))), bytes32(0));
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function _released(bytes32 agreement) private view returns (uint256) {
        return ledger.bookOf(agreement, address(dollar)).released;
    }

    function test_payBatch_ofAHundredInvoicesOfTwoAgreements() public {
        (uint64 seq,) = ledger.journal();
        _send(_bundles(60, 40));
        vm.assertEq(_released(_one), 60 * 61 / 2);
        vm.assertEq(_released(_one) + _released(_two), 100 * 101 / 2);
        vm.assertEq(dollar.balanceOf(address(ledger)), 100 * 101 / 2);
        (uint64 seqAfter,) = ledger.journal();
        vm.assertEq(uint256(seqAfter), uint256(seq) + 100);
        for (uint256 i = 1; i <= 100; ++i) {
            vm.assertTrue(ledger.paymentOf(_payer, bytes32(i)) != 0);
        }
    }

    function test_payBatch_sameAgreementInSeveralBundles() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(3, 4);
        bundles[1].agreement = _one;
        _send(bundles);
        vm.assertEq(_released(_one), 7 * 8 / 2);
    }

    function test_payBatch_revertsWithBatchSizeInvalid() public {
        _refused(_bundles(60, 41), abi.encodeWithSelector(IRevenueLedger.BatchSizeInvalid.selector, 101));
        _refused(_bundles(0, 0), abi.encodeWithSelector(IRevenueLedger.BatchSizeInvalid.selector, 0));
        _refused(new IRevenueLedger.Bundle[](0), abi.encodeWithSelector(IRevenueLedger.BatchSizeInvalid.selector, 0));
    }

    function test_payBatch_revertsWithInvoicePaid_withinTheBatch() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 2);
        bundles[1].invoices[1].invoiceRef = bytes32(uint256(2));
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.InvoicePaid.selector, _payer, bytes32(uint256(2))));
    }

    function test_payBatch_revertsWithInvoicePaid_forOnePaidBefore() public {
        _pay(_payer, _one, 5, bytes32(uint256(3)));
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 2);
        vm.expectRevert(abi.encodeWithSelector(IRevenueLedger.InvoicePaid.selector, _payer, bytes32(uint256(3))));
        _send(bundles);
        vm.assertEq(_released(_one), 5);
        vm.assertEq(_released(_two), 0);
    }

    function test_payBatch_revertsWithAmountInvalid() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 2);
        bundles[0].invoices[1].amount = 0;
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.AmountInvalid.selector, bytes32(uint256(2)), 0));
        uint256 tooLarge = uint256(type(uint128).max) + 1;
        bundles[0].invoices[1].amount = tooLarge;
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.AmountInvalid.selector, bytes32(uint256(2)), tooLarge));
    }

    function test_payBatch_revertsWithTotalTooLarge() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 0);
        bundles[0].invoices[1].amount = type(uint128).max;
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.TotalTooLarge.selector, uint256(type(uint128).max) + 1));
    }

    function test_payBatch_revertsWithTokenNotAccepted() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(1, 1);
        bundles[1].agreement = "none";
        _refused(
            bundles, abi.encodeWithSelector(IRevenueLedger.TokenNotAccepted.selector, bytes32("none"), address(dollar))
        );
    }

    function test_payBatch_revertsWithNotYetValid() public {
        Terms memory terms = _termsWith(address(0x1111));
        terms.validFrom = START + 1;
        IRevenueLedger.Bundle[] memory bundles = _bundles(1, 1);
        bundles[1].agreement = _agree(terms);
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.NotYetValid.selector, bundles[1].agreement, START + 1));
    }

    function test_payBatch_revertsWithAgreementEnded() public {
        vm.warp(START + 365 days + 1);
        _refused(_bundles(1, 1), abi.encodeWithSelector(IRevenueLedger.AgreementEnded.selector, _one, START + 365 days));
    }

    function test_payBatch_ofWonDealsAndOthersTogether() public {
        bytes32 deal = _win(address(0x2222), "customer");
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 2);
        bundles[0].invoices[0].deal = deal;
        _refused(bundles, abi.encodeWithSelector(IRevenueLedger.DealNotWon.selector, _one, deal));
        bundles[0].invoices[0].deal = 0;
        bundles[1].invoices[1].deal = deal;
        _send(bundles);
        vm.assertEq(_released(_two), 3 + 4);
    }

    function test_payBatch_revertsWithDepositsArePaused() public {
        vm.prank(guardian);
        ledger.pauseDeposits();
        _refused(_bundles(1, 1), abi.encodeWithSelector(IRevenueLedger.DepositsArePaused.selector));
    }

    function test_payBatch_revertsWhenThePayerHasTooLittle() public {
        IRevenueLedger.Bundle[] memory bundles = _bundles(2, 2);
        bundles[1].invoices[1].amount = 1_000_000e6;
        vm.expectRevert();
        _send(bundles);
        vm.assertEq(_released(_one), 0);
    }
}
