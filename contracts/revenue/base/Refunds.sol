// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {PaymentRecord} from "../libraries/PaymentRecord.sol";
import {bookIdOf} from "../types/BookIds.sol";
import {Payment} from "../types/Payments.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title How a payer takes a held payment back
/// @notice See {IRefunds}.
abstract contract Refunds is RevenueBooks {
    function _refund(Payment calldata payment, address recipient, uint256 amount) internal {
        _requirePaid(payment);
        bytes32 invoiceRef = payment.invoiceRef;
        if (block.timestamp >= payment.maturesAt) revert HoldOver(invoiceRef, payment.maturesAt);
        uint256 left = payment.amount - payment.refunded;
        if (amount == 0 || amount > left) revert RefundInvalid(invoiceRef, amount, left);
        (AgreementId agreement, address token, address payer) = (payment.agreement, payment.token, payment.payer);
        _held[bookIdOf(agreement, token)][payment.maturesAt / 1 days].value -= amount;
        _payments[payer][invoiceRef].value = PaymentRecord.current(payment, payment.refunded + amount, 0);
        _emitRefunded(agreement, payer, token, invoiceRef, recipient, amount);
        _send(token, recipient, amount);
    }
}
