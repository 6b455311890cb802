// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, DealId} from "../../shared/types/Ids.sol";
import {Payment} from "../types/Payments.sol";

/// @dev A payment that was never disputed.
uint256 constant PAID = 1;
/// @dev A payment in dispute.
uint256 constant IN_DISPUTE = 2;
/// @dev A payment whose dispute is over. There is one dispute a payment.
uint256 constant DISPUTE_OVER = 3;

/// @title The one slot that a recorded invoice takes
/// @notice A hash that binds all that a refund and a ruling go by, and the status in the low byte. See
/// {IBookViews.paymentOf}.
library PaymentRecord {
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

    /// @notice The record of a payment of which this much was refunded.
    /// @param disputedAt in seconds; 0 exactly when the status is {PAID}
    function current(Payment calldata payment, uint256 refunded, uint256 disputedAt, uint256 status)
        internal
        pure
        returns (bytes32)
    {
        return bytes32(_hash(payment, refunded, disputedAt) | status);
    }

    /// @notice The status in a record, if it is the payment's as described; else 0.
    function statusOf(bytes32 record, Payment calldata payment) internal pure returns (uint256 status) {
        status = uint256(record) ^ _hash(payment, payment.refunded, payment.disputedAt);
        if (status > 0xff) status = 0;
    }

    function isDisputed(bytes32 record) internal pure returns (bool) {
        return uint8(uint256(record)) == IN_DISPUTE;
    }

    /// @dev With room for the status in the low byte.
    function _hash(Payment calldata payment, uint256 refunded, uint256 disputedAt) private pure returns (uint256 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, add(payment, 0x40), 0xa0) // agreement to maturesAt
            mstore(add(words, 0xa0), refunded)
            mstore(add(words, 0xc0), disputedAt)
            hash := and(keccak256(words, add(0xc0, shl(5, iszero(iszero(disputedAt))))), not(0xff))
        }
    }
}
