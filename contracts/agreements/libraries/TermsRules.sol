// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {NO_AGREEMENT} from "../../shared/types/Ids.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {AfterEnd, CLAWBACK_ALLOWED, CLAWBACK_INHERITED, Payee, Terms, Tranche} from "../types/Terms.sol";
import {TermsLayout} from "./TermsLayout.sol";
// The linter does not look into assembly, where these are used.
// solhint-disable no-unused-import
import {
    AFTER_END_AT,
    CLAWBACK_AT,
    HOLD_SECONDS_AT,
    LIST_COUNT_AT,
    LIST_HASH_AT,
    LIST_ROOT_AT,
    PERIOD_SECONDS_AT
} from "./TermsOffsets.sol";

// solhint-enable no-unused-import

/// @title What terms must satisfy to be put in force
/// @notice Each rule has an error of its own in {IAgreementRegistry}.
library TermsRules {
    using TermsLayout for Terms;

    uint256 internal constant MAX_PARTIES = 100;
    /// @dev A payee takes 160 bytes of calldata, and public nodes relay 128 KiB: about 800 payees. More go to whoever
    /// builds blocks, and 1,000 still fit a block with ease.
    uint256 internal constant MAX_PAYEES = 1000;
    uint256 internal constant MAX_TOKENS = 16;
    uint256 internal constant MAX_TRANCHES = 16;
    uint256 internal constant MAX_TERRITORIES = 64;
    uint256 internal constant MAX_URI = 300;
    uint256 internal constant MAX_HOLD = 3650 days;

    /// @notice Reverts with the first thing that is wrong with terms that {TermsReader} has read; the payees' order and
    /// weights it has seen to itself.
    function check(Terms calldata terms) internal view {
        Tranche[] calldata tranches = terms.tranchesOf();
        if (tranches.length == 0 || tranches[tranches.length - 1].upTo != type(uint256).max) {
            revert IActivation.TranchesInvalid();
        }
        if (_saysMore(terms, tranches)) _checkMore(terms, tranches);
        uint256 payees = terms.payeesOf().length;
        if (payees > MAX_PAYEES) revert IActivation.PayeesInvalid(payees);
        address[] calldata parties = terms.partiesOf();
        if (parties.length == 0 || parties.length > MAX_PARTIES) {
            revert IActivation.PartiesInvalid(parties.length);
        }
        address[] calldata tokens = terms.tokensOf();
        if (tokens.length == 0 || tokens.length > MAX_TOKENS) revert IActivation.TokensInvalid(tokens.length);
        uint256 index = _outOfOrder(parties);
        if (index < parties.length) revert IActivation.NotAscending("parties", index);
        index = _outOfOrder(tokens);
        if (index < tokens.length) revert IActivation.NotAscending("tokens", index);
        uint40 validFrom = terms.validFrom;
        uint40 validUntil = terms.validUntil;
        if (validFrom > validUntil || validUntil < block.timestamp) {
            revert IActivation.ValidityInvalid(validFrom, validUntil);
        }
        uint256 text = terms.uriOf().length;
        if (text > MAX_URI) revert IActivation.UriTooLong(text);
    }

    /// @notice Reverts when one of three addresses is among the payees.
    function refuse(Payee[] calldata payees, address one, address two, address three) internal pure {
        address found;
        assembly ("memory-safe") {
            for { let i := 0 } lt(i, payees.length) { i := add(i, 1) } {
                let account := calldataload(add(payees.offset, calldataload(add(payees.offset, mul(i, 0x20)))))
                if or(eq(account, one), or(eq(account, two), eq(account, three))) { found := account }
            }
        }
        if (found != address(0)) revert IActivation.PayeeRefused(found);
    }

    /// @dev Whether anything is set that plain terms leave at zero; those are spared the rules for it.
    function _saysMore(Terms calldata terms, Tranche[] calldata tranches) private pure returns (bool) {
        uint256 set = terms.territoriesOf().length;
        assembly ("memory-safe") {
            set := or(set, calldataload(add(terms, LIST_ROOT_AT)))
            set := or(set, calldataload(add(terms, LIST_HASH_AT)))
            set := or(set, calldataload(add(terms, LIST_COUNT_AT)))
            set := or(set, calldataload(add(terms, HOLD_SECONDS_AT)))
            set := or(set, calldataload(add(terms, CLAWBACK_AT)))
            set := or(set, calldataload(add(terms, AFTER_END_AT)))
            set := or(set, calldataload(add(tranches.offset, PERIOD_SECONDS_AT)))
        }
        return set != 0 || tranches.length > 1;
    }

    function _checkMore(Terms calldata terms, Tranche[] calldata tranches) private pure {
        // These fields are part of the id, so they exist from the start; what they ask for comes with later versions.
        if (terms.listRoot != 0) revert IActivation.FieldNotAvailable("listRoot");
        if (terms.listHash != 0) revert IActivation.FieldNotAvailable("listHash");
        if (terms.listCount != 0) revert IActivation.FieldNotAvailable("listCount");
        _checkTranches(tranches);
        bytes32[] calldata territories = terms.territoriesOf();
        if (territories.length > MAX_TERRITORIES) revert IActivation.TerritoriesInvalid(territories.length);
        bytes32 last;
        for (uint256 i; i < territories.length; ++i) {
            if (territories[i] <= last) revert IActivation.NotAscending("territories", i);
            last = territories[i];
        }
        uint256 hold = terms.holdSeconds;
        if (hold % 1 days != 0 || hold > MAX_HOLD) revert IActivation.HoldInvalid(hold);
        uint8 clawback = terms.clawback;
        bool inherits = clawback & CLAWBACK_INHERITED != 0;
        if (clawback > CLAWBACK_ALLOWED + CLAWBACK_INHERITED || (inherits && terms.predecessor == NO_AGREEMENT)) {
            revert IActivation.ClawbackInvalid(clawback);
        }
        if (terms.afterEnd > uint8(type(AfterEnd).max)) revert IActivation.AfterEndInvalid(terms.afterEnd);
    }

    /// @dev Boundaries ascend from above zero; all tranches start anew together, after whole days. (Seconds in 32 bits
    /// make fewer days than a book has room for.)
    function _checkTranches(Tranche[] calldata tranches) private pure {
        if (tranches.length > MAX_TRANCHES) revert IActivation.TranchesInvalid();
        uint256 periodSeconds = tranches[0].periodSeconds;
        if (periodSeconds % 1 days != 0) revert IActivation.TranchesInvalid();
        uint256 last;
        for (uint256 i; i < tranches.length; ++i) {
            Tranche calldata tranche = tranches[i];
            if (tranche.upTo <= last || tranche.periodSeconds != periodSeconds) {
                revert IActivation.TranchesInvalid();
            }
            last = tranche.upTo;
        }
    }

    /// @dev The first place where a list does not ascend strictly from above zero, or a word has bits beyond an address;
    /// the list's length when there is none.
    function _outOfOrder(address[] calldata list) private pure returns (uint256 index) {
        assembly ("memory-safe") {
            let last := 0
            for {} lt(index, list.length) { index := add(index, 1) } {
                let next := calldataload(add(list.offset, mul(index, 0x20)))
                if or(shr(160, next), iszero(gt(next, last))) { break }
                last := next
            }
        }
    }
}
