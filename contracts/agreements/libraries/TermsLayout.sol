// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedBook, PackedBooks} from "../../revenue/types/PackedBook.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {Payee, Terms, Tranche} from "../types/Terms.sol";
// The linter does not look into assembly, where these are used.
// solhint-disable no-unused-import
import {
    AFTER_END_AT,
    ARBITER_AT,
    CLAWBACK_AT,
    DECISION_SECONDS_AT,
    EXCLUSIVITY_SECONDS_AT,
    HEAD_SIZE,
    HOLD_SECONDS_AT,
    LIST_COUNT_AT,
    NOTICE_SECONDS_AT,
    PARTIES_AT,
    PARTIES_FIELD,
    PAYEES_AT,
    PAYEES_FIELD,
    PAYMENT_SECONDS_AT,
    PERIOD_SECONDS_AT,
    TERRITORIES_AT,
    TERRITORIES_FIELD,
    TOKENS_AT,
    TOKENS_FIELD,
    TRANCHES_AT,
    TRANCHES_FIELD,
    TRANCHE_SIZE,
    URI_AT,
    URI_FIELD,
    VALID_FROM_AT,
    VALID_UNTIL_AT
} from "./TermsOffsets.sol";

// solhint-enable no-unused-import

/// @title Where the parts of signed terms lie in the calldata
/// @notice Terms must be encoded the one way that Solidity's own encoder writes them. Then their bytes can be hashed and
/// logged as they came, and each part is found without the compiler's checks, which cost more than the part.
/// @dev What lies beyond the end of the calldata reads as zero, as it would be if it were written out.
library TermsLayout {
    function partiesOf(Terms calldata terms) internal pure returns (address[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, PARTIES_FIELD);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function payeesOf(Terms calldata terms) internal pure returns (Payee[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, PAYEES_FIELD);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function tranchesOf(Terms calldata terms) internal pure returns (Tranche[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TRANCHES_FIELD);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function tokensOf(Terms calldata terms) internal pure returns (address[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TOKENS_FIELD);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function territoriesOf(Terms calldata terms) internal pure returns (bytes32[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TERRITORIES_FIELD);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    // Where it begins and how long it is are two words, not one written twice.
    // slither-disable-next-line write-after-write
    function uriOf(Terms calldata terms) internal pure returns (bytes calldata text) {
        (uint256 start, uint256 length) = _part(terms, URI_FIELD);
        assembly ("memory-safe") {
            text.offset := start
            text.length := length
        }
    }

    /// @notice The book that a token of these terms begins with. Only for terms that {sizeOf} and {TermsRules} have passed.
    function newBook(Terms calldata terms) internal pure returns (PackedBook) {
        uint256 validFrom;
        uint256 validUntil;
        uint256 holdSeconds;
        uint256 clawback;
        uint256 periodSeconds;
        assembly ("memory-safe") {
            // of the first tranche, as of all
            let first := add(add(terms, calldataload(add(terms, TRANCHES_AT))), 0x20)
            periodSeconds := calldataload(add(first, PERIOD_SECONDS_AT))
            holdSeconds := calldataload(add(terms, HOLD_SECONDS_AT))
            clawback := calldataload(add(terms, CLAWBACK_AT))
            validFrom := calldataload(add(terms, VALID_FROM_AT))
            validUntil := calldataload(add(terms, VALID_UNTIL_AT))
        }
        return PackedBooks.create(validFrom, validUntil, holdSeconds / 1 days, periodSeconds / 1 days, clawback);
    }

    /// @notice The length of the terms in bytes; reverts when a part is not where the encoder would have put it, or a
    /// field has bits beyond its width.
    function sizeOf(Terms calldata terms) internal pure returns (uint256 end) {
        uint256 faults;
        assembly ("memory-safe") {
            function word(base, place) -> value {
                value := calldataload(add(base, place))
            }
            // Where each part must begin is where the last one ended; its length is read there, and its offset must say so.
            let tranches := word(terms, word(terms, TRANCHES_AT))
            end := HEAD_SIZE // parties, behind the head
            faults := xor(word(terms, PARTIES_AT), end)
            let length := word(terms, end)
            let lengths := length
            end := add(add(end, 0x20), shl(5, length)) // payees
            faults := or(faults, xor(word(terms, PAYEES_AT), end))
            length := word(terms, end)
            lengths := or(lengths, length)
            end := add(add(end, 0x20), mul(length, add(0x80, shl(5, tranches)))) // tranches
            faults := or(faults, xor(word(terms, TRANCHES_AT), end))
            length := word(terms, end)
            lengths := or(lengths, length)
            end := add(add(end, 0x20), mul(length, TRANCHE_SIZE)) // tokens
            faults := or(faults, xor(word(terms, TOKENS_AT), end))
            length := word(terms, end)
            lengths := or(lengths, length)
            end := add(add(end, 0x20), shl(5, length)) // territories
            faults := or(faults, xor(word(terms, TERRITORIES_AT), end))
            length := word(terms, end)
            lengths := or(lengths, length)
            end := add(add(end, 0x20), shl(5, length)) // uri
            faults := or(faults, xor(word(terms, URI_AT), end))
            length := word(terms, end)
            lengths := or(lengths, length)
            end := add(add(end, 0x20), length)
            // the text is padded with zeros to a whole word
            let over := and(end, 0x1f)
            if over {
                end := add(end, sub(0x20, over))
                faults := or(faults, shl(shl(3, over), calldataload(add(terms, sub(end, 0x20)))))
            }
            // lengths, numbers of seconds and the list's count have 32 bits; times 40, choices 8, the arbiter 160
            lengths := or(lengths, or(word(terms, LIST_COUNT_AT), word(terms, DECISION_SECONDS_AT)))
            lengths := or(lengths, or(word(terms, EXCLUSIVITY_SECONDS_AT), word(terms, HOLD_SECONDS_AT)))
            lengths := or(lengths, or(word(terms, PAYMENT_SECONDS_AT), word(terms, NOTICE_SECONDS_AT)))
            faults := or(faults, shr(32, lengths))
            faults := or(faults, shr(40, or(word(terms, VALID_FROM_AT), word(terms, VALID_UNTIL_AT))))
            faults := or(faults, shr(8, or(word(terms, CLAWBACK_AT), word(terms, AFTER_END_AT))))
            faults := or(faults, shr(160, word(terms, ARBITER_AT)))
        }
        if (faults != 0) _explain(terms);
    }

    /// @dev By the number of the field: by its place, the optimizer lays the code out otherwise, and each payee costs 430 gas more.
    function _part(Terms calldata terms, uint256 field) private pure returns (uint256 start, uint256 length) {
        assembly ("memory-safe") {
            start := add(terms, calldataload(add(terms, mul(field, 0x20))))
            length := calldataload(start)
            start := add(start, 0x20)
        }
    }

    /// @dev Weights that do not fit the tranches move all that follows: says that, if it is the reason. Reads by the
    /// compiler's own rules, since nothing is known of where things are.
    function _explain(Terms calldata terms) private pure {
        uint256 count = terms.tranches.length;
        for (uint256 i; i < terms.payees.length; ++i) {
            Payee calldata payee = terms.payees[i];
            if (payee.weights.length != count) {
                revert IActivation.WeightCountWrong(payee.account, payee.weights.length, count);
            }
        }
        revert IActivation.TermsNotCanonical();
    }
}
