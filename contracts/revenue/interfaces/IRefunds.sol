// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {Payment} from "../types/Payments.sol";

/// @title Refunds by the payer
/// @notice Until a payment is released its payer can take it back, also while it is in dispute: a dispute takes nothing from the
/// payer.
interface IRefunds {
    /// @notice A payer took a held payment back, or part of it.
    /// @param recipient the wallet it went to: the one that now stands for the payer, or another that it named
    event Refunded(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );

    /// @notice A payer took back what was in dispute, or part of it.
    /// @param recipient the wallet it went to
    /// @param left what still waits for a ruling; with 0 the dispute is over
    event RefundedInDispute(
        AgreementId indexed agreement,
        address indexed payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint256 left,
        uint64 seq,
        bytes24 head
    );

    error NotThePayer(address payer, address caller);

    /// @notice Takes a held payment back, or part of it. Called by the wallet that stands for the payer: of the account
    /// whose wallet paid, see {IPartnerRegistry.successorOf}.
    /// @param amount at most what is left of it
    /// @dev Reverts {NotThePayer}, {PaymentUnknown}, {HoldOver}, {RefundInvalid}.
    function refund(Payment calldata payment, uint256 amount) external;
}
