// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Share} from "../../../contracts/revenue/types/Books.sol";
import {AgreementId} from "../../../contracts/shared/types/Ids.sol";
import {vm} from "./Vm.sol";

/// @title What wallets sign about claims, refunds, disputes and clawbacks, hashed by forge's own EIP-712 encoder from the
/// type strings of {IRevenueLedger}
library MoneyTypedData {
    struct Source {
        AgreementId agreement;
        uint32 period;
    }

    struct ClaimTo {
        address account;
        address recipient;
        address token;
        Source[] sources;
        uint256 nonce;
        uint256 deadline;
    }

    function claimTo(
        address account,
        address recipient,
        address token,
        Share[] memory shares,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        Source[] memory sources = new Source[](shares.length);
        for (uint256 i; i < shares.length; ++i) {
            sources[i] = Source(shares[i].agreement, shares[i].period);
        }
        return vm.eip712HashStruct(
            "ClaimTo(address account,address recipient,address token,Source[] sources,uint256 nonce,uint256 deadline)Source(bytes32 agreement,uint32 period)",
            abi.encode(ClaimTo(account, recipient, token, sources, nonce, deadline))
        );
    }

    function refund(
        address account,
        address payer,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Refund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 amount,uint256 nonce,uint256 deadline)",
            abi.encode(account, payer, invoiceRef, recipient, amount, nonce, deadline)
        );
    }

    function payRefund(
        address account,
        address payer,
        bytes32 invoiceRef,
        address recipient,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "PayRefund(address account,address payer,bytes32 invoiceRef,address recipient,uint256 nonce,uint256 deadline)",
            abi.encode(account, payer, invoiceRef, recipient, nonce, deadline)
        );
    }

    function payDebt(
        address account,
        AgreementId agreement,
        address token,
        uint32 debt,
        address recipient,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "PayDebt(address account,bytes32 agreement,address token,uint32 debt,address recipient,uint256 nonce,uint256 deadline)",
            abi.encode(account, agreement, token, debt, recipient, nonce, deadline)
        );
    }

    function dispute(
        address account,
        address payer,
        bytes32 invoiceRef,
        bytes32 reason,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Dispute(address account,address payer,bytes32 invoiceRef,bytes32 reason,uint256 nonce,uint256 deadline)",
            abi.encode(account, payer, invoiceRef, reason, nonce, deadline)
        );
    }

    function rule(
        address arbiter,
        address payer,
        bytes32 invoiceRef,
        uint40 disputedAt,
        uint256 refunded,
        bytes32 reason,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "RulePayment(address arbiter,address payer,bytes32 invoiceRef,uint40 disputedAt,uint256 refunded,bytes32 reason,uint256 nonce,uint256 deadline)",
            abi.encode(arbiter, payer, invoiceRef, disputedAt, refunded, reason, nonce, deadline)
        );
    }

    function ruleClawback(
        address arbiter,
        address payer,
        bytes32 invoiceRef,
        uint256 amount,
        bytes32 reason,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "RuleClawback(address arbiter,address payer,bytes32 invoiceRef,uint256 amount,bytes32 reason,uint256 nonce,uint256 deadline)",
            abi.encode(arbiter, payer, invoiceRef, amount, reason, nonce, deadline)
        );
    }

    function clawback(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "Clawback(address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount)",
            abi.encode(payer, invoiceRef, refunded, amount)
        );
    }

    function consentToClawback(
        address account,
        address payer,
        bytes32 invoiceRef,
        uint256 refunded,
        uint256 amount,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "ConsentToClawback(address account,address payer,bytes32 invoiceRef,uint256 refunded,uint256 amount,uint256 nonce,uint256 deadline)",
            abi.encode(account, payer, invoiceRef, refunded, amount, nonce, deadline)
        );
    }
}
