// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {AgreementId} from "../../shared/types/Ids.sol";
import {Conditions, Opening, Payee, Tranche} from "../types/Terms.sol";

/// @title The roots that stand for an agreement's terms on chain
/// @notice
/// - leaf of a payee: `keccak256(keccak256(abi.encode(account, weights)))`, twice so that no node passes for a leaf;
/// - payees' root: neighbours hashed in ascending order, level by level; an odd last one rises unchanged;
/// - tranches' hash: keccak256 over each tranche's two words, `upTo` and `periodSeconds`;
/// - plan root: `keccak256(abi.encode(tranchesHash, payeesRoot))`;
/// - conditions' hash: `keccak256(abi.encode(keccak256(parties), keccak256(tokens), programme, keccak256(territories),
///   decisionSeconds, exclusivitySeconds, arbiter, validFrom, validUntil, noticeSeconds, afterEnd, predecessor,
///   termsHash))`, a list hashed over its words; `termsHash` is EIP-712's `hashStruct` of the whole terms;
/// - agreement's root: `keccak256(abi.encode(planRoot, conditionsHash))`;
/// - agreement's id: `keccak256(abi.encode(home, root))`, where home is `keccak256(abi.encode(chainid, registry))`. The id
///   itself proves what is opened: no root needs to be stored.
library Plan {
    /// @dev Hash of the one tranche that has no boundary and no period.
    bytes32 private constant SINGLE_TRANCHE = keccak256(abi.encode(type(uint256).max, uint256(0)));

    /// @notice Where agreements are at home, for the registry's whole life: also when a fork gives the chain another id.
    function homeOf(address registry) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, registry));
    }

    /// @notice The id of the agreement with this root.
    function idOf(bytes32 home, bytes32 root) internal pure returns (AgreementId) {
        return AgreementId.wrap(Hashes.efficientKeccak256(home, root));
    }

    /// @notice The agreement's root.
    function agreementRoot(bytes32 plan, bytes32 conditionsHash_) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(plan, conditionsHash_);
    }

    /// @notice The plan root.
    function planRoot(bytes32 tranches, bytes32 payeesRoot) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(tranches, payeesRoot);
    }

    /// @notice The plan root that a payee's leaf and proof lead to.
    /// @param tranches none stands for the single unbounded one
    function planRootFrom(
        Tranche[] calldata tranches,
        address account,
        uint64[] calldata weights,
        bytes32[] calldata proof
    ) internal pure returns (bytes32) {
        bytes32 hash = tranches.length == 0 ? SINGLE_TRANCHE : tranchesHash(tranches);
        return planRoot(hash, MerkleProof.processProofCalldata(proof, _leaf(account, weights)));
    }

    /// @notice The plan root over all payees.
    /// @param tranches none stands for the single unbounded one
    function planRootOver(Tranche[] calldata tranches, Payee[] calldata payees) internal pure returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](payees.length);
        for (uint256 i; i < payees.length; ++i) {
            leaves[i] = _leaf(payees[i].account, payees[i].weights);
        }
        return planRoot(tranches.length == 0 ? SINGLE_TRANCHE : tranchesHash(tranches), rootOver(leaves));
    }

    /// @notice Hash over the tranches' words.
    function tranchesHash(Tranche[] calldata tranches) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, tranches.offset, mul(tranches.length, 0x40))
            hash := keccak256(words, mul(tranches.length, 0x40))
        }
    }

    /// @notice The plan root over all payees, from flat lists.
    /// @param tranches none stands for the single unbounded one
    /// @param weights each payee's one after the other
    /// @return root the plan root; of lists of other lengths than they must be, none that there is
    /// @return ascends whether there are payees and their accounts ascend
    function planRootOfLists(Tranche[] calldata tranches, address[] calldata accounts, uint64[] calldata weights)
        internal
        pure
        returns (bytes32 root, bool ascends)
    {
        uint256 each = tranches.length == 0 ? 1 : tranches.length;
        if (accounts.length == 0 || weights.length != accounts.length * each) return (0, false);
        bytes32[] memory leaves = new bytes32[](accounts.length);
        assembly ("memory-safe") {
            // abi.encode(account, weights), as {_leaf}
            let words := mload(0x40)
            let size := mul(each, 0x20)
            let last := 0
            ascends := 1
            mstore(add(words, 0x20), 0x40)
            mstore(add(words, 0x40), each)
            for { let i := 0 } lt(i, accounts.length) { i := add(i, 1) } {
                let account := calldataload(add(accounts.offset, mul(i, 0x20)))
                ascends := and(ascends, gt(account, last))
                last := account
                mstore(words, account)
                calldatacopy(add(words, 0x60), add(weights.offset, mul(i, size)), size)
                mstore(0x00, keccak256(words, add(0x60, size)))
                mstore(add(leaves, mul(add(i, 1), 0x20)), keccak256(0x00, 0x20))
            }
        }
        root = planRoot(tranches.length == 0 ? SINGLE_TRANCHE : tranchesHash(tranches), rootOver(leaves));
    }

    /// @notice The payees' root over their leaves, which it overwrites; zero when there are none.
    function rootOver(bytes32[] memory leaves) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            let list := add(leaves, 0x20)
            for { let width := mload(leaves) } gt(width, 1) {} {
                let to := list
                let last := add(list, mul(sub(width, 1), 0x20))
                let from := list
                for {} lt(from, last) { from := add(from, 0x40) } {
                    let one := mload(from)
                    let other := mload(add(from, 0x20))
                    switch lt(one, other)
                    case 1 {
                        mstore(0x00, one)
                        mstore(0x20, other)
                    }
                    default {
                        mstore(0x00, other)
                        mstore(0x20, one)
                    }
                    mstore(to, keccak256(0x00, 0x40))
                    to := add(to, 0x20)
                }
                if eq(from, last) {
                    mstore(to, mload(last))
                    to := add(to, 0x20)
                }
                width := div(sub(to, list), 0x20)
            }
            if mload(leaves) { root := mload(list) }
        }
    }

    /// @notice Hash of the part of the terms that is opened again and again.
    function conditionsHash(Conditions calldata conditions) internal pure returns (bytes32 hash) {
        bytes32 parties = _hashOf(conditions.parties);
        bytes32 tokens = _hashOf(conditions.tokens);
        bytes32 territories = _hashOf(conditions.territories);
        assembly ("memory-safe") {
            // The thirteen words as they stand, with a list's hash in place of where it begins. A word that is not of its
            // type leads to no root.
            let words := mload(0x40)
            calldatacopy(words, conditions, 0x1a0)
            mstore(words, parties)
            mstore(add(words, 0x20), tokens)
            mstore(add(words, 0x60), territories)
            hash := keccak256(words, 0x1a0)
        }
    }

    /// @notice The agreement's root that an opening leads to.
    function rootOf(Opening calldata opening) internal pure returns (bytes32) {
        return agreementRoot(opening.planRoot, conditionsHash(opening.conditions));
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

    function _leaf(address account, uint64[] calldata weights) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            // abi.encode(account, weights); a weight of more than 64 bits leads to no root
            let words := mload(0x40)
            let size := mul(weights.length, 0x20)
            mstore(words, account)
            mstore(add(words, 0x20), 0x40)
            mstore(add(words, 0x40), weights.length)
            calldatacopy(add(words, 0x60), weights.offset, size)
            mstore(0x00, keccak256(words, add(0x60, size)))
            leaf := keccak256(0x00, 0x20)
        }
    }
}
