// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {ProgrammeId, programmeIdOf} from "../../shared/types/Ids.sol";
import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {Rule} from "../types/Terms.sol";
import {AgreementEntries} from "./AgreementEntries.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title Under which rule and key deals conflict
/// @notice See {IAgreementRegistry}.
abstract contract Programmes is AgreementState, AgreementEntries, IProgrammes {
    bytes32 private constant CREATE_PROGRAMME =
        keccak256("CreateProgramme(address owner,uint96 number,string name,uint8 rule,uint256 nonce,uint256 deadline)");
    bytes32 private constant OPEN_EPOCH =
        keccak256("OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_NAME = 100;
    /// @dev At least the time in which a commitment must be revealed: then one has at most one new epoch behind it.
    uint256 private constant MIN_GRACE = 1 days;
    uint256 private constant MAX_GRACE = 60 days;

    /// @inheritdoc IProgrammes
    function programmeOf(ProgrammeId programme)
        external
        view
        returns (Rule rule, uint32 epoch, uint40 openedAt, uint40 graceUntil)
    {
        Programme memory record = _programmes[programme];
        return (record.rule, record.epoch, record.openedAt, record.graceUntil);
    }

    /// @inheritdoc IProgrammes
    function programmeId(address owner, uint96 number) external pure returns (ProgrammeId) {
        return programmeIdOf(owner, number);
    }

    /// @inheritdoc IProgrammes
    function createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        external
        returns (ProgrammeId programme)
    {
        _requireWallet(owner);
        return _createProgramme(owner, number, name, rule);
    }

    /// @inheritdoc IProgrammes
    function createProgrammeWithAuthorization(
        address owner,
        uint96 number,
        string calldata name,
        Rule rule,
        Authorization calldata authorization
    ) external returns (ProgrammeId programme) {
        bytes32 action = keccak256(
            abi.encode(
                CREATE_PROGRAMME,
                owner,
                number,
                keccak256(bytes(name)),
                rule,
                authorization.nonce,
                authorization.deadline
            )
        );
        _spend(owner, action, authorization);
        return _createProgramme(owner, number, name, rule);
    }

    /// @inheritdoc IProgrammes
    function openEpoch(address owner, ProgrammeId programme, uint32 graceSeconds) external {
        _requireWallet(owner);
        _openEpoch(owner, programme, graceSeconds);
    }

    /// @inheritdoc IProgrammes
    function openEpochWithAuthorization(
        address owner,
        ProgrammeId programme,
        uint32 graceSeconds,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(
            abi.encode(OPEN_EPOCH, owner, programme, graceSeconds, authorization.nonce, authorization.deadline)
        );
        _spend(owner, action, authorization);
        _openEpoch(owner, programme, graceSeconds);
    }

    function _createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        private
        returns (ProgrammeId programme)
    {
        if (rule == Rule.None) revert RuleInvalid();
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert NameInvalid(bytes(name).length);
        programme = programmeIdOf(owner, number);
        if (_programmes[programme].rule != Rule.None) revert ProgrammeExists(programme);
        _programmes[programme] = Programme(rule, 1, uint40(block.timestamp), 0);
        _emitProgrammeCreated(programme, owner, name, rule);
    }

    function _openEpoch(address owner, ProgrammeId programme, uint32 graceSeconds) private {
        if (programme.owner() != owner) revert NotTheProgrammeOwner(programme, owner);
        Programme memory record = _programmes[programme];
        if (record.rule == Rule.None) revert ProgrammeUnknown(programme);
        bool graceLasts = block.timestamp <= record.graceUntil;
        if (graceSeconds < MIN_GRACE || graceSeconds > MAX_GRACE || graceLasts) revert GraceInvalid(graceSeconds);
        record.epoch += 1;
        record.openedAt = uint40(block.timestamp);
        record.graceUntil = uint40(block.timestamp) + graceSeconds;
        _programmes[programme] = record;
        _emitEpochOpened(programme, owner, record.epoch, record.graceUntil);
    }
}
