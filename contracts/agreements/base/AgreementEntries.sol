// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Journal} from "../../shared/base/Journal.sol";
import {AgreementId, ProgrammeId} from "../../shared/types/Ids.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {IEndings} from "../interfaces/IEndings.sol";
import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {Cause} from "../types/Standing.sol";
import {Rule, Terms} from "../types/Terms.sol";

/// @title The entries of the agreement registry's journal
/// @notice The only place where they are encoded: one function for each event, with its arguments.
abstract contract AgreementEntries is Journal {
    function _emitProgrammeCreated(ProgrammeId programme, address owner, string calldata name, Rule rule) internal {
        (uint64 seq, bytes24 head) = _recordDynamic(
            abi.encode(_source(3), IProgrammes.ProgrammeCreated.selector, programme, owner),
            abi.encode(name, rule, uint256(1), uint256(0), uint256(0)),
            0x60
        );
        emit IProgrammes.ProgrammeCreated(programme, owner, name, rule, 1, seq, head);
    }

    function _emitEpochOpened(ProgrammeId programme, address owner, uint32 epoch, uint40 graceUntil) internal {
        _emit3(abi.encode(_source(3), IProgrammes.EpochOpened.selector, programme, owner, epoch, graceUntil, 0, 0));
    }

    function _emitAccepted(AgreementId agreement, address account, uint40 deadline) internal {
        _emit3(abi.encode(_source(3), IActivation.AgreementAccepted.selector, agreement, account, deadline, 0, 0));
    }

    function _emitAcceptanceWithdrawn(AgreementId agreement, address account) internal {
        _emit3(abi.encode(_source(3), IActivation.AcceptanceWithdrawn.selector, agreement, account, 0, 0));
    }

    /// @dev The event's data are the terms' own bytes, behind their offset and the journal's two words. They are copied
    /// once, hashed with the entry's first words before them, and logged with the event's first words in that place.
    function _emitActivated(AgreementId agreement, Terms calldata terms, uint256 size) internal {
        uint256 source = _source(2);
        bytes32 topic = IActivation.AgreementActivated.selector;
        uint256 buffer;
        bytes32 entry;
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore(0x40, add(buffer, add(size, 0x80)))
            mstore(buffer, source)
            mstore(add(buffer, 0x20), topic)
            mstore(add(buffer, 0x40), agreement)
            mstore(add(buffer, 0x60), 0x60)
            calldatacopy(add(buffer, 0x80), terms, size)
            entry := keccak256(buffer, add(size, 0x80))
        }
        (uint64 seq, bytes24 head) = _record(entry);
        assembly ("memory-safe") {
            mstore(add(buffer, 0x20), 0x60)
            mstore(add(buffer, 0x40), seq)
            mstore(add(buffer, 0x60), head)
            log2(add(buffer, 0x20), add(size, 0x60), topic, agreement)
        }
    }

    function _emitSuperseded(AgreementId agreement, AgreementId successor, uint40 effectiveAt) internal {
        _emit3(
            abi.encode(_source(3), IActivation.AgreementSuperseded.selector, agreement, successor, effectiveAt, 0, 0)
        );
    }

    function _emitConsentedToEnd(AgreementId agreement, address account, bytes32 action, uint40 endsAt, uint40 deadline)
        internal
    {
        _emit4(
            abi.encode(_source(4), IEndings.ConsentedToEnd.selector, agreement, account, action, endsAt, deadline, 0, 0)
        );
    }

    function _emitEnding(AgreementId agreement, address by, Cause cause, uint40 endsAt, bytes32 reason) internal {
        _emit3(abi.encode(_source(3), IEndings.AgreementEnding.selector, agreement, by, cause, endsAt, reason, 0, 0));
    }
}
