// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";

/// @title What the ledger and its settlement share
/// @notice The entries and refusals of the code that both run: how held money becomes released, and how a payment is known
/// again.
interface IRevenueBooks {
    /// @notice Held payments were released, all those of one day in one entry.
    /// @param maturesAt the day's beginning
    event Matured(
        AgreementId indexed agreement, address indexed token, uint40 maturesAt, uint256 amount, uint64 seq, bytes24 head
    );
    /// @notice Revenue served debts instead of being released: a part of what the entry before released, or, in a batch, of
    /// what the agreement's invoices before it did. Debts by ruling come first, the agreement's own, then its predecessor's, and so
    /// on; then its own by consent. (Nobody can agree to a debt before another's.)
    /// @param debtor the agreement whose debts they are: the one that earned it, or a predecessor of it
    /// @param byConsent whether its debts by consent, which is then its own; else those by ruling
    /// @param maturesAt of the payment or the day that was released, which also says in which period
    event Netted(
        AgreementId indexed agreement,
        address indexed token,
        AgreementId debtor,
        bool byConsent,
        uint256 amount,
        uint40 maturesAt,
        uint64 seq,
        bytes24 head
    );

    error TotalTooLarge(uint256 released);
    error ShareInvalid(AgreementId agreement, address account);
    /// @notice There is no such payment, or it is not as described.
    error PaymentUnknown(address payer, bytes32 invoiceRef);
    /// @notice The hold is over; what is released can at most be clawed back.
    error HoldOver(bytes32 invoiceRef, uint256 maturesAt);
    error RefundInvalid(bytes32 invoiceRef, uint256 amount, uint256 left);
    error InDispute(bytes32 invoiceRef);
    error TermsMismatch(AgreementId agreement);
    error NotTheArbiter(AgreementId agreement, address account);
    /// @notice More days are due than one call can release; call {mature} first.
    error MatureFirst(AgreementId agreement, address token);
    error DebtUnknown(uint32 debt);
    error NothingToPay();
}
