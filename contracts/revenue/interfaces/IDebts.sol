// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Debt} from "../types/Books.sol";
import {Payment} from "../types/Payments.sol";
import {WholePlan} from "../types/WholePlan.sol";

/// @title Refunds of what was released, as debts of the agreement
/// @notice A debt is served by the agreement's later revenue; what was released is never taken back. One by ruling is also served by
/// that of successors whose signed terms say so. One by consent binds those alone who agreed to it: it is served by the
/// revenue of the very version whose payees did.
interface IDebts {
    /// @notice A refund after the hold: the agreement owes it to the payer, out of its later revenue.
    /// @param debt the debt's number in this agreement and token, from 1
    /// @param by the arbiter; the zero address for all payees' consent
    event ClawedBack(
        AgreementId indexed agreement,
        address indexed payer,
        address indexed by,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        uint32 debt,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );
    /// @notice An account consented, by its own transaction, to a refund after the hold. It counts for a payee of the agreement.
    /// @param action {clawbackAction}, by which the consent is taken back
    /// @param refunded what of the invoice was refunded, or owed, by then
    /// @param amount what would be refunded besides, in token base units
    /// @param deadline last second at which the consent counts
    event ConsentedToClawback(
        AgreementId indexed agreement,
        address indexed account,
        bytes32 indexed action,
        address payer,
        bytes32 invoiceRef,
        uint256 refunded,
        uint256 amount,
        uint40 deadline,
        uint64 seq,
        bytes24 head
    );
    /// @notice A payer was paid what had been netted for one of its debts.
    /// @param recipient the wallet that now stands for the payer, or another that it named
    event DebtPaid(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        uint32 debt,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );

    /// @notice The hold is not over; the payer can take the payment back itself.
    error StillHeld(bytes32 invoiceRef, uint256 maturesAt);
    error ClawbackNotAgreed(AgreementId agreement);

    /// @notice Consents, as a payee and by the wallet's own transaction, to a refund after the hold, ahead of
    /// {clawBackByConsent}.
    /// @param deadline last second at which the consent counts
    /// @dev Reverts {NotTheWallet}, {AuthorizationExpired}, {PaymentUnknown}, {InDispute}, {StillHeld}, {ClawbackNotAgreed},
    /// {RefundInvalid}.
    function consentToClawback(address account, Payment calldata payment, uint256 amount, uint40 deadline) external;

    /// @notice Makes a refund of a released payment the agreement's debt, by all payees' consent, in one call or, where the
    /// payees are many, in several. Anyone may call.
    /// @param plan the agreement's, which is brought along each time
    /// @param consents of the next payees in the order of the terms, after those whose consents earlier calls brought:
    /// `ConsentToClawback(address account,address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount,uint256 nonce,uint256
    /// deadline)` each, or an empty signature, see {IConsents}
    /// @return debt the debt's number, once the last payee's consent is there; else 0, see {clawbackGathered}
    /// @dev Reverts {PaymentUnknown}, {InDispute}, {StillHeld}, {ClawbackNotAgreed}, {RefundInvalid}, {TermsMismatch},
    /// {MatureFirst}, {ConsentsMissing}, {ConsentMissing}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function clawBackByConsent(
        Payment calldata payment,
        uint256 amount,
        WholePlan calldata plan,
        Authorization[] calldata consents
    ) external returns (uint32 debt);

    /// @notice As {clawBackByConsent}, by a ruling. Called by the arbiter's wallet.
    /// @dev Reverts {NotTheWallet}, {PaymentUnknown}, {InDispute}, {StillHeld}, {ClawbackNotAgreed}, {RefundInvalid},
    /// {TermsMismatch}, {NotTheArbiter}, {MatureFirst}.
    function ruleClawback(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening
    ) external returns (uint32 debt);

    /// @notice The signed form of {ruleClawback}: `RuleClawback(address arbiter,address payer,bytes32 invoiceRef,uint256
    /// amount,bytes32 reason,uint256 nonce,uint256 deadline)`.
    function ruleClawbackWithAuthorization(
        address arbiter,
        Payment calldata payment,
        uint256 amount,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (uint32 debt);

    /// @notice Pays a payer what has been netted for one of its debts, to the wallet that stands for it. Anyone may call.
    /// @dev Reverts {DebtUnknown}, {NothingToPay}.
    function payDebt(AgreementId agreement, address token, uint32 debt) external returns (uint256 amount);

    /// @notice As {payDebt}, to a recipient of the payer's choice. Called by the wallet that stands for the payer.
    /// @dev As there, and {NotThePayer}, {RecipientInvalid}.
    function payDebtTo(AgreementId agreement, address token, uint32 debt, address recipient)
        external
        returns (uint256 amount);

    /// @notice The signed form of {payDebtTo}, by the account whose wallet paid: `PayDebt(address account,bytes32
    /// agreement,address token,uint32 debt,address recipient,uint256 nonce,uint256 deadline)`.
    function payDebtWithAuthorization(
        address account,
        AgreementId agreement,
        address token,
        uint32 debt,
        address recipient,
        Authorization calldata authorization
    ) external returns (uint256 amount);

    /// @notice A debt of an agreement in a token, by its number.
    function debtOf(AgreementId agreement, address token, uint32 debt) external view returns (Debt memory);

    /// @notice How far the consents to a clawback are gathered that needs several calls.
    /// @param action what {clawbackAction} says
    /// @return through the last payee whose consent there is, of those before it too; zero when there is none
    /// @return until last second at which they count: that of the first to expire, and at most 30 days after the first call
    function clawbackGathered(bytes32 action) external view returns (address through, uint40 until);

    /// @notice The action that all payees consent to when a released payment is clawed back: the hash of `Clawback(address
    /// payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)`.
    /// @param refunded what of the payment was refunded before, so that one consent is good for one clawback
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32);
}
