// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Bundle, Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {JournalReader} from "./support/JournalReader.sol";
import {Vm, vm} from "./support/Vm.sol";

contract PayBatchTest is DealWorld {
    address private _payer = address(0xACC);
    AgreementId private _one;
    AgreementId private _two;

    function setUp() public override {
        super.setUp();
        _one = _join(address(0x1111));
        _two = _join(address(0x2222));
        _fund(_payer, 1_000_000e6);
    }

    /// @dev Two bundles; every amount is another one.
    function _bundles(uint256 first, uint256 second) private view returns (Bundle[] memory bundles) {
        bundles = new Bundle[](2);
        bundles[0] = Bundle(_one, new Invoice[](first));
        bundles[1] = Bundle(_two, new Invoice[](second));
        for (uint256 i; i < first + second; ++i) {
            if (i < first) bundles[0].invoices[i] = _invoice(i + 1, bytes32(i + 1));
            else bundles[1].invoices[i - first] = _invoice(i + 1, bytes32(i + 1));
        }
    }

    function _send(Bundle[] memory bundles) private {
        vm.prank(_payer);
        ledger.payBatch(address(dollar), bundles);
    }

    function _refused(Bundle[] memory bundles, bytes memory why) private {
        vm.expectRevert(why);
        _send(bundles);
        vm.assertEq(ledger.paymentOf(_payer, bytes32(uint256(1))), bytes32(0));
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function _released(AgreementId agreement) private view returns (uint256) {
        return ledger.bookOf(agreement, address(dollar)).released;
    }

    function test_payBatch_ofAHundredInvoicesOfTwoAgreements() public {
        (uint64 seq,) = ledger.journal();
        _send(_bundles(60, 40));
        vm.assertEq(_released(_one), 60 * 61 / 2);
        vm.assertEq(_released(_one) + _released(_two), 100 * 101 / 2);
        vm.assertEq(dollar.balanceOf(address(ledger)), 100 * 101 / 2);
        (uint64 seqAfter,) = ledger.journal();
        vm.assertEq(uint256(seqAfter), uint256(seq) + 2, "an entry for each bundle");
        for (uint256 i = 1; i <= 100; ++i) {
            vm.assertTrue(ledger.paymentOf(_payer, bytes32(i)) != 0);
        }
    }

    /// @dev A bundle of several invoices is told by one entry, one of a single invoice as a payment is, an empty one not.
    function test_payBatch_tellsOfABundleInOneEntry() public {
        Bundle[] memory two = _bundles(3, 1);
        two[0].invoices[1].deal = _win(address(0x1111), "customer");
        Bundle[] memory bundles = new Bundle[](3);
        (bundles[0], bundles[1], bundles[2]) = (two[0], Bundle(_one, new Invoice[](0)), two[1]);
        (, bytes24 headBefore) = ledger.journal();
        vm.recordLogs();
        _send(bundles);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2 + 1, "two entries and one transfer");
        vm.assertEq(logs[0].topics.length, 3);
        vm.assertEq(logs[0].topics[0], IPayments.PaymentsReceived.selector);
        vm.assertEq(logs[0].topics[1], AgreementId.unwrap(_one));
        vm.assertEq(logs[0].topics[2], bytes32(uint256(uint160(_payer))));
        (address token, uint256 maturesAt, Invoice[] memory invoices) =
            abi.decode(logs[0].data, (address, uint256, Invoice[]));
        vm.assertEq(token, address(dollar));
        vm.assertEq(maturesAt, block.timestamp);
        vm.assertEq(keccak256(abi.encode(invoices)), keccak256(abi.encode(two[0].invoices)));
        vm.assertEq(logs[1].topics[0], IPayments.PaymentReceived.selector);
        // Each follows the one before.
        (uint64 seq, bytes24 head) = ledger.journal();
        (,,, uint64 seqOfFirst, bytes24 headOfFirst) =
            abi.decode(logs[0].data, (address, uint256, Invoice[], uint64, bytes24));
        vm.assertEq(uint256(seq), uint256(seqOfFirst) + 1);
        bytes32 entry = JournalReader.entryOf(logs[1]);
        vm.assertEq(bytes32(head), bytes32(bytes24(keccak256(abi.encode(headOfFirst, seq, entry)))));
        entry = JournalReader.entryOf(logs[0]);
        vm.assertEq(bytes32(headOfFirst), bytes32(bytes24(keccak256(abi.encode(headBefore, seqOfFirst, entry)))));
    }

    function test_payBatch_sameAgreementInSeveralBundles() public {
        Bundle[] memory bundles = _bundles(3, 4);
        bundles[1].agreement = _one;
        _send(bundles);
        vm.assertEq(_released(_one), 7 * 8 / 2);
    }

    function test_payBatch_revertsWithBatchSizeInvalid() public {
        _refused(_bundles(60, 41), abi.encodeWithSelector(IPayments.BatchSizeInvalid.selector, 101));
        _refused(_bundles(0, 0), abi.encodeWithSelector(IPayments.BatchSizeInvalid.selector, 0));
        _refused(new Bundle[](0), abi.encodeWithSelector(IPayments.BatchSizeInvalid.selector, 0));
    }

    function test_payBatch_revertsWithInvoicePaid_withinTheBatch() public {
        Bundle[] memory bundles = _bundles(2, 2);
        bundles[1].invoices[1].invoiceRef = bytes32(uint256(2));
        _refused(bundles, abi.encodeWithSelector(IPayments.InvoicePaid.selector, _payer, bytes32(uint256(2))));
    }

    function test_payBatch_revertsWithInvoicePaid_forOnePaidBefore() public {
        _pay(_payer, _one, 5, bytes32(uint256(3)));
        Bundle[] memory bundles = _bundles(2, 2);
        vm.expectRevert(abi.encodeWithSelector(IPayments.InvoicePaid.selector, _payer, bytes32(uint256(3))));
        _send(bundles);
        vm.assertEq(_released(_one), 5);
        vm.assertEq(_released(_two), 0);
    }

    function test_payBatch_revertsWithAmountInvalid() public {
        Bundle[] memory bundles = _bundles(2, 2);
        bundles[0].invoices[1].amount = 0;
        _refused(bundles, abi.encodeWithSelector(IPayments.AmountInvalid.selector, bytes32(uint256(2)), 0));
        uint256 tooLarge = uint256(type(uint128).max) + 1;
        bundles[0].invoices[1].amount = tooLarge;
        _refused(bundles, abi.encodeWithSelector(IPayments.AmountInvalid.selector, bytes32(uint256(2)), tooLarge));
    }

    function test_payBatch_revertsWithTotalTooLarge() public {
        Bundle[] memory bundles = _bundles(2, 0);
        bundles[0].invoices[1].amount = type(uint128).max;
        _refused(bundles, abi.encodeWithSelector(IRevenueBooks.TotalTooLarge.selector, uint256(type(uint128).max) + 1));
    }

    function test_payBatch_revertsWithTokenNotAccepted() public {
        Bundle[] memory bundles = _bundles(1, 1);
        bundles[1].agreement = AgreementId.wrap("none");
        _refused(bundles, abi.encodeWithSelector(IPayments.TokenNotAccepted.selector, bytes32("none"), address(dollar)));
    }

    function test_payBatch_revertsWithNotYetValid() public {
        Terms memory terms = _termsWith(address(0x1111));
        terms.validFrom = START + 1;
        Bundle[] memory bundles = _bundles(1, 1);
        bundles[1].agreement = _agree(terms);
        _refused(bundles, abi.encodeWithSelector(IPayments.NotYetValid.selector, bundles[1].agreement, START + 1));
    }

    function test_payBatch_revertsWithAgreementEnded() public {
        vm.warp(START + 365 days + 1);
        _refused(_bundles(1, 1), abi.encodeWithSelector(IPayments.AgreementEnded.selector, _one, START + 365 days));
    }

    function test_payBatch_ofWonDealsAndOthersTogether() public {
        DealId deal = _win(address(0x2222), "customer");
        Bundle[] memory bundles = _bundles(2, 2);
        bundles[0].invoices[0].deal = deal;
        _refused(bundles, abi.encodeWithSelector(IPayments.DealNotWon.selector, _one, deal));
        bundles[0].invoices[0].deal = NO_DEAL;
        bundles[1].invoices[1].deal = deal;
        _send(bundles);
        vm.assertEq(_released(_two), 3 + 4);
    }

    function test_payBatch_revertsWithDepositsArePaused() public {
        vm.prank(guardian);
        ledger.pauseDeposits();
        _refused(_bundles(1, 1), abi.encodeWithSelector(IPayments.DepositsArePaused.selector));
    }

    function test_payBatch_revertsWhenThePayerHasTooLittle() public {
        Bundle[] memory bundles = _bundles(2, 2);
        bundles[1].invoices[1].amount = 1_000_000e6;
        vm.expectRevert();
        _send(bundles);
        vm.assertEq(_released(_one), 0);
    }
}
