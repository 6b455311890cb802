// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Conditions, Opening, Payee, Terms, Tranche} from "../../../contracts/agreements/types/Terms.sol";
import {Share} from "../../../contracts/revenue/types/Books.sol";
import {WholePlan} from "../../../contracts/revenue/types/WholePlan.sol";
import {AgreementId} from "../../../contracts/shared/types/Ids.sol";
import {TypedData} from "./TypedData.sol";

/// @title Roots and proofs of terms, computed apart from the contracts' own library
library Plans {
    /// @notice Who is paid under the terms, in flat lists.
    function whole(Terms memory terms) internal pure returns (WholePlan memory plan) {
        uint256 each = terms.tranches.length;
        plan.conditionsHash = conditionsHash(terms);
        plan.tranches = terms.tranches;
        plan.accounts = new address[](terms.payees.length);
        plan.weights = new uint64[](terms.payees.length * each);
        for (uint256 i; i < terms.payees.length; ++i) {
            plan.accounts[i] = terms.payees[i].account;
            for (uint256 k; k < each; ++k) {
                plan.weights[i * each + k] = terms.payees[i].weights[k];
            }
        }
    }

    function leaf(Payee memory payee) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(payee.account, payee.weights))));
    }

    /// @notice The root over the payees, and the proof of one of them.
    function tree(Payee[] memory payees, uint256 index) internal pure returns (bytes32 top, bytes32[] memory proof) {
        bytes32[] memory nodes = new bytes32[](payees.length);
        for (uint256 i; i < nodes.length; ++i) {
            nodes[i] = leaf(payees[i]);
        }
        bytes32[] memory path = new bytes32[](16);
        uint256 steps;
        while (nodes.length > 1) {
            if ((index ^ 1) < nodes.length) path[steps++] = nodes[index ^ 1];
            nodes = _above(nodes);
            index /= 2;
        }
        proof = new bytes32[](steps);
        for (uint256 i; i < steps; ++i) {
            proof[i] = path[i];
        }
        top = nodes[0];
    }

    function planRoot(Terms memory terms) internal pure returns (bytes32) {
        (bytes32 payeesRoot,) = tree(terms.payees, 0);
        return keccak256(abi.encode(_tranchesHash(terms), payeesRoot));
    }

    function conditions(Terms memory terms) internal pure returns (Conditions memory part) {
        (part.parties, part.tokens, part.programme) = (terms.parties, terms.tokens, terms.programme);
        (part.territories, part.arbiter) = (terms.territories, terms.arbiter);
        (part.decisionSeconds, part.exclusivitySeconds) = (terms.decisionSeconds, terms.exclusivitySeconds);
        (part.validFrom, part.validUntil) = (terms.validFrom, terms.validUntil);
        (part.noticeSeconds, part.afterEnd) = (terms.noticeSeconds, terms.afterEnd);
        (part.predecessor, part.termsHash) = (terms.predecessor, TypedData.terms(terms));
    }

    function conditionsHash(Terms memory terms) internal pure returns (bytes32) {
        bytes memory first = abi.encode(
            keccak256(abi.encodePacked(terms.parties)),
            keccak256(abi.encodePacked(terms.tokens)),
            terms.programme,
            keccak256(abi.encodePacked(terms.territories)),
            terms.decisionSeconds,
            terms.exclusivitySeconds
        );
        bytes memory second = abi.encode(
            terms.arbiter, terms.validFrom, terms.validUntil, terms.noticeSeconds, terms.afterEnd, terms.predecessor
        );
        return keccak256(bytes.concat(first, second, TypedData.terms(terms)));
    }

    /// @notice The id that these terms have under a registry.
    function id(Terms memory terms, address registry) internal view returns (AgreementId) {
        bytes32 home = keccak256(abi.encode(block.chainid, registry));
        return AgreementId.wrap(keccak256(abi.encode(home, root(terms))));
    }

    /// @notice The root that the id binds.
    function root(Terms memory terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(planRoot(terms), conditionsHash(terms)));
    }

    /// @notice What a payee brings to claim its share of terms without periods.
    function share(Terms memory terms, AgreementId agreement, uint256 payee) internal pure returns (Share memory) {
        (, bytes32[] memory proof) = tree(terms.payees, payee);
        return Share(
            agreement,
            conditionsHash(terms),
            0,
            _isSingle(terms) ? new Tranche[](0) : terms.tranches,
            terms.payees[payee].weights,
            proof
        );
    }

    function _isSingle(Terms memory terms) private pure returns (bool) {
        return terms.tranches.length == 1 && terms.tranches[0].periodSeconds == 0;
    }

    /// @notice What a partner brings to reveal a deal, and whoever ends or amends an agreement.
    function opening(Terms memory terms) internal pure returns (Opening memory) {
        return Opening(conditions(terms), planRoot(terms));
    }

    function _tranchesHash(Terms memory terms) private pure returns (bytes32) {
        bytes memory words;
        for (uint256 i; i < terms.tranches.length; ++i) {
            words = bytes.concat(words, abi.encode(terms.tranches[i].upTo, terms.tranches[i].periodSeconds));
        }
        return keccak256(words);
    }

    function _above(bytes32[] memory nodes) private pure returns (bytes32[] memory parents) {
        parents = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i; i < parents.length; ++i) {
            bytes32 left = nodes[2 * i];
            if (2 * i + 1 == nodes.length) {
                parents[i] = left;
            } else {
                bytes32 right = nodes[2 * i + 1];
                parents[i] = left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
            }
        }
    }
}
