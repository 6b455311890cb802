// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {Reveal} from "../types/Deals.sol";

/// @title How deals are registered: committed to, then revealed
/// @notice The commitment's journal number is the deal's priority.
interface IDealIntake {
    /// @notice A partner staked its place in the order with a commitment; the entry's number is the deal's priority.
    event DealCommitted(DealId indexed deal, address indexed account, bytes32 commitment, uint64 seq, bytes24 head);
    /// @notice A commitment was revealed.
    /// @param rival the first live registration of the same customer, whichever of the two has priority; 0 when none
    /// @param territory where the customer is; 0 unless the programme's rule is `Territory`
    /// @param decideBy last second for a decision in time; 0 when the terms set no time
    event DealRegistered(
        DealId indexed deal,
        AgreementId indexed agreement,
        address indexed account,
        ProgrammeId programme,
        uint32 epoch,
        bytes32 tag,
        bytes32 territory,
        DealId rival,
        uint40 decideBy,
        uint64 seq,
        bytes24 head
    );

    error CommitmentExists(DealId deal);
    error CommitmentUnknown(DealId deal);
    error CommitmentLapsed(DealId deal, uint256 revealBy);
    /// @notice So many of the account's commitments of the last 30 days are unrevealed, lapsed ones included.
    error TooManyUnrevealed(address account, uint256 most);
    /// @notice The tag can only be of the newest epoch's key, or of the one before when it was committed to under that.
    error EpochInvalid(ProgrammeId programme, uint32 epoch, uint32 newest);
    error AgreementUnknown(AgreementId agreement);
    error TermsMismatch(AgreementId agreement);
    error NoProgramme(AgreementId agreement);
    error ProgrammeUnknown(ProgrammeId programme);
    error NotAParty(AgreementId agreement, address account);
    error VendorCannotRegister(address account);
    /// @notice The agreement grants no such territory, or the programme's rule knows no territories.
    error TerritoryInvalid(AgreementId agreement, bytes32 territory);
    error OutsideValidity(AgreementId agreement);

    /// @notice Seconds in which a commitment must be revealed.
    function REVEAL_SECONDS() external view returns (uint256);

    /// @notice Commitments that an account can have unrevealed at a time. What it reveals is counted no more; what lapses is,
    /// for 30 days (of UTC, that of the commitment the first).
    function MAX_UNREVEALED() external view returns (uint256);

    /// @notice How many commitments of the account count as unrevealed now, lapsed ones included.
    function unrevealedOf(address account) external view returns (uint256);

    /// @notice A deal's id, `keccak256(abi.encode(account, commitment))`, where the commitment is
    /// `keccak256(abi.encode(chainid, registry, account, agreement, tag, salt))`.
    function dealId(Reveal calldata reveal_) external view returns (DealId);

    /// @notice Commits to a deal. Called by the account's wallet.
    /// @param commitment see {dealId}
    /// @dev Reverts {NotTheWallet}, {CommitmentExists}, {TooManyUnrevealed}.
    function commit(address account, bytes32 commitment) external returns (DealId deal);

    /// @notice The signed form of {commit}: `Commit(address account,bytes32 commitment,uint256 nonce,uint256
    /// deadline)`.
    function commitWithAuthorization(address account, bytes32 commitment, Authorization calldata authorization)
        external
        returns (DealId deal);

    /// @notice Reveals a commitment, which registers the deal. Called by the account's wallet.
    /// @dev Reverts {NotTheWallet}, {CommitmentUnknown}, {CommitmentLapsed}, {AgreementUnknown}, {TermsMismatch},
    /// {NoProgramme}, {ProgrammeUnknown}, {NotAParty}, {VendorCannotRegister}, {OutsideValidity} (also when it was ended or
    /// amended), {EpochInvalid}, {TerritoryInvalid}, {AlreadyRegistered}.
    function reveal(Reveal calldata reveal_, Opening calldata opening) external returns (DealId deal);

    /// @notice The signed form of {reveal}: `Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32
    /// territory,uint32 epoch,uint256 nonce,uint256 deadline)`. The opening is not signed: the agreement fixes it. It can be
    /// signed with the commitment, and carried by whoever sees that lands.
    function revealWithAuthorization(
        Reveal calldata reveal_,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (DealId deal);
}
