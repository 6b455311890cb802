// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {AgreementId, NO_AGREEMENT} from "../../shared/types/Ids.sol";
import {IStandings} from "../interfaces/IStandings.sol";
import {Plan} from "../libraries/Plan.sol";
import {Standing} from "../types/Standing.sol";
import {Conditions, Opening} from "../types/Terms.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title What became of each agreement
/// @notice See {IAgreementRegistry}.
abstract contract Standings is AgreementState, IStandings {
    /// @inheritdoc IStandings
    function isActive(AgreementId agreement) public view returns (bool) {
        return _newBooks[agreement].exists();
    }

    /// @inheritdoc IStandings
    function newBookOf(AgreementId agreement, address token) external view returns (PackedBook) {
        PackedBook book = _newBooks[agreement];
        return book.takes(token) ? book.begun() : _otherBooks[agreement][token];
    }

    /// @inheritdoc IStandings
    function predecessorOf(AgreementId agreement) external view returns (AgreementId) {
        return _predecessor[agreement];
    }

    /// @inheritdoc IStandings
    function standingOf(AgreementId agreement) external view returns (Standing memory) {
        Fate memory fate = _fate[agreement];
        AgreementId successor = fate.succeededFrom == 0 ? NO_AGREEMENT : _successor[agreement];
        return Standing(isActive(agreement), successor, fate.endsAt, fate.succeededFrom, fate.validUntil, fate.afterEnd);
    }

    /// @inheritdoc IStandings
    function currentOf(AgreementId agreement) external view returns (AgreementId) {
        uint40 succeededFrom = _fate[agreement].succeededFrom;
        while (succeededFrom != 0 && block.timestamp >= succeededFrom) {
            agreement = _successor[agreement];
            succeededFrom = _fate[agreement].succeededFrom;
        }
        return agreement;
    }

    /// @notice Requires that the agreement is active, and that what was opened is what its id binds.
    function _requireOpening(AgreementId agreement, Opening calldata opening) internal view {
        if (!isActive(agreement)) revert AgreementUnknown(agreement);
        if (Plan.idOf(_HOME, Plan.rootOf(opening)) != agreement) revert TermsMismatch(agreement);
    }

    /// @dev Last second at which the agreement is in force, as things stand.
    function _endOf(AgreementId agreement, Conditions calldata conditions) internal view returns (uint40) {
        uint40 endsAt = _fate[agreement].endsAt;
        return endsAt == 0 ? conditions.validUntil : endsAt;
    }

    /// @dev Brings the agreement's end forward: here, in what a first payment copies, and in the ledger's own books.
    function _bringForward(AgreementId agreement, uint40 endsAt, Conditions calldata conditions) internal {
        _fate[agreement].endsAt = endsAt;
        _newBooks[agreement] = _newBooks[agreement].endingAt(endsAt);
        for (uint256 i; i < conditions.tokens.length; ++i) {
            address token = conditions.tokens[i];
            if (i != 0) _otherBooks[agreement][token] = _otherBooks[agreement][token].endingAt(endsAt);
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
