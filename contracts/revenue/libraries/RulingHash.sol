// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Payment} from "../types/Payments.sol";

/// @title EIP-712 hashes of disputes, rulings and clawbacks, and of what they owe
/// @notice The types are written out in {IRevenueLedger}.
library RulingHash {
    bytes32 private constant DISPUTE = keccak256(
        "Dispute(address account,address payer,bytes32 invoiceRef,bytes32 reason,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RULE_PAYMENT = keccak256(
        "RulePayment(address arbiter,address payer,bytes32 invoiceRef,uint40 disputedAt,uint256 refunded,bytes32 reason,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RULE_CLAWBACK = keccak256(
        "RuleClawback(address arbiter,address payer,bytes32 invoiceRef,uint256 amount,bytes32 reason,uint256 nonce,"
        "uint256 deadline)"
    );
    bytes32 private constant PAY_REFUND = keccak256(
        "PayRefund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant PAY_DEBT = keccak256(
        "PayDebt(address account,bytes32 agreement,address token,uint32 debt,address recipient,uint256 nonce,"
        "uint256 deadline)"
    );
    bytes32 private constant CLAWBACK =
        keccak256("Clawback(address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)");
    bytes32 private constant CONSENT_TO_CLAWBACK = keccak256(
        "ConsentToClawback(address account,address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount,"
        "uint256 nonce,uint256 deadline)"
    );

    function dispute(address account, Payment calldata payment, bytes32 reason, Authorization calldata authorization)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                DISPUTE, account, payment.payer, payment.invoiceRef, reason, authorization.nonce, authorization.deadline
            )
        );
    }

    function rule(
        address arbiter,
        Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                RULE_PAYMENT,
                arbiter,
                payment.payer,
                payment.invoiceRef,
                payment.disputedAt,
                refunded,
                reason,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    function ruleClawback(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                RULE_CLAWBACK,
                arbiter,
                payment.payer,
                payment.invoiceRef,
                amount,
                reason,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    /// @notice The action that payees consent to by transaction.
    function clawback(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(CLAWBACK, payer, invoiceRef, refunded, amount));
    }

    /// @notice What one payee signs.
    function consent(address account, Payment calldata payment, uint256 amount, Authorization calldata authorization)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                CONSENT_TO_CLAWBACK,
                account,
                payment.payer,
                payment.invoiceRef,
                payment.refunded,
                amount,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    function payRefund(
        address account,
        Payment calldata payment,
        address recipient,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAY_REFUND,
                account,
                payment.payer,
                payment.invoiceRef,
                recipient,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    function payDebt(
        address account,
        AgreementId agreement,
        address token,
        uint32 debt,
        address recipient,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAY_DEBT, account, agreement, token, debt, recipient, authorization.nonce, authorization.deadline
            )
        );
    }
}
