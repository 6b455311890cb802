// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Share} from "../types/Books.sol";
import {Bundle, Invoice, Payment} from "../types/Payments.sol";

/// @title EIP-712 hashes of payments, refunds by the payer, and claims
/// @notice The types are written out in {IRevenueLedger}.
library PaymentHash {
    bytes32 private constant PAY = keccak256(
        "Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant INVOICE = keccak256("Invoice(bytes32 deal,uint256 amount,bytes32 invoiceRef)");
    bytes32 private constant BUNDLE = keccak256(
        "Bundle(bytes32 agreement,Invoice[] invoices)Invoice(bytes32 deal,uint256 amount,bytes32 invoiceRef)"
    );
    bytes32 private constant PAY_BATCH = keccak256(
        "PayBatch(address account,address token,Bundle[] bundles,uint256 nonce,uint256 deadline)"
        "Bundle(bytes32 agreement,Invoice[] invoices)Invoice(bytes32 deal,uint256 amount,bytes32 invoiceRef)"
    );
    bytes32 private constant SOURCE = keccak256("Source(bytes32 agreement,uint32 period)");
    bytes32 private constant CLAIM_TO = keccak256(
        "ClaimTo(address account,address recipient,address token,Source[] sources,uint256 nonce,uint256 deadline)"
        "Source(bytes32 agreement,uint32 period)"
    );
    bytes32 private constant REFUND = keccak256(
        "Refund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 amount,uint256 nonce,"
        "uint256 deadline)"
    );

    function pay(
        address account,
        AgreementId agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAY,
                account,
                agreement,
                token,
                invoice.deal,
                invoice.amount,
                invoice.invoiceRef,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    function payBatch(address account, address token, Bundle[] calldata bundles, Authorization calldata authorization)
        internal
        pure
        returns (bytes32)
    {
        bytes32[] memory hashes = new bytes32[](bundles.length);
        for (uint256 i; i < bundles.length; ++i) {
            hashes[i] = keccak256(abi.encode(BUNDLE, bundles[i].agreement, _hash(bundles[i].invoices)));
        }
        bytes32 list = keccak256(abi.encodePacked(hashes));
        return keccak256(abi.encode(PAY_BATCH, account, token, list, authorization.nonce, authorization.deadline));
    }

    function claimTo(
        address account,
        address recipient,
        address token,
        Share[] calldata shares,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](shares.length);
        for (uint256 i; i < shares.length; ++i) {
            hashes[i] = keccak256(abi.encode(SOURCE, shares[i].agreement, shares[i].period));
        }
        bytes32 list = keccak256(abi.encodePacked(hashes));
        return
            keccak256(
                abi.encode(CLAIM_TO, account, recipient, token, list, authorization.nonce, authorization.deadline)
            );
    }

    function refund(
        address account,
        Payment calldata payment,
        address recipient,
        uint256 amount,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REFUND,
                account,
                payment.payer,
                payment.invoiceRef,
                recipient,
                amount,
                authorization.nonce,
                authorization.deadline
            )
        );
    }

    function _hash(Invoice[] calldata invoices) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](invoices.length);
        for (uint256 i; i < invoices.length; ++i) {
            hashes[i] = keccak256(abi.encode(INVOICE, invoices[i].deal, invoices[i].amount, invoices[i].invoiceRef));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
