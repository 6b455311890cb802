// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {PaymentRecord} from "../libraries/PaymentRecord.sol";
import {bookIdOf} from "../types/BookIds.sol";
import {Payment} from "../types/Payments.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title How a payer takes a payment back
/// @notice See {IRefunds}.
abstract contract Refunds is RevenueBooks {
    /// @dev Out of what is held: of a payment that is not in dispute.
    function _refundHeld(Payment calldata payment, uint256 status, address recipient, uint256 amount) internal {
        _requireRefundable(payment, amount);
        (AgreementId agreement, address token, address payer) = (payment.agreement, payment.token, payment.payer);
        bytes32 invoiceRef = payment.invoiceRef;
        _held[bookIdOf(agreement, token)][payment.maturesAt / 1 days].value -= amount;
        _payments[payer][invoiceRef].value =
            PaymentRecord.current(payment, payment.refunded + amount, payment.disputedAt, status);
        _emitRefunded(agreement, payer, token, invoiceRef, recipient, amount);
        _send(token, recipient, amount);
    }

    /// @notice Requires that the payer can still take this much of the payment back.
    /// @return left what of the payment was not refunded yet
    function _requireRefundable(Payment calldata payment, uint256 amount) internal view returns (uint256 left) {
        if (block.timestamp >= payment.maturesAt) revert HoldOver(payment.invoiceRef, payment.maturesAt);
        left = payment.amount - payment.refunded;
        if (amount == 0 || amount > left) revert RefundInvalid(payment.invoiceRef, amount, left);
    }
}
