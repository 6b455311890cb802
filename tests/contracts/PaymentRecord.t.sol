// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRevenueLedger} from "../../contracts/interfaces/IRevenueLedger.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

/// @dev What a refund goes by: were one of these not bound, a payment could be taken back as another one.
contract PaymentRecordTest is DealWorld {
    address private constant PARTNER = address(0xA11CE);
    uint256 private _payers;

    /// @dev The record of a payment by a payer of its own, whose records are kept apart from all others.
    function _record(bytes32 agreement, bytes32 deal, uint256 amount) private returns (bytes32) {
        address payer = address(uint160(0x9A1E4000 + _payers++));
        _fund(payer, amount);
        vm.prank(payer);
        ledger.pay(agreement, address(dollar), IRevenueLedger.Invoice(deal, amount, "ref"));
        return ledger.paymentOf(payer, "ref");
    }

    function test_paymentRecord_bindsAgreementDealAmountAndSecond() public {
        bytes32 one = _win(PARTNER, "customer one");
        bytes32 two = _win(PARTNER, "customer two");
        bytes32 agreement = _join(PARTNER);
        bytes32 record = _record(agreement, one, 100e6);
        vm.assertTrue(record != _record(agreement, two, 100e6), "deal");
        vm.assertTrue(record != _record(agreement, 0, 100e6), "no deal");
        vm.assertTrue(record != _record(agreement, one, 100e6 + 1), "amount");
        vm.assertTrue(_record(agreement, 0, 100e6) != _record(_join(address(0xB0B)), 0, 100e6), "agreement");
        vm.warp(block.timestamp + 1);
        vm.assertTrue(record != _record(agreement, one, 100e6), "second");
    }
}
