// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {Standing} from "../../agreements/types/Standing.sol";
import {Conditions, Opening, Rule} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, CustomerId, DealId, NO_PROGRAMME, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealIntake} from "../interfaces/IDealIntake.sol";
import {DealState, Reveal} from "../types/Deals.sol";
import {Commitment, Record, factsOf} from "../types/Record.sol";
import {Unrevealed} from "../types/Unrevealed.sol";
import {DealEpochs} from "./DealEpochs.sol";

/// @title How deals are registered: committed to, then revealed
/// @notice See {IDealIntake}.
abstract contract DealIntake is DealEpochs, IDealIntake {
    bytes32 private constant COMMIT =
        keccak256("Commit(address account,bytes32 commitment,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVEAL = keccak256(
        "Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32 territory,uint32 epoch,uint256 nonce,"
        "uint256 deadline)"
    );

    /// @inheritdoc IDealIntake
    uint256 public constant REVEAL_SECONDS = MOST_REVEAL_SECONDS;
    /// @inheritdoc IDealIntake
    uint256 public constant MAX_UNREVEALED = 100;

    /// @inheritdoc IDealIntake
    function unrevealedOf(address account) external view returns (uint256) {
        return _unrevealedOf(account).count();
    }

    /// @inheritdoc IDealIntake
    function dealId(Reveal calldata reveal_) public view returns (DealId) {
        bytes32 commitment = keccak256(
            abi.encode(block.chainid, address(this), reveal_.account, reveal_.agreement, reveal_.tag, reveal_.salt)
        );
        return _dealId(reveal_.account, commitment);
    }

    /// @inheritdoc IDealIntake
    function commit(address account, bytes32 commitment) external returns (DealId deal) {
        _requireWallet(account);
        return _commit(account, commitment);
    }

    /// @inheritdoc IDealIntake
    function commitWithAuthorization(address account, bytes32 commitment, Authorization calldata authorization)
        external
        returns (DealId deal)
    {
        _spend(COMMIT, account, commitment, authorization);
        return _commit(account, commitment);
    }

    /// @inheritdoc IDealIntake
    function reveal(Reveal calldata reveal_, Opening calldata opening) external returns (DealId deal) {
        _requireWallet(reveal_.account);
        return _reveal(reveal_, opening);
    }

    /// @inheritdoc IDealIntake
    function revealWithAuthorization(
        Reveal calldata reveal_,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (DealId deal) {
        bytes32 action = keccak256(abi.encode(REVEAL, reveal_, authorization.nonce, authorization.deadline));
        _spend(reveal_.account, action, authorization);
        return _reveal(reveal_, opening);
    }

    function _commit(address account, bytes32 commitment) private returns (DealId deal) {
        deal = _dealId(account, commitment);
        Record storage record = _deals[deal];
        if (record.commitment.account != address(0)) revert CommitmentExists(deal);
        Unrevealed unrevealed = _unrevealedOf(account);
        if (unrevealed.count() >= MAX_UNREVEALED) revert TooManyUnrevealed(account, MAX_UNREVEALED);
        _unrevealed[account] = unrevealed.oneMore();
        uint64 seq = _emitCommitted(deal, account, commitment);
        record.commitment = Commitment(account, uint40(block.timestamp), uint48(seq));
    }

    function _reveal(Reveal calldata reveal_, Opening calldata opening) private returns (DealId deal) {
        deal = dealId(reveal_);
        Record storage record = _deals[deal];
        Commitment memory commitment = record.commitment;
        if (commitment.account == address(0)) revert CommitmentUnknown(deal);
        if (record.facts.state() != DealState.None) _refuseState(deal, DealState.Committed);
        uint256 revealBy = commitment.since + REVEAL_SECONDS;
        if (block.timestamp > revealBy) revert CommitmentLapsed(deal, revealBy);
        _checkOpening(reveal_, opening);
        _giveBack(reveal_.account, commitment.since);

        Conditions calldata conditions = opening.conditions;
        ProgrammeId programme = conditions.programme;
        Rule rule = _checkEpoch(programme, reveal_.epoch, commitment.since);
        _checkTerritory(rule, reveal_, conditions.territories);
        // Without a time to decide in there is no deadline, and nobody decides by default.
        uint40 decideBy = conditions.decisionSeconds == 0 ? 0 : uint40(block.timestamp) + conditions.decisionSeconds;
        CustomerId customer = _customerOf(programme, reveal_.epoch, reveal_.tag);
        record.agreement = reveal_.agreement;
        record.facts = factsOf(
            customer,
            rule,
            conditions.afterEnd,
            reveal_.epoch,
            conditions.exclusivitySeconds,
            decideBy,
            conditions.validUntil
        );
        if (_programmeUnder[reveal_.agreement] == NO_PROGRAMME) _programmeUnder[reveal_.agreement] = programme;
        if (reveal_.territory != 0) _territory[deal] = reveal_.territory;
        DealId rival = _enqueue(deal, customer, reveal_.territory, true);
        _emitRegistered(
            deal,
            reveal_.agreement,
            reveal_.account,
            programme,
            reveal_.epoch,
            reveal_.tag,
            reveal_.territory,
            rival,
            decideBy
        );
    }

    /// @dev What is revealed in time is counted no more.
    function _giveBack(address account, uint40 since) private {
        _unrevealed[account] = _unrevealedOf(account).oneLess(since / 1 days);
    }

    /// @dev As it stands today.
    function _unrevealedOf(address account) private view returns (Unrevealed) {
        return _unrevealed[account].onDay(block.timestamp / 1 days);
    }

    /// @dev The epoch must be the newest, or the one before for a commitment that was made while that was the newest. In the
    /// second in which an epoch opens either may be meant. No more than one opens in the time for revealing.
    function _checkEpoch(ProgrammeId programme, uint32 named, uint40 since) private view returns (Rule rule) {
        uint32 epoch;
        uint40 openedAt;
        // slither-disable-next-line unused-return: the rest is not asked for
        (rule, epoch, openedAt,) = AGREEMENTS.programmeOf(programme);
        if (rule == Rule.None) revert ProgrammeUnknown(programme);
        if (named == epoch) return rule;
        if (named == 0 || named + 1 != epoch || since > openedAt) revert EpochInvalid(programme, named, epoch);
    }

    function _checkTerritory(Rule rule, Reveal calldata reveal_, bytes32[] calldata territories) private pure {
        bytes32 territory = reveal_.territory;
        if (rule != Rule.Territory && territory == 0) return;
        for (uint256 i; rule == Rule.Territory && i < territories.length; ++i) {
            if (territories[i] == territory) return;
        }
        revert TerritoryInvalid(reveal_.agreement, territory);
    }

    function _checkOpening(Reveal calldata reveal_, Opening calldata opening) private view {
        AgreementId agreement = reveal_.agreement;
        Conditions calldata conditions = opening.conditions;
        Standing memory standing = AGREEMENTS.standingOf(agreement);
        if (!standing.active) revert AgreementUnknown(agreement);
        if (Plan.idOf(_HOME, Plan.rootOf(opening)) != agreement) revert TermsMismatch(agreement);
        if (conditions.programme == NO_PROGRAMME) revert NoProgramme(agreement);
        // An agreement that a successor stands in for has ended before.
        bool ended = standing.endsAt != 0 && block.timestamp > standing.endsAt;
        if (ended || block.timestamp < conditions.validFrom || block.timestamp > conditions.validUntil) {
            revert OutsideValidity(agreement);
        }
        if (reveal_.account == conditions.programme.owner()) revert VendorCannotRegister(reveal_.account);
        for (uint256 i; i < conditions.parties.length; ++i) {
            if (conditions.parties[i] == reveal_.account) return;
        }
        revert NotAParty(agreement, reveal_.account);
    }

    /// @dev The account is part of the id, so that a copied commitment is another deal and blocks nobody.
    function _dealId(address account, bytes32 commitment) private pure returns (DealId) {
        return DealId.wrap(keccak256(abi.encode(account, commitment)));
    }
}
