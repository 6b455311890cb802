// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../interfaces/IAgreementRegistry.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {Rule} from "../types/Terms.sol";
import {Authorizations} from "../../shared/base/Authorizations.sol";

/// @title Under which rule and key deals conflict
/// @notice See {IAgreementRegistry}.
abstract contract Programmes is Authorizations, IAgreementRegistry {
    struct Programme {
        Rule rule;
        uint32 epoch;
        uint40 openedAt;
        uint40 graceUntil;
    }

    bytes32 private constant CREATE_PROGRAMME =
        keccak256("CreateProgramme(address owner,uint96 number,string name,uint8 rule,uint256 nonce,uint256 deadline)");
    bytes32 private constant OPEN_EPOCH =
        keccak256("OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_NAME = 100;
    /// @dev At least the time in which a commitment must be revealed: then one has at most one new epoch behind it.
    uint256 private constant MIN_GRACE = 1 days;
    uint256 private constant MAX_GRACE = 365 days;

    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 programme => Programme) public programmeOf;

    /// @inheritdoc IAgreementRegistry
    function programmeId(address owner, uint96 number) public pure returns (bytes32) {
        return bytes32((uint256(uint160(owner)) << 96) | number);
    }

    /// @inheritdoc IAgreementRegistry
    function createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        external
        returns (bytes32 programme)
    {
        _requireWallet(owner);
        return _createProgramme(owner, number, name, rule);
    }

    /// @inheritdoc IAgreementRegistry
    function createProgrammeWithAuthorization(
        address owner,
        uint96 number,
        string calldata name,
        Rule rule,
        Authorization calldata authorization
    ) external returns (bytes32 programme) {
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

    /// @inheritdoc IAgreementRegistry
    function openEpoch(address owner, bytes32 programme, uint32 graceSeconds) external {
        _requireWallet(owner);
        _openEpoch(owner, programme, graceSeconds);
    }

    /// @inheritdoc IAgreementRegistry
    function openEpochWithAuthorization(
        address owner,
        bytes32 programme,
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
        returns (bytes32 programme)
    {
        if (rule == Rule.None) revert RuleInvalid();
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert NameInvalid(bytes(name).length);
        programme = programmeId(owner, number);
        if (programmeOf[programme].rule != Rule.None) revert ProgrammeExists(programme);
        programmeOf[programme] = Programme(rule, 1, uint40(block.timestamp), 0);
        (uint64 seq, bytes24 head) = _recordDynamic(
            abi.encode(_source(3), ProgrammeCreated.selector, programme, owner),
            abi.encode(name, rule, uint256(1), uint256(0), uint256(0)),
            0x60
        );
        emit ProgrammeCreated(programme, owner, name, rule, 1, seq, head);
    }

    function _openEpoch(address owner, bytes32 programme, uint32 graceSeconds) private {
        if (_ownerOf(programme) != owner) revert NotTheProgrammeOwner(programme, owner);
        Programme memory record = programmeOf[programme];
        if (record.rule == Rule.None) revert ProgrammeUnknown(programme);
        bool graceLasts = block.timestamp <= record.graceUntil;
        if (graceSeconds < MIN_GRACE || graceSeconds > MAX_GRACE || graceLasts) revert GraceInvalid(graceSeconds);
        record.epoch += 1;
        record.openedAt = uint40(block.timestamp);
        record.graceUntil = uint40(block.timestamp) + graceSeconds;
        programmeOf[programme] = record;
        _emit3(abi.encode(_source(3), EpochOpened.selector, programme, owner, record.epoch, record.graceUntil, 0, 0));
    }

    /// @dev The owner is the high part of the programme's id.
    function _ownerOf(bytes32 programme) internal pure returns (address) {
        return address(uint160(uint256(programme) >> 96));
    }
}
