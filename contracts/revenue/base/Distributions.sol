// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Plan} from "../../agreements/libraries/Plan.sol";
import {NATIVE_COIN, Tranche} from "../../agreements/types/Terms.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IDistributions} from "../interfaces/IDistributions.sol";
import {Entitlement} from "../libraries/Entitlement.sol";
import {BookId, bookIdOf, TotalId} from "../types/BookIds.sol";
import {Division, Settled} from "../types/Divisions.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Invoice} from "../types/Payments.sol";
import {SettledShares} from "./SettledShares.sol";

/// @title How everybody is paid at once
/// @notice See {IDistributions}. Nothing is kept of a payee that is paid: one word of the total says up to where everybody is.
/// @dev Why that never pays twice: a payee whose own word says more than that, or has something set aside, leaves `exceptions`
/// behind, and then every payee's word is looked at, in the round under way as in the next one.
abstract contract Distributions is SettledShares, IDistributions {
    /// @dev What a payee's payment may use: a token behind proxies takes less, and whoever would burn more harms itself.
    uint256 private constant GAS_OF_PAYMENT = 200_000;
    uint256 private constant GAS_BEFORE_PAYMENT = 250_000;

    /// @dev A call's way through a plan: payees from `first` to before `end`. Those up to `through` are settled up to
    /// `fromFirst` of the total, the others up to `from`, and all it reaches will be up to `to`.
    struct Round {
        uint256 first;
        uint256 end;
        uint256 from;
        uint256 fromFirst;
        uint256 to;
        address through;
        bool reads;
    }

    /// @inheritdoc IDistributions
    function distribute(AgreementId agreement, address token, Division calldata division)
        external
        nonReentrant
        returns (uint256)
    {
        return _distribute(agreement, token, division);
    }

    /// @notice See {IPayments.payAndDistribute}.
    /// @dev The ledger has taken the payment when it comes here, with the same call.
    function payAndDistribute(AgreementId agreement, address token, Invoice calldata, Division calldata division)
        external
        payable
        nonReentrant
        returns (uint256)
    {
        return _distribute(agreement, token, division);
    }

    function _distribute(AgreementId agreement, address token, Division calldata division)
        private
        returns (uint256 amount)
    {
        BookId id = bookIdOf(agreement, token);
        PackedBook book = _books[id];
        if (!book.exists()) revert NothingToDistribute(agreement);
        _requirePlan(agreement, book, division);
        if (_isDue(book)) (book,) = _mature(agreement, token, book, MOST_DAYS);
        if (!book.isDistributed()) _books[id] = book = book.distributed();
        TotalId total = _totalId(id, book, division.period);
        Round memory round = _advance(agreement, total, _totalOf(id, book, division.period), division);
        amount = _payParts(agreement, token, total, division, round);
        if (amount == 0 && round.end - round.first == division.accounts.length) revert NobodyPaid(agreement);
    }

    /// @dev The root does not say which of two neighbours is first; that the accounts ascend does.
    function _requirePlan(AgreementId agreement, PackedBook book, Division calldata division) private view {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        (bytes32 plan, bool ascends) = Plan.planRootOfLists(division.tranches, division.accounts, division.weights);
        assembly ("memory-safe") {
            // the leaves are needed no more
            mstore(0x40, free)
        }
        if (
            !ascends || _idOf(plan, division.conditionsHash) != agreement
                || (division.period != 0 && book.periodDays() == 0)
        ) revert PlanInvalid(agreement);
    }

    /// @dev Notes up to where everybody will be paid, before anybody is.
    function _advance(AgreementId agreement, TotalId total, uint256 released, Division calldata division)
        private
        returns (Round memory round)
    {
        Settled memory was = _settled[total];
        (round.from, round.to) = (was.upTo, released);
        round.reads = was.reads || was.exceptions || was.upTo == 0;
        if (was.ahead != 0) (round.through, round.fromFirst) = (_through[total], uint256(was.upTo) + was.ahead);
        uint256 count = division.accounts.length;
        uint256 most = division.most;
        if (most == 0 || most >= count) {
            if (released == was.upTo && !was.exceptions) revert NothingToDistribute(agreement);
            round.end = count;
            (was.upTo, was.ahead, was.reads, was.exceptions) = (uint128(released), 0, false, false);
        } else {
            if (was.ahead != 0) {
                round.to = round.fromFirst;
                while (round.first < count && division.accounts[round.first] <= round.through) ++round.first;
            } else {
                if (released == was.upTo) revert NothingToDistribute(agreement);
                // What is more than a field of 112 bits holds, the next round pays.
                if (released - was.upTo > type(uint112).max) round.to = uint256(was.upTo) + type(uint112).max;
                (was.ahead, was.reads, was.exceptions) = (uint112(round.to - was.upTo), round.reads, false);
            }
            round.end = count - round.first < most ? count : round.first + most;
            if (round.end == count) {
                (was.upTo, was.ahead, was.reads) = (uint128(round.to), 0, false);
            } else {
                _through[total] = division.accounts[round.end - 1];
            }
        }
        _settled[total] = was;
    }

    /// @dev Pays each payee that the call reaches and writes the entry of those that were.
    function _payParts(
        AgreementId agreement,
        address token,
        TotalId total,
        Division calldata division,
        Round memory round
    ) private returns (uint256 amount) {
        address[] calldata accounts = division.accounts;
        uint64[] calldata weights = division.weights;
        Tranche[] calldata tranches = division.tranches;
        uint256 moved = PARTNERS.movedAccounts();
        uint256 list = _beginParts(round.end - round.first);
        uint256 next = list;
        for (uint256 i = round.first; i < round.end; ++i) {
            address account = accounts[i];
            uint256 part = _partOf(total, round, account, tranches, _weightsOf(weights, i, tranches.length));
            if (part == 0) continue;
            uint256 left = gasleft();
            if (left < GAS_BEFORE_PAYMENT) revert GasTooLow(left, GAS_BEFORE_PAYMENT);
            address recipient = _walletAmong(moved, account);
            if (!_isPaid(token, recipient, part)) {
                _setAside(agreement, token, total, division.period, account, part);
                continue;
            }
            amount += part;
            assembly ("memory-safe") {
                mstore(next, account)
                mstore(add(next, 0x20), recipient)
                mstore(add(next, 0x40), part)
                next := add(next, 0x60)
            }
        }
        if (amount != 0) _emitDistributed(agreement, token, division.period, list, (next - list) / 0x60);
    }

    /// @dev What a payee is to be paid now; of what was set aside for it, its word is cleared.
    function _partOf(
        TotalId total,
        Round memory round,
        address account,
        Tranche[] calldata tranches,
        uint64[] calldata weights
    ) private returns (uint256 part) {
        uint256 paid = Entitlement.earned(tranches, weights, account <= round.through ? round.fromFirst : round.from);
        uint256 aside;
        if (round.reads) {
            Amount storage own = _claimed[total][account];
            uint256 word = own.value;
            uint256 alone = uint128(word);
            if (alone > paid) paid = alone;
            aside = word >> 128;
            if (aside != 0) own.value = alone;
        }
        uint256 earned = Entitlement.earned(tranches, weights, round.to);
        // Whoever was paid by itself in the midst of a round may be beyond it.
        part = earned > paid ? earned - paid + aside : aside;
    }

    /// @dev A payee's weights. The plan's root has told that there are as many as there must be.
    function _weightsOf(uint64[] calldata weights, uint256 payee, uint256 tranches)
        private
        pure
        returns (uint64[] calldata own)
    {
        uint256 width = tranches == 0 ? 1 : tranches;
        assembly ("memory-safe") {
            own.offset := add(weights.offset, mul(mul(payee, width), 0x20))
            own.length := width
        }
    }

    function _setAside(
        AgreementId agreement,
        address token,
        TotalId total,
        uint32 period,
        address account,
        uint256 part
    ) private {
        _claimed[total][account].value |= part << 128;
        _settled[total].exceptions = true;
        _emitSetAside(agreement, account, token, period, part);
    }

    /// @dev Whether the payment went through. A payee or token can use up the gas it gets and nothing else.
    function _isPaid(address token, address recipient, uint256 amount) private returns (bool done) {
        // The ledger's own balance is everybody's: sent to itself, a part would be gone.
        if (recipient == address(this)) return false;
        bytes4 selector = IERC20.transfer.selector;
        bool isNative = token == NATIVE_COIN;
        assembly ("memory-safe") {
            switch isNative
            case 1 { done := call(GAS_OF_PAYMENT, recipient, amount, 0, 0, 0, 0) }
            default {
                let call_ := mload(0x40)
                mstore(call_, selector)
                mstore(add(call_, 0x04), recipient)
                mstore(add(call_, 0x24), amount)
                done := call(GAS_OF_PAYMENT, token, 0, call_, 0x44, 0x00, 0x20)
                // as SafeERC20: a token that answers says yes, one that does not exists
                switch returndatasize()
                case 0 { done := and(done, iszero(iszero(extcodesize(token)))) }
                default { done := and(done, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))) }
            }
        }
    }
}
