// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../interfaces/IAgreementRegistry.sol";
import {IRevenueLedger} from "../../revenue/interfaces/IRevenueLedger.sol";
import {Plan} from "../libraries/Plan.sol";
import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {Conditions, Opening} from "../types/Terms.sol";

/// @title What became of each agreement
/// @notice See {IAgreementRegistry}.
abstract contract Standings is IAgreementRegistry {
    /// @dev What {Standing} has besides root and successor; all zero for an agreement that nothing has become of and that
    /// amends none.
    struct Fate {
        uint40 endsAt;
        uint40 succeededFrom;
        uint40 validUntil;
        uint8 afterEnd;
    }

    /// @notice Where revenue is recorded.
    IRevenueLedger public immutable LEDGER;

    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 agreement => bytes32) public rootOf;
    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 agreement => mapping(address token => PackedBook)) public newBookOf;
    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 agreement => bytes32) public predecessorOf;
    mapping(bytes32 agreement => bytes32) internal _successor;
    mapping(bytes32 agreement => Fate) internal _fate;

    constructor(IRevenueLedger ledger) {
        LEDGER = ledger;
    }

    /// @inheritdoc IAgreementRegistry
    function standingOf(bytes32 agreement) external view returns (Standing memory) {
        Fate memory fate = _fate[agreement];
        bytes32 successor = fate.succeededFrom == 0 ? bytes32(0) : _successor[agreement];
        return Standing(rootOf[agreement], successor, fate.endsAt, fate.succeededFrom, fate.validUntil, fate.afterEnd);
    }

    /// @inheritdoc IAgreementRegistry
    function currentOf(bytes32 agreement) external view returns (bytes32) {
        uint40 succeededFrom = _fate[agreement].succeededFrom;
        while (succeededFrom != 0 && block.timestamp >= succeededFrom) {
            agreement = _successor[agreement];
            succeededFrom = _fate[agreement].succeededFrom;
        }
        return agreement;
    }

    /// @notice Requires that what was opened is what the agreement's root binds.
    function _requireOpening(bytes32 agreement, Opening calldata opening) internal view {
        bytes32 root = rootOf[agreement];
        if (root == 0) revert AgreementUnknown(agreement);
        if (root != Plan.rootOf(opening)) revert TermsMismatch(agreement);
    }

    /// @dev Last second at which the agreement is in force, as things stand.
    function _endOf(bytes32 agreement, Conditions calldata conditions) internal view returns (uint40) {
        uint40 endsAt = _fate[agreement].endsAt;
        return endsAt == 0 ? conditions.validUntil : endsAt;
    }

    /// @dev Brings the agreement's end forward: here, in what a first payment copies, and in the ledger's own books.
    function _bringForward(bytes32 agreement, uint40 endsAt, Conditions calldata conditions) internal {
        _fate[agreement].endsAt = endsAt;
        for (uint256 i; i < conditions.tokens.length; ++i) {
            address token = conditions.tokens[i];
            newBookOf[agreement][token] = newBookOf[agreement][token].endingAt(endsAt);
            // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,calls-loop: our own ledger, which calls nobody here; tokens are few and signed
            LEDGER.endBook(agreement, token, endsAt);
        }
    }

    function _contains(address[] calldata accounts, address account) internal pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
