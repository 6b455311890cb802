// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../interfaces/IAgreementRegistry.sol";
import {PackedBook, PackedBooks} from "../types/PackedBook.sol";
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
    uint256 internal constant HEAD_WORDS = 23;

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

    /// @notice The book that a token of these terms begins with. Only for terms that {sizeOf} has passed.
    function newBook(Terms calldata terms) internal pure returns (PackedBook) {
        uint256 validFrom;
        uint256 validUntil;
        uint256 holdSeconds;
        uint256 clawback;
        assembly ("memory-safe") {
            holdSeconds := calldataload(add(terms, 0x160))
            clawback := calldataload(add(terms, 0x1a0))
            validFrom := calldataload(add(terms, 0x1e0))
            validUntil := calldataload(add(terms, 0x200))
        }
        return PackedBooks.create(validFrom, validUntil, holdSeconds, clawback);
    }

    /// @notice The length of the terms in bytes; reverts when a part is not where the encoder would have put it, or a
    /// field has bits beyond its width.
    function sizeOf(Terms calldata terms) internal pure returns (uint256 end) {
        uint256 faults;
        assembly ("memory-safe") {
            function word(base, field) -> value {
                value := calldataload(add(base, mul(field, 0x20)))
            }
            // where a part ends that must begin at `from`: its length in a word, then the items
            function part(base, field, from, itemSize) -> to, fault {
                let offset := word(base, field)
                let length := calldataload(add(base, offset))
                to := add(from, add(0x20, mul(length, itemSize)))
                fault := or(xor(offset, from), shr(32, length))
            }
            let fault
            let tranches := calldataload(add(terms, word(terms, TRANCHES)))
            end, faults := part(terms, PARTIES, mul(HEAD_WORDS, 0x20), 0x20)
            end, fault := part(terms, PAYEES, end, add(0x80, mul(0x20, tranches)))
            faults := or(faults, fault)
            end, fault := part(terms, TRANCHES, end, 0x40)
            faults := or(faults, fault)
            end, fault := part(terms, TOKENS, end, 0x20)
            faults := or(faults, fault)
            end, fault := part(terms, TERRITORIES, end, 0x20)
            faults := or(faults, fault)
            end, fault := part(terms, URI, end, 1)
            faults := or(faults, fault)
            // the text is padded with zeros to a whole word
            let over := mod(end, 0x20)
            if over {
                end := add(end, sub(0x20, over))
                faults := or(faults, shl(mul(8, over), calldataload(add(terms, sub(end, 0x20)))))
            }
            fault := or(or(word(terms, 5), word(terms, 9)), or(word(terms, 10), word(terms, 11)))
            faults := or(faults, shr(32, or(fault, or(word(terms, 12), word(terms, 17)))))
            faults := or(faults, shr(40, or(word(terms, 15), word(terms, 16))))
            faults := or(faults, shr(8, or(word(terms, 13), word(terms, 18))))
            faults := or(faults, shr(160, word(terms, 14)))
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
                revert IAgreementRegistry.WeightCountWrong(payee.account, payee.weights.length, count);
            }
        }
        revert IAgreementRegistry.TermsNotCanonical();
    }
}
