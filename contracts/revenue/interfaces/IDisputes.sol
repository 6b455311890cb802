// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Payment} from "../types/Payments.sol";

/// @title Disputes of held payments, and the rulings on them
/// @notice What is left of a disputed payment waits outside the books until its agreement's arbiter rules, or has not for too
/// long. A payment is disputed once at most, and its payer can take it back all the same until its day: so a dispute neither
/// keeps money from the payer nor prolongs anything twice.
interface IDisputes {
    /// @notice A party disputed a held payment; what is left of it waits for a ruling.
    /// @param reason a code of at most 32 ASCII characters
    /// @param ruleBy from when on anyone can have the dispute dropped
    event PaymentDisputed(
        AgreementId indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        bytes32 reason,
        uint40 ruleBy,
        uint64 seq,
        bytes24 head
    );
    /// @notice A dispute is over: part of the amount, or all or none, is the payer's again. The rest is held on if its day
    /// has not come, and released otherwise.
    /// @param by the arbiter; the zero address when it was dropped because nobody ruled
    /// @param refunded what is the payer's, in token base units; it waits to be paid out
    /// @param remaining what is not
    event DisputeRuled(
        AgreementId indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 refunded,
        uint256 remaining,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );
    /// @notice A payer was paid what a ruling gave back to it.
    /// @param recipient the wallet that now stands for the payer, or another that it named
    event RefundPaid(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );

    /// @notice One dispute a payment: this one's is over.
    error DisputedBefore(bytes32 invoiceRef, uint256 disputedAt);
    error NotInDispute(bytes32 invoiceRef);
    error NotAParty(AgreementId agreement, address account);
    error NoArbiter(AgreementId agreement);
    error RulingAwaited(bytes32 invoiceRef, uint256 ruleBy);

    /// @notice Disputes a held payment: what is left of it waits outside until the arbiter rules. Called by the wallet of a
    /// party of its agreement.
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {InDispute}, {DisputedBefore}, {HoldOver}, {RefundInvalid} (nothing is
    /// left), {TermsMismatch}, {NoArbiter}, {NotAParty}.
    function dispute(address account, Payment calldata payment, bytes32 reason, Opening calldata opening) external;

    /// @notice The signed form of {dispute}: `Dispute(address account,address payer,bytes32 invoiceRef,bytes32
    /// reason,uint256 nonce,uint256 deadline)`.
    function disputeWithAuthorization(
        address account,
        Payment calldata payment,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Rules on a disputed payment. Called by the arbiter's wallet.
    /// @param refunded what is the payer's again, see {payRefund}; the rest is released, or held on until its day
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {NotInDispute}, {TermsMismatch}, {NotTheArbiter}, {RefundInvalid}.
    function rule(address arbiter, Payment calldata payment, uint256 refunded, bytes32 reason, Opening calldata opening)
        external;

    /// @notice The signed form of {rule}: `RulePayment(address arbiter,address payer,bytes32 invoiceRef,uint40
    /// disputedAt,uint256 refunded,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function ruleWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 refunded,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Drops a dispute on which the arbiter has not ruled in time: the payment goes on as if undisputed. Anyone may
    /// call.
    /// @dev Reverts {PaymentUnknown}, {NotInDispute}, {RulingAwaited}.
    function dropDispute(Payment calldata payment) external;

    /// @notice Pays a payer what a ruling gave back to it, to the wallet that stands for it. Anyone may call. (The ruling
    /// itself sends nothing: a payer that cannot receive must not keep the payees from the rest.)
    /// @dev Reverts {PaymentUnknown}, {NothingToPay}.
    function payRefund(Payment calldata payment) external returns (uint256 amount);

    /// @notice As {payRefund}, to a recipient of the payer's choice. Called by the wallet that stands for the payer.
    /// @dev As there, and {NotThePayer}, {RecipientInvalid}.
    function payRefundTo(Payment calldata payment, address recipient) external returns (uint256 amount);

    /// @notice The signed form of {payRefundTo}, by the account whose wallet paid: `PayRefund(address account,address
    /// payer,bytes32 invoiceRef,address recipient,uint256 nonce,uint256 deadline)`.
    function payRefundWithAuthorization(
        address account,
        Payment calldata payment,
        address recipient,
        Authorization calldata authorization
    ) external returns (uint256 amount);
}
