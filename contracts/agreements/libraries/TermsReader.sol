// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../interfaces/IActivation.sol";
import {Payee, Terms, Tranche, WHOLE} from "../types/Terms.sol";
import {Plan} from "./Plan.sol";
import {TermsLayout} from "./TermsLayout.sol";
// The linter does not look into assembly, where these are used.
// solhint-disable no-unused-import
import {
    ARBITER_AT,
    DECISION_SECONDS_AT,
    HEAD_SIZE,
    PARTIES_AT,
    PAYEES_AT,
    PROGRAMME_AT,
    TERRITORIES_AT,
    TOKENS_AT,
    TRANCHE_SIZE,
    TRANCHES_AT,
    URI_AT
} from "./TermsOffsets.sol";

// solhint-enable no-unused-import

/// @title Everything the registry derives from signed terms, in one pass over the calldata
/// @notice Terms are read as {TermsLayout} says; a payee's Merkle leaf is the hash of its own bytes.
/// @dev The EIP-712 hashes are those of "Definition of hashStruct" and "Definition of encodeData".
library TermsReader {
    using TermsLayout for Terms;

    /// @param typedHash EIP-712 `hashStruct` of the terms
    /// @param root the agreement's root, see {Plan}
    /// @param size length of the encoded terms in bytes
    struct Reading {
        bytes32 typedHash;
        bytes32 root;
        uint256 size;
    }

    // Literals, so that the compiler hashes them and not the contract.
    bytes32 private constant PAYEE_TYPE = keccak256("Payee(address account,uint64[] weights)");
    bytes32 private constant TRANCHE_TYPE = keccak256("Tranche(uint256 upTo,uint32 periodSeconds)");
    bytes32 private constant TERMS_TYPE = keccak256(
        "Terms(address[] parties,Payee[] payees,Tranche[] tranches,bytes32 listRoot,bytes32 listHash,uint32 listCount,"
        "address[] tokens,bytes32 programme,bytes32[] territories,uint32 decisionSeconds,uint32 exclusivitySeconds,"
        "uint32 holdSeconds,uint32 paymentSeconds,uint8 clawback,address arbiter,uint40 validFrom,uint40 validUntil,"
        "uint32 noticeSeconds,uint8 afterEnd,bytes32 predecessor,bytes32 documentHash,string uri,bytes32 salt)"
        "Payee(address account,uint64[] weights)Tranche(uint256 upTo,uint32 periodSeconds)"
    );
    bytes32 private constant ACCEPTANCE_TYPE = keccak256(
        "Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)"
        "Payee(address account,uint64[] weights)"
        "Terms(address[] parties,Payee[] payees,Tranche[] tranches,bytes32 listRoot,bytes32 listHash,uint32 listCount,"
        "address[] tokens,bytes32 programme,bytes32[] territories,uint32 decisionSeconds,uint32 exclusivitySeconds,"
        "uint32 holdSeconds,uint32 paymentSeconds,uint8 clawback,address arbiter,uint40 validFrom,uint40 validUntil,"
        "uint32 noticeSeconds,uint8 afterEnd,bytes32 predecessor,bytes32 documentHash,string uri,bytes32 salt)"
        "Tranche(uint256 upTo,uint32 periodSeconds)"
    );

    /// @notice Reads terms; reverts when they are not encoded canonically or a payee's weights do not fit the tranches.
    function read(Terms calldata terms) internal pure returns (Reading memory reading) {
        reading.size = terms.sizeOf();
        Tranche[] calldata tranches = terms.tranchesOf();
        (bytes32 payeesHash, bytes32 payeesRoot) = _readPayees(terms.payeesOf(), tranches.length);
        bytes32 partiesHash = _hashOf(terms.partiesOf());
        bytes32 tokensHash = _hashOf(terms.tokensOf());
        bytes32 territoriesHash = _hashOf(terms.territoriesOf());
        reading.typedHash = _typedHash(terms, partiesHash, payeesHash, tokensHash, territoriesHash);
        reading.root = Plan.agreementRoot(
            Plan.planRoot(Plan.tranchesHash(tranches), payeesRoot),
            _conditionsHash(terms, partiesHash, tokensHash, territoriesHash, reading.typedHash)
        );
    }

    /// @notice `hashStruct` of a party's acceptance.
    /// @param typedHash that of the terms
    function acceptance(address account, bytes32 typedHash, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32 result)
    {
        bytes32 typeHash = ACCEPTANCE_TYPE;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            mstore(add(words, 0x20), account)
            mstore(add(words, 0x40), typedHash)
            mstore(add(words, 0x60), nonce)
            mstore(add(words, 0x80), deadline)
            result := keccak256(words, 0xa0)
        }
    }

    function _typedHash(
        Terms calldata terms,
        bytes32 partiesHash,
        bytes32 payeesHash,
        bytes32 tokensHash,
        bytes32 territoriesHash
    ) private pure returns (bytes32 result) {
        bytes32 tranchesHash = _typedHash(terms.tranchesOf());
        bytes32 uriHash = keccak256(terms.uriOf());
        bytes32 typeHash = TERMS_TYPE;
        assembly ("memory-safe") {
            // the type, then the head as it came, with a hash in place of each offset
            let words := mload(0x40)
            mstore(words, typeHash)
            let head := add(words, 0x20)
            calldatacopy(head, terms, HEAD_SIZE)
            mstore(add(head, PARTIES_AT), partiesHash)
            mstore(add(head, PAYEES_AT), payeesHash)
            mstore(add(head, TRANCHES_AT), tranchesHash)
            mstore(add(head, TOKENS_AT), tokensHash)
            mstore(add(head, TERRITORIES_AT), territoriesHash)
            mstore(add(head, URI_AT), uriHash)
            result := keccak256(words, add(HEAD_SIZE, 0x20))
        }
    }

    /// @dev {Plan.conditionsHash}, from the words of the head.
    function _conditionsHash(
        Terms calldata terms,
        bytes32 partiesHash,
        bytes32 tokensHash,
        bytes32 territoriesHash,
        bytes32 typedHash
    ) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, partiesHash)
            mstore(add(words, 0x20), tokensHash)
            mstore(add(words, 0x40), calldataload(add(terms, PROGRAMME_AT)))
            mstore(add(words, 0x60), territoriesHash)
            calldatacopy(add(words, 0x80), add(terms, DECISION_SECONDS_AT), 0x40) // and exclusivitySeconds
            calldatacopy(add(words, 0xc0), add(terms, ARBITER_AT), 0xc0) // and on to predecessor
            mstore(add(words, 0x180), typedHash)
            result := keccak256(words, 0x1a0)
        }
    }

    function _typedHash(Tranche[] calldata tranches) private pure returns (bytes32 result) {
        bytes32 typeHash = TRANCHE_TYPE;
        assembly ("memory-safe") {
            // the hashes grow from `list` on; each tranche is laid out behind the last of them
            let list := mload(0x40)
            let count := tranches.length
            let words := add(list, mul(count, 0x20))
            mstore(words, typeHash)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                calldatacopy(add(words, 0x20), add(tranches.offset, mul(i, TRANCHE_SIZE)), TRANCHE_SIZE)
                mstore(add(list, mul(i, 0x20)), keccak256(words, 0x60))
            }
            result := keccak256(list, mul(count, 0x20))
        }
    }

    /// @notice The EIP-712 hash and the Merkle root of the payees; also checks their order, and that in each tranche the
    /// weights sum to one whole.
    /// @param count number of tranches
    function _readPayees(Payee[] calldata payees, uint256 count) private pure returns (bytes32 typed, bytes32 root) {
        uint256 width = payees.length;
        if (width == 0) revert IActivation.PayeesInvalid(0);
        (bytes32[] memory leaves, bytes32[] memory hashes, uint256 words) = _room(width, count);
        uint256[] memory sums = new uint256[](count);
        uint256 last;
        for (uint256 i; i < width; ++i) {
            uint256 account;
            uint256 faults;
            assembly ("memory-safe") {
                let size := add(0x60, mul(count, 0x20))
                let offset := add(mul(width, 0x20), mul(i, size))
                let payee := add(words, 0x20)
                calldatacopy(payee, add(payees.offset, offset), size)
                account := mload(payee)
                faults := xor(calldataload(add(payees.offset, mul(i, 0x20))), offset)
                faults := or(faults, or(xor(mload(add(payee, 0x20)), 0x40), xor(mload(add(payee, 0x40)), count)))
                faults := or(faults, shr(160, account))
                // leaf: the hash of the hash of the payee's bytes
                mstore(0x00, keccak256(payee, size))
                mstore(add(leaves, mul(add(i, 1), 0x20)), keccak256(0x00, 0x20))
                // type, account and the weights' hash, which takes the place of their offset
                let weights := add(payee, 0x60)
                mstore(add(payee, 0x20), keccak256(weights, mul(count, 0x20)))
                mstore(add(hashes, mul(add(i, 1), 0x20)), keccak256(words, 0x60))
                // at most 1,000 numbers of 64 bits: their sum does not overflow
                for { let k := 0 } lt(k, mul(count, 0x20)) { k := add(k, 0x20) } {
                    let weight := mload(add(weights, k))
                    let sum := add(sums, add(0x20, k))
                    faults := or(faults, shr(64, weight))
                    mstore(sum, add(mload(sum), weight))
                }
            }
            if (faults != 0) revert IActivation.TermsNotCanonical();
            if (account <= last) revert IActivation.NotAscending("payees", i);
            last = account;
        }
        for (uint256 k; k < count; ++k) {
            if (sums[k] != WHOLE) revert IActivation.WeightsDoNotSum(k, sums[k]);
        }
        typed = _hashOfMemory(hashes);
        root = Plan.rootOver(leaves);
    }

    /// @dev Room for the leaves, the hashes, and the words of one payee, without the zeros that the compiler would write
    /// first. The words: the type, then a payee's bytes (the account, offset and length, the weights).
    function _room(uint256 width, uint256 count)
        private
        pure
        returns (bytes32[] memory leaves, bytes32[] memory hashes, uint256 words)
    {
        bytes32 payeeType = PAYEE_TYPE;
        assembly ("memory-safe") {
            let list := add(0x20, mul(width, 0x20))
            leaves := mload(0x40)
            hashes := add(leaves, list)
            words := add(hashes, list)
            mstore(0x40, add(words, add(0x80, mul(count, 0x20))))
            mstore(leaves, width)
            mstore(hashes, width)
            mstore(words, payeeType)
        }
    }

    function _hashOf(address[] calldata list) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, list.offset, mul(list.length, 0x20))
            hash := keccak256(words, mul(list.length, 0x20))
        }
    }

    function _hashOf(bytes32[] calldata list) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, list.offset, mul(list.length, 0x20))
            hash := keccak256(words, mul(list.length, 0x20))
        }
    }

    function _hashOfMemory(bytes32[] memory list) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(add(list, 0x20), mul(mload(list), 0x20))
        }
    }
}
