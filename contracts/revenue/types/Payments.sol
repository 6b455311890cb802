// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, DealId} from "../../shared/types/Ids.sol";

/// @notice Revenue recorded against an invoice.
/// @param deal the won deal it comes from; 0 for none
/// @param amount in token base units, greater than zero and at most 2^128 - 1
/// @param invoiceRef the payer's own reference, blinded; it can be paid once
struct Invoice {
    DealId deal;
    uint256 amount;
    bytes32 invoiceRef;
}

/// @notice The invoices of one agreement in a batch.
struct Bundle {
    AgreementId agreement;
    Invoice[] invoices;
}

/// @notice ERC-2612's leave to pull tokens. It authorises no payment: the payer calls, or signs the payment itself.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A recorded invoice as it now is; the ledger keeps its hash only, see {paymentOf}.
/// @param amount what the ledger received, in token base units
/// @param maturesAt when it is, or was, released
/// @param refunded what of it went back to the payer or is owed to it
/// @param disputedAt when it was disputed, also once that is over; 0 when it never was
struct Payment {
    address payer;
    bytes32 invoiceRef;
    AgreementId agreement;
    address token;
    DealId deal;
    uint256 amount;
    uint40 maturesAt;
    uint256 refunded;
    uint40 disputedAt;
}
