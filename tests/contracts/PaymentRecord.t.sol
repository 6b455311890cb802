// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PaymentRecord} from "../../contracts/revenue/libraries/PaymentRecord.sol";
import {Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

/// @dev What a refund goes by: were one of these not bound, a payment could be taken back as another one.
contract PaymentRecordTest is DealWorld {
    address private constant PARTNER = address(0xA11CE);
    uint256 private _payers;

    /// @dev The record of a payment by a payer of its own, whose records are kept apart from all others.
    function _record(AgreementId agreement, DealId deal, uint256 amount) private returns (bytes32) {
        address payer = address(uint160(0x9A1E4000 + _payers++));
        _fund(payer, amount);
        vm.prank(payer);
        ledger.pay(agreement, address(dollar), Invoice(deal, amount, "ref"));
        return ledger.paymentOf(payer, "ref");
    }

    function test_paymentRecord_bindsAgreementDealAmountAndSecond() public {
        DealId one = _win(PARTNER, "customer one");
        DealId two = _win(PARTNER, "customer two");
        AgreementId agreement = _join(PARTNER);
        bytes32 record = _record(agreement, one, 100e6);
        vm.assertTrue(record != _record(agreement, two, 100e6), "deal");
        vm.assertTrue(record != _record(agreement, NO_DEAL, 100e6), "no deal");
        vm.assertTrue(record != _record(agreement, one, 100e6 + 1), "amount");
        vm.assertTrue(_record(agreement, NO_DEAL, 100e6) != _record(_join(address(0xB0B)), NO_DEAL, 100e6), "agreement");
        vm.warp(block.timestamp + 1);
        vm.assertTrue(record != _record(agreement, one, 100e6), "second");
    }

    /// @dev Whatever lies in the memory that nobody uses yet.
    function testFuzz_paymentRecord_isThatOfItsWordsAlone(
        AgreementId agreement,
        address token,
        DealId deal,
        uint256 amount,
        uint40 maturesAt,
        bytes32 dirt
    ) public view {
        assembly ("memory-safe") {
            let unused := mload(0x40)
            for { let i } lt(i, 0x100) { i := add(i, 0x20) } { mstore(add(unused, i), dirt) }
        }
        bytes32 record = PaymentRecord.paid(agreement, token, deal, amount, maturesAt);
        bytes32 hash = keccak256(abi.encode(agreement, token, deal, amount, maturesAt, uint256(0)));
        vm.assertEq(record, hash >> 8 << 8 | bytes32(uint256(1)));
    }
}
