// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {ProgrammeId} from "../../shared/types/Ids.sol";
import {Rule} from "../types/Terms.sol";

/// @title Under which rule and key deals conflict
/// @notice A programme's owner is the vendor that decides on its deals.
interface IProgrammes {
    /// @notice A programme was opened; its deals conflict by its rule, within its key epoch.
    event ProgrammeCreated(
        ProgrammeId indexed programme,
        address indexed owner,
        string name,
        Rule rule,
        uint32 epoch,
        uint64 seq,
        bytes24 head
    );
    /// @notice A programme's key was replaced: deals of earlier epochs can be tagged again until the grace ends.
    event EpochOpened(
        ProgrammeId indexed programme, address indexed owner, uint32 epoch, uint40 graceUntil, uint64 seq, bytes24 head
    );

    error NameInvalid(uint256 length);
    error ProgrammeExists(ProgrammeId programme);
    error RuleInvalid();
    error ProgrammeUnknown(ProgrammeId programme);
    error NotTheProgrammeOwner(ProgrammeId programme, address account);
    error GraceInvalid(uint256 graceSeconds);

    /// @notice The id that a programme of this owner and number has: the owner in the high 160 bits, the number below.
    function programmeId(address owner, uint96 number) external pure returns (ProgrammeId);

    /// @notice A programme's conflict rule, key epoch, since when that is, and until when deals of earlier epochs can be
    /// tagged again; `Rule.None` when there is no such programme.
    function programmeOf(ProgrammeId programme)
        external
        view
        returns (Rule rule, uint32 epoch, uint40 openedAt, uint40 graceUntil);

    /// @notice Opens a programme. Called by the owner's wallet.
    /// @param number the owner's choice; with the owner it makes the programme's id
    /// @param name 1 to 100 bytes of UTF-8
    /// @dev Reverts {NotTheWallet}, {ProgrammeExists}, {NameInvalid}, {RuleInvalid}.
    function createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        external
        returns (ProgrammeId programme);

    /// @notice The signed form of {createProgramme}: `CreateProgramme(address owner,uint96 number,string name,uint8
    /// rule,uint256 nonce,uint256 deadline)`.
    function createProgrammeWithAuthorization(
        address owner,
        uint96 number,
        string calldata name,
        Rule rule,
        Authorization calldata authorization
    ) external returns (ProgrammeId programme);

    /// @notice Opens a programme's next key epoch. Called by the owner's wallet.
    /// @param graceSeconds how long deals of earlier epochs can be tagged again: one to 60 days. Until then no deal of
    /// the new epoch is approved, since an earlier one may still come.
    /// @dev Reverts {NotTheWallet}, {NotTheProgrammeOwner}, {ProgrammeUnknown}, {GraceInvalid} (also while an earlier grace
    /// lasts).
    function openEpoch(address owner, ProgrammeId programme, uint32 graceSeconds) external;

    /// @notice The signed form of {openEpoch}: `OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256
    /// nonce,uint256 deadline)`.
    function openEpochWithAuthorization(
        address owner,
        ProgrammeId programme,
        uint32 graceSeconds,
        Authorization calldata authorization
    ) external;
}
