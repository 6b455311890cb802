// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, DealId} from "../../shared/types/Ids.sol";
import {Payment} from "../types/Payments.sol";

/// @title The one slot that a recorded invoice takes
/// @notice A hash that binds all that a refund and a ruling go by, and the status in the low byte. See
/// {IRevenueLedger.paymentOf}.
library PaymentRecord {
    uint256 private constant PAID = 1;
    uint256 private constant DISPUTED = 2;

    /// @notice The record of a payment that was just made.
    /// @param amount in token base units
    /// @param maturesAt in seconds
    function paid(AgreementId agreement, address token, DealId deal, uint256 amount, uint256 maturesAt)
        internal
        pure
        returns (bytes32 record)
    {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, agreement)
            mstore(add(words, 0x20), token)
            mstore(add(words, 0x40), deal)
            mstore(add(words, 0x60), amount)
            mstore(add(words, 0x80), maturesAt)
            mstore(add(words, 0xa0), 0) // nothing refunded
            record := or(and(keccak256(words, 0xc0), not(0xff)), PAID)
        }
    }

    /// @notice The record of a payment of which this much was refunded, and which is in dispute unless `disputedAt` is 0.
    function current(Payment calldata payment, uint256 refunded, uint256 disputedAt)
        internal
        pure
        returns (bytes32 record)
    {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, add(payment, 0x40), 0xa0) // agreement to maturesAt
            mstore(add(words, 0xa0), refunded)
            mstore(add(words, 0xc0), disputedAt)
            let inDispute := iszero(iszero(disputedAt))
            record := keccak256(words, add(0xc0, mul(inDispute, 0x20)))
            record := or(and(record, not(0xff)), add(PAID, inDispute))
        }
    }

    function isDisputed(bytes32 record) internal pure returns (bool) {
        return uint8(uint256(record)) == DISPUTED;
    }
}
