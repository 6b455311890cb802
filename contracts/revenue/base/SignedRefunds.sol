// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {ISignedRefunds} from "../interfaces/ISignedRefunds.sol";
import {DISPUTE_OVER, IN_DISPUTE, PaymentRecord} from "../libraries/PaymentRecord.sol";
import {PaymentHash} from "../libraries/PaymentHash.sol";
import {Payment} from "../types/Payments.sol";
import {Refunds} from "./Refunds.sol";

/// @title Refunds out of a dispute, to other recipients, and by signature
/// @notice See {ISignedRefunds}.
abstract contract SignedRefunds is Refunds, ISignedRefunds {
    /// @notice The part of {IRefunds.refund} that the ledger leaves to its settlement: of a payment in dispute.
    function refund(Payment calldata payment, uint256 amount) external nonReentrant {
        _requirePayer(payment.payer);
        _refund(payment, msg.sender, amount);
    }

    /// @inheritdoc ISignedRefunds
    function refundTo(Payment calldata payment, address recipient, uint256 amount) external nonReentrant {
        _requirePayer(payment.payer);
        _refund(payment, recipient, amount);
    }

    /// @inheritdoc ISignedRefunds
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        address recipient,
        uint256 amount,
        Authorization calldata authorization
    ) external nonReentrant {
        _requirePayersAccount(account, payment.payer);
        _spend(account, PaymentHash.refund(account, payment, recipient, amount, authorization), authorization);
        _refund(payment, recipient, amount);
    }

    /// @dev In dispute, out of what waits for the ruling: nothing of it is held.
    function _refund(Payment calldata payment, address recipient, uint256 amount) private {
        _requireRecipient(recipient);
        uint256 status = _statusOf(payment);
        if (status != IN_DISPUTE) return _refundHeld(payment, status, recipient, amount);
        uint256 left = _requireRefundable(payment, amount) - amount;
        (bytes32 invoiceRef, address payer) = (payment.invoiceRef, payment.payer);
        _payments[payer][invoiceRef].value = PaymentRecord.current(
            payment, payment.refunded + amount, payment.disputedAt, left == 0 ? DISPUTE_OVER : IN_DISPUTE
        );
        _emitRefundedInDispute(payment.agreement, payer, payment.token, invoiceRef, recipient, amount, left);
        _send(payment.token, recipient, amount);
    }
}
