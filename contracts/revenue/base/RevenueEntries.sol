// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Journal} from "../../shared/base/Journal.sol";
import {Invoice, Payment} from "../types/Payments.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IDebts} from "../interfaces/IDebts.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IDistributions} from "../interfaces/IDistributions.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {IRefunds} from "../interfaces/IRefunds.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";

/// @title The entries of the revenue ledger's journal
/// @notice The only place where they are encoded: one function for each event, with its arguments.
abstract contract RevenueEntries is Journal {
    /// @notice As the others, but by hand: there is none that is written more often.
    /// @param amount what of the invoice arrived
    function _emitReceived(
        AgreementId agreement,
        address payer,
        address token,
        Invoice calldata invoice,
        uint256 amount,
        uint256 maturesAt
    ) internal {
        bytes32 selector = IPayments.PaymentReceived.selector;
        uint256 source = _source(3);
        bytes32 entry;
        uint256 words;
        assembly ("memory-safe") {
            // scratch beyond the three words of {_record}'s: hashed and logged, then forgotten
            words := add(mload(0x40), 0x60)
            mstore(words, source)
            mstore(add(words, 0x20), selector)
            mstore(add(words, 0x40), agreement)
            mstore(add(words, 0x60), payer)
            mstore(add(words, 0x80), token)
            calldatacopy(add(words, 0xa0), invoice, 0x60)
            mstore(add(words, 0xc0), amount)
            mstore(add(words, 0x100), maturesAt)
            entry := keccak256(words, 0x120)
        }
        (uint64 seq, bytes24 head) = _record(entry);
        assembly ("memory-safe") {
            mstore(add(words, 0x120), seq)
            mstore(add(words, 0x140), head)
            log3(add(words, 0x80), 0xe0, selector, agreement, payer)
        }
    }

    /// @dev Of a bundle's invoices, which lie in the calldata as they do in the entry.
    function _emitReceivedTogether(
        AgreementId agreement,
        address payer,
        address token,
        uint256 maturesAt,
        Invoice[] calldata invoices
    ) internal {
        bytes32 selector = IPayments.PaymentsReceived.selector;
        uint256 source = _source(3);
        uint256 size = invoices.length * 0x60;
        bytes32 entry;
        uint256 words;
        assembly ("memory-safe") {
            words := add(mload(0x40), 0x60) // scratch, as there
            mstore(words, source)
            mstore(add(words, 0x20), selector)
            mstore(add(words, 0x40), agreement)
            mstore(add(words, 0x60), payer)
            mstore(add(words, 0x80), token)
            mstore(add(words, 0xa0), maturesAt)
            mstore(add(words, 0xc0), 0xa0) // where the list begins among the data
            mstore(add(words, 0xe0), invoices.length)
            calldatacopy(add(words, 0x100), invoices.offset, size)
            entry := keccak256(words, add(0x100, size))
        }
        (uint64 seq, bytes24 head) = _record(entry);
        assembly ("memory-safe") {
            let data := add(words, 0x40)
            mstore(data, token)
            mstore(add(data, 0x20), maturesAt)
            mstore(add(data, 0x40), 0xa0)
            mstore(add(data, 0x60), seq)
            mstore(add(data, 0x80), head)
            log3(data, add(0xc0, size), selector, agreement, payer)
        }
    }

    function _emitPaused(address by) internal {
        _emit2(abi.encode(_source(2), IPayments.DepositsPaused.selector, by, 0, 0));
    }

    function _emitResumed(address by) internal {
        _emit2(abi.encode(_source(2), IPayments.DepositsResumed.selector, by, 0, 0));
    }

    function _emitMatured(AgreementId agreement, address token, uint256 maturesAt, uint256 amount) internal {
        _emit3(abi.encode(_source(3), IRevenueBooks.Matured.selector, agreement, token, maturesAt, amount, 0, 0));
    }

    function _emitNetted(
        AgreementId agreement,
        address token,
        AgreementId debtor,
        bool byConsent,
        uint256 amount,
        uint256 maturesAt
    ) internal {
        _emit3(
            abi.encode(
                _source(3), IRevenueBooks.Netted.selector, agreement, token, debtor, byConsent, amount, maturesAt, 0, 0
            )
        );
    }

    function _emitRefunded(
        AgreementId agreement,
        address payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount
    ) internal {
        _emit3(
            abi.encode(
                _source(3), IRefunds.Refunded.selector, agreement, payer, token, invoiceRef, recipient, amount, 0, 0
            )
        );
    }

    function _emitRefundedInDispute(
        AgreementId agreement,
        address payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount,
        uint256 left
    ) internal {
        _emit3(
            abi.encode(
                _source(3),
                IRefunds.RefundedInDispute.selector,
                agreement,
                payer,
                token,
                invoiceRef,
                recipient,
                amount,
                left,
                0,
                0
            )
        );
    }

    function _emitClaimed(
        AgreementId agreement,
        address account,
        address token,
        uint32 period,
        address recipient,
        uint256 amount
    ) internal {
        _emit3(
            abi.encode(_source(3), IClaims.Claimed.selector, agreement, account, token, period, recipient, amount, 0, 0)
        );
    }

    function _emitDisputed(
        AgreementId agreement,
        address payer,
        address account,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        bytes32 reason,
        uint256 ruleBy
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDisputes.PaymentDisputed.selector,
                agreement,
                payer,
                account,
                token,
                invoiceRef,
                amount,
                reason,
                ruleBy,
                0,
                0
            )
        );
    }

    function _emitRuled(
        AgreementId agreement,
        address payer,
        address by,
        address token,
        bytes32 invoiceRef,
        uint256 refunded,
        uint256 released,
        bytes32 reason
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDisputes.DisputeRuled.selector,
                agreement,
                payer,
                by,
                token,
                invoiceRef,
                refunded,
                released,
                reason,
                0,
                0
            )
        );
    }

    function _emitRefundPaid(
        AgreementId agreement,
        address payer,
        address token,
        bytes32 invoiceRef,
        address recipient,
        uint256 amount
    ) internal {
        _emit3(
            abi.encode(
                _source(3), IDisputes.RefundPaid.selector, agreement, payer, token, invoiceRef, recipient, amount, 0, 0
            )
        );
    }

    function _emitClawedBack(
        AgreementId agreement,
        address payer,
        address by,
        address token,
        bytes32 invoiceRef,
        uint256 amount,
        uint32 debt,
        bytes32 reason
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDebts.ClawedBack.selector,
                agreement,
                payer,
                by,
                token,
                invoiceRef,
                amount,
                debt,
                reason,
                0,
                0
            )
        );
    }

    function _emitConsentedToClawback(
        address account,
        bytes32 action,
        Payment calldata payment,
        uint256 amount,
        uint40 deadline
    ) internal {
        _emit4(
            abi.encode(
                _source(4),
                IDebts.ConsentedToClawback.selector,
                payment.agreement,
                account,
                action,
                payment.payer,
                payment.invoiceRef,
                payment.refunded,
                amount,
                deadline,
                0,
                0
            )
        );
    }

    function _emitDebtPaid(
        AgreementId agreement,
        address payer,
        address token,
        uint32 debt,
        address recipient,
        uint256 amount
    ) internal {
        _emit3(abi.encode(_source(3), IDebts.DebtPaid.selector, agreement, payer, token, debt, recipient, amount, 0, 0));
    }

    function _emitSetAside(AgreementId agreement, address account, address token, uint32 period, uint256 amount)
        internal
    {
        _emit3(
            abi.encode(_source(3), IDistributions.SetAside.selector, agreement, account, token, period, amount, 0, 0)
        );
    }

    function _emitClaimedAcross(address account, address token, address recipient, uint256 parts, uint256 count)
        internal
    {
        _emitParts(
            IClaims.ClaimedAcross.selector,
            bytes32(uint256(uint160(account))),
            bytes32(uint256(uint160(token))),
            uint160(recipient),
            parts,
            count
        );
    }

    function _emitDistributed(AgreementId agreement, address token, uint32 period, uint256 parts, uint256 count)
        internal
    {
        _emitParts(
            IDistributions.Distributed.selector,
            AgreementId.unwrap(agreement),
            bytes32(uint256(uint160(token))),
            period,
            parts,
            count
        );
    }

    /// @dev Room for an entry with this many parts of three words each, and where the first one goes.
    function _beginParts(uint256 most) internal pure returns (uint256 parts) {
        assembly ("memory-safe") {
            parts := add(mload(0x40), 0xe0)
            mstore(0x40, add(parts, mul(most, 0x60)))
        }
    }

    /// @dev An entry with a word and a list among its data. The parts lie where {_beginParts} said. What is hashed is laid out
    /// before them, then what is logged.
    function _emitParts(bytes32 selector, bytes32 about, bytes32 token, uint256 word, uint256 parts, uint256 count)
        private
    {
        uint256 source = _source(3);
        bytes32 entry;
        assembly ("memory-safe") {
            let words := sub(parts, 0xe0)
            mstore(words, source)
            mstore(add(words, 0x20), selector)
            mstore(add(words, 0x40), about)
            mstore(add(words, 0x60), token)
            mstore(add(words, 0x80), word)
            mstore(add(words, 0xa0), 0x80) // where the list begins among the data
            mstore(add(words, 0xc0), count)
            entry := keccak256(words, add(0xe0, mul(count, 0x60)))
        }
        (uint64 seq, bytes24 head) = _record(entry);
        assembly ("memory-safe") {
            let data := sub(parts, 0xa0)
            mstore(data, word)
            mstore(add(data, 0x20), 0x80)
            mstore(add(data, 0x40), seq)
            mstore(add(data, 0x60), head)
            log3(data, add(0xa0, mul(count, 0x60)), selector, about, token)
        }
    }
}
