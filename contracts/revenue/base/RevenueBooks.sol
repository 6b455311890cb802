// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "../interfaces/IRevenueLedger.sol";
import {DaySet} from "../libraries/DaySet.sol";
import {PaymentRecord} from "../libraries/PaymentRecord.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {CLAWBACK_INHERITED, NATIVE_COIN} from "../../agreements/types/Terms.sol";
import {Consents} from "../../shared/base/Consents.sol";
import {PartnerWallets} from "../../partners/base/PartnerWallets.sol";

/// @title The revenue ledger's state, and how money goes from held to released
/// @notice Everything that the ledger and the part of it that is called by delegation, {RevenueSettlement}, have in common:
/// both see the same storage, so none of it may be declared elsewhere.
abstract contract RevenueBooks is PartnerWallets, Consents, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using DaySet for mapping(uint256 word => uint256 bits);

    /// @notice An amount in token base units. A struct of one word, since the compiler then works out once where it is kept.
    struct Amount {
        uint256 value;
    }

    /// @notice What is kept of a payment, see {PaymentRecord}.
    struct Record {
        bytes32 value;
    }

    /// @notice An agreement's debts in a token, in all and ever, and what revenue has netted of them.
    struct Owing {
        uint128 owed;
        uint128 served;
    }

    /// @dev What {IRevenueLedger.RULING_SECONDS} says.
    uint256 internal constant MOST_RULING_SECONDS = 60 days;
    /// @dev Days that one claim releases at most. Whoever is owed for more of them claims again, or calls `mature`.
    uint256 internal constant MOST_DAYS = 64;

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;

    // The ledger writes some of this and its rulings the rest; Slither looks at one of the two at a time.
    // slither-disable-start uninitialized-state,unused-state,constable-states
    bool internal _paused;
    mapping(bytes32 book => PackedBook) internal _books;
    /// @dev The agreement's root, kept here from a book's first payment on: a claim then needs no second contract.
    mapping(bytes32 book => bytes32) internal _roots;
    /// @dev What was released of one period, where there are periods.
    mapping(bytes32 book => mapping(uint256 period => uint256)) internal _released;
    mapping(bytes32 total => mapping(address account => Amount)) internal _claimed;
    mapping(bytes32 book => mapping(uint256 day => Amount)) internal _held;
    /// @dev The days for which something is, or was, held. None is ever taken out: what is released leaves an empty day.
    mapping(bytes32 book => mapping(uint256 word => uint256 bits)) internal _heldDays;
    mapping(address payer => mapping(bytes32 invoiceRef => Record)) internal _payments;
    mapping(address payer => mapping(bytes32 invoiceRef => uint256)) internal _refundDue;
    mapping(bytes32 book => Owing) internal _owing;
    mapping(bytes32 book => IRevenueLedger.Debt[]) internal _debts;
    // slither-disable-end uninitialized-state,unused-state,constable-states

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements)
        EIP712("Partnership Ledger Revenue", "1")
        PartnerWallets(partners)
    {
        AGREEMENTS = agreements;
    }

    // -- books -------------------------------------------------------------------------------------------------------

    function _bookId(bytes32 agreement, address token) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(agreement, bytes32(uint256(uint160(token))));
    }

    /// @dev The book as it is, or as it would begin.
    function _bookOrNew(bytes32 agreement, address token) internal view returns (PackedBook book) {
        book = _books[_bookId(agreement, token)];
        // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
        if (!book.exists()) book = AGREEMENTS.newBookOf(agreement, token);
    }

    function _periodOf(PackedBook book, uint256 maturesAt) internal pure returns (uint256) {
        return (maturesAt - book.validFrom()) / (book.periodDays() * 1 days);
    }

    // -- held and released -------------------------------------------------------------------------------------------

    /// @dev Puts an amount into the bucket of its day, which has not come.
    function _hold(bytes32 id, uint256 day, uint256 amount) internal {
        Amount storage bucket = _held[id][day];
        uint256 held;
        unchecked {
            held = bucket.value + amount; // at most a hundred amounts of less than 2^128
        }
        if (held > type(uint128).max) revert IRevenueLedger.TotalTooLarge(held);
        bucket.value = held;
        if (held == amount) _heldDays[id].add(day);
    }

    /// @notice The book with an amount added to what is split, less what serves debts. The caller stores it.
    /// @param maturesAt of the payment or the day that is released
    function _release(bytes32 agreement, address token, PackedBook book, uint256 amount, uint256 maturesAt)
        internal
        returns (PackedBook)
    {
        if (book.owes()) (book, amount) = _serveDebts(agreement, token, book, amount, maturesAt);
        if (book.periodDays() != 0) _released[_bookId(agreement, token)][_periodOf(book, maturesAt)] += amount;
        return _grown(book, amount);
    }

    /// @dev The book with an amount of less than 2^255 added to its total.
    function _grown(PackedBook book, uint256 amount) internal pure returns (PackedBook) {
        unchecked {
            uint256 total = book.released() + amount;
            if (total > type(uint128).max) revert IRevenueLedger.TotalTooLarge(total);
        }
        return book.add(amount);
    }

    /// @dev Whether a day may have come of which something is still held.
    function _isDue(PackedBook book) internal view returns (bool) {
        return book.holdDays() != 0 && book.nextDay() <= block.timestamp / 1 days;
    }

    /// @dev The book with the days released that have come, the oldest first, and at most this many. Stores it.
    function _mature(bytes32 agreement, address token, PackedBook book, uint256 most)
        internal
        returns (PackedBook, uint256 days_)
    {
        bytes32 id = _bookId(agreement, token);
        uint256 today = block.timestamp / 1 days;
        uint256 day = book.nextDay();
        while (true) {
            day = _heldDays[id].next(day, today);
            if (day > today || days_ == most) break;
            uint256 amount = _held[id][day].value;
            if (amount != 0) {
                // Only a token of absurd supply comes here. What was released before stays claimable.
                if (book.released() + amount > type(uint128).max) break;
                delete _held[id][day];
                uint256 maturesAt = day * 1 days;
                _emit3(
                    abi.encode(_source(3), IRevenueLedger.Matured.selector, agreement, token, maturesAt, amount, 0, 0)
                );
                book = _release(agreement, token, book, amount, maturesAt);
            }
            ++days_;
            ++day;
        }
        if (days_ != 0) _books[id] = book = book.releasedBefore(day);
        return (book, days_);
    }

    // -- debts -------------------------------------------------------------------------------------------------------

    /// @notice Serves the agreement's debts, and those of the predecessors that its terms inherit, the nearest first.
    /// @return after_ the book, known to owe nothing when something is left
    function _serveDebts(bytes32 agreement, address token, PackedBook book, uint256 amount, uint256 maturesAt)
        private
        returns (PackedBook after_, uint256 left)
    {
        (after_, left) = (book, amount);
        bytes32 debtor = agreement;
        PackedBook version = book;
        while (true) {
            Owing storage owing = _owing[_bookId(debtor, token)];
            uint256 part = owing.owed - owing.served;
            if (part > left) part = left;
            if (part != 0) {
                owing.served += uint128(part);
                left -= part;
                _emit3(
                    abi.encode(
                        _source(3), IRevenueLedger.Netted.selector, agreement, token, debtor, part, maturesAt, 0, 0
                    )
                );
            }
            if (left == 0) return (after_, 0);
            (debtor, version) = _heirTo(debtor, token, version);
            if (!version.exists()) return (book.owing(false), left);
        }
    }

    /// @dev What is owed of the debts that this agreement's revenue serves.
    function _owedBy(bytes32 agreement, address token, PackedBook version) internal view returns (uint256 sum) {
        while (version.exists()) {
            Owing storage owing = _owing[_bookId(agreement, token)];
            sum += owing.owed - owing.served;
            (agreement, version) = _heirTo(agreement, token, version);
        }
    }

    /// @dev The predecessor whose debts this version serves too; no book when its terms do not say so, or when the
    /// predecessor does not take the token.
    function _heirTo(bytes32 agreement, address token, PackedBook version)
        private
        view
        returns (bytes32 predecessor, PackedBook)
    {
        if (version.clawback() & CLAWBACK_INHERITED == 0) return (0, PackedBook.wrap(0));
        // slither-disable-next-line calls-loop: our own registry; a chain is as long as its parties amended it, all of them signing
        predecessor = AGREEMENTS.predecessorOf(agreement);
        return (predecessor, _bookOrNew(predecessor, token));
    }

    // -- payments ----------------------------------------------------------------------------------------------------

    /// @dev Requires that the payment is recorded as described and not in dispute.
    function _requirePaid(IRevenueLedger.Payment calldata payment) internal view {
        bytes32 record = _payments[payment.payer][payment.invoiceRef].value;
        if (PaymentRecord.isDisputed(record)) revert IRevenueLedger.InDispute(payment.invoiceRef);
        _requireRecord(payment, record, 0);
        if (payment.disputedAt != 0) revert IRevenueLedger.PaymentUnknown(payment.payer, payment.invoiceRef);
    }

    function _requireRecord(IRevenueLedger.Payment calldata payment, bytes32 record, uint256 disputedAt) internal pure {
        if (record != PaymentRecord.current(payment, payment.refunded, disputedAt)) {
            revert IRevenueLedger.PaymentUnknown(payment.payer, payment.invoiceRef);
        }
    }

    /// @dev Sends tokens, or the chain's own coin. Nothing may follow that relies on what was read before.
    function _send(address token, address recipient, uint256 amount) internal {
        if (token == NATIVE_COIN) Address.sendValue(payable(recipient), amount);
        else IERC20(token).safeTransfer(recipient, amount);
    }
}
