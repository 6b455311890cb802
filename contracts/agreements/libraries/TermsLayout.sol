// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedBook, PackedBooks} from "../../revenue/types/PackedBook.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {Payee, Terms, Tranche} from "../types/Terms.sol";

/// @title Where the parts of signed terms lie in the calldata
/// @notice Terms must be encoded the one way that Solidity's own encoder writes them. Then their bytes can be hashed and
/// logged as they came, and each part is found without the compiler's checks, which cost more than the part.
/// @dev What lies beyond the end of the calldata reads as zero, as it would be if it were written out.
library TermsLayout {
    // Positions of the fields in the terms' head, in words.
    uint256 internal constant PARTIES = 0;
    uint256 internal constant PAYEES = 1;
    uint256 internal constant TRANCHES = 2;
    uint256 internal constant TOKENS = 6;
    uint256 internal constant TERRITORIES = 8;
    uint256 internal constant URI = 21;

    function partiesOf(Terms calldata terms) internal pure returns (address[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, PARTIES);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function payeesOf(Terms calldata terms) internal pure returns (Payee[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, PAYEES);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function tranchesOf(Terms calldata terms) internal pure returns (Tranche[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TRANCHES);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function tokensOf(Terms calldata terms) internal pure returns (address[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TOKENS);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    function territoriesOf(Terms calldata terms) internal pure returns (bytes32[] calldata list) {
        (uint256 start, uint256 length) = _part(terms, TERRITORIES);
        assembly ("memory-safe") {
            list.offset := start
            list.length := length
        }
    }

    // Where it begins and how long it is are two words, not one written twice.
    // slither-disable-next-line write-after-write
    function uriOf(Terms calldata terms) internal pure returns (bytes calldata text) {
        (uint256 start, uint256 length) = _part(terms, URI);
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
            periodSeconds := calldataload(add(terms, add(calldataload(add(terms, 0x40)), 0x40)))
            holdSeconds := calldataload(add(terms, 0x160))
            clawback := calldataload(add(terms, 0x1a0))
            validFrom := calldataload(add(terms, 0x1e0))
            validUntil := calldataload(add(terms, 0x200))
        }
        return PackedBooks.create(validFrom, validUntil, holdSeconds / 1 days, periodSeconds / 1 days, clawback);
    }

    /// @notice The length of the terms in bytes; reverts when a part is not where the encoder would have put it, or a
    /// field has bits beyond its width.
    function sizeOf(Terms calldata terms) internal pure returns (uint256 end) {
        uint256 faults;
        assembly ("memory-safe") {
            // Where each part must begin is where the last one ended; its length is read there, and its offset must say so.
            let tranches := calldataload(add(terms, calldataload(add(terms, 0x40))))
            end := 0x2e0 // parties, behind the head
            faults := xor(calldataload(terms), end)
            let length := calldataload(add(terms, end))
            let lengths := length
            end := add(add(end, 0x20), shl(5, length)) // payees
            faults := or(faults, xor(calldataload(add(terms, 0x20)), end))
            length := calldataload(add(terms, end))
            lengths := or(lengths, length)
            end := add(add(end, 0x20), mul(length, add(0x80, shl(5, tranches)))) // tranches
            faults := or(faults, xor(calldataload(add(terms, 0x40)), end))
            length := calldataload(add(terms, end))
            lengths := or(lengths, length)
            end := add(add(end, 0x20), shl(6, length)) // tokens
            faults := or(faults, xor(calldataload(add(terms, 0xc0)), end))
            length := calldataload(add(terms, end))
            lengths := or(lengths, length)
            end := add(add(end, 0x20), shl(5, length)) // territories
            faults := or(faults, xor(calldataload(add(terms, 0x100)), end))
            length := calldataload(add(terms, end))
            lengths := or(lengths, length)
            end := add(add(end, 0x20), shl(5, length)) // uri
            faults := or(faults, xor(calldataload(add(terms, 0x2a0)), end))
            length := calldataload(add(terms, end))
            lengths := or(lengths, length)
            end := add(add(end, 0x20), length)
            // the text is padded with zeros to a whole word
            let over := and(end, 0x1f)
            if over {
                end := add(end, sub(0x20, over))
                faults := or(faults, shl(shl(3, over), calldataload(add(terms, sub(end, 0x20)))))
            }
            // lengths, listCount and decisionSeconds to paymentSeconds and noticeSeconds have 32 bits
            lengths := or(lengths, or(calldataload(add(terms, 0xa0)), calldataload(add(terms, 0x120))))
            lengths := or(lengths, or(calldataload(add(terms, 0x140)), calldataload(add(terms, 0x160))))
            lengths := or(lengths, or(calldataload(add(terms, 0x180)), calldataload(add(terms, 0x220))))
            faults := or(faults, shr(32, lengths))
            // validFrom and validUntil 40, clawback and afterEnd 8, the arbiter 160
            faults := or(faults, shr(40, or(calldataload(add(terms, 0x1e0)), calldataload(add(terms, 0x200)))))
            faults := or(faults, shr(8, or(calldataload(add(terms, 0x1a0)), calldataload(add(terms, 0x240)))))
            faults := or(faults, shr(160, calldataload(add(terms, 0x1c0))))
        }
        if (faults != 0) _explain(terms);
    }

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
