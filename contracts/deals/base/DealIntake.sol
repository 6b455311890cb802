// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {Standing} from "../../agreements/types/Standing.sol";
import {Conditions, Opening, Rule} from "../../agreements/types/Terms.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, CustomerId, DealId, NO_PROGRAMME, ProgrammeId} from "../../shared/types/Ids.sol";
import {IDealIntake} from "../interfaces/IDealIntake.sol";
import {DealState, Reveal} from "../types/Deals.sol";
import {DealEntries} from "./DealEntries.sol";
import {DealQueue} from "./DealQueue.sol";

/// @title How deals are registered: committed to, then revealed
/// @notice See {IDealRegistry}.
abstract contract DealIntake is DealQueue, DealEntries, IDealIntake {
    bytes32 private constant COMMIT =
        keccak256("Commit(address account,bytes32 commitment,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVEAL = keccak256(
        "Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32 territory,uint256 nonce,"
        "uint256 deadline)"
    );

    /// @inheritdoc IDealIntake
    uint256 public constant REVEAL_SECONDS = MOST_REVEAL_SECONDS;
    /// @inheritdoc IDealIntake
    uint256 public constant COMMITMENTS_PER_DAY = 256;

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
        if (_deals[deal].state != DealState.None) revert CommitmentExists(deal);
        _useQuota(account);
        uint64 seq = _emitCommitted(deal, account, commitment);
        Record storage record = _deals[deal];
        record.account = account;
        record.state = DealState.Committed;
        record.since = uint40(block.timestamp);
        record.priority = uint48(seq);
    }

    function _useQuota(address account) private {
        Quota memory quota = _quota[account];
        uint40 day = uint40(block.timestamp / 1 days);
        if (quota.day != day) quota = Quota(day, 0);
        // slither-disable-next-line incorrect-equality: a count that grows by one
        if (quota.used == COMMITMENTS_PER_DAY) revert QuotaExceeded(account, COMMITMENTS_PER_DAY);
        quota.used += 1;
        _quota[account] = quota;
    }

    function _reveal(Reveal calldata reveal_, Opening calldata opening) private returns (DealId deal) {
        deal = dealId(reveal_);
        Record storage record = _deals[deal];
        uint40 since = record.since;
        DealState state = record.state;
        if (state == DealState.None) revert CommitmentUnknown(deal);
        if (state != DealState.Committed) revert WrongState(deal, state, DealState.Committed);
        if (block.timestamp > since + REVEAL_SECONDS) revert CommitmentLapsed(deal, since + REVEAL_SECONDS);
        _checkOpening(reveal_, opening);

        Conditions calldata conditions = opening.conditions;
        ProgrammeId programme = conditions.programme;
        (Rule rule, uint32 epoch) = _ruleAndEpochOf(programme, since);
        _checkTerritory(rule, reveal_, conditions.territories);
        // Without a time to decide in there is no deadline, and nobody decides by default.
        uint40 decideBy = conditions.decisionSeconds == 0 ? 0 : uint40(block.timestamp) + conditions.decisionSeconds;
        CustomerId customer = _customerOf(programme, epoch, reveal_.tag);
        record.state = DealState.Registered;
        record.agreement = reveal_.agreement;
        record.vendor = programme.owner();
        record.decideBy = decideBy;
        record.exclusivitySeconds = conditions.exclusivitySeconds;
        record.revealDelay = uint24(block.timestamp - since);
        record.customer = customer;
        record.number = programme.number();
        record.validUntil = conditions.validUntil;
        record.epoch = epoch;
        record.ruleAndAfterEnd = _pack(rule, conditions.afterEnd);
        if (reveal_.territory != 0) _territory[deal] = reveal_.territory;
        DealId rival = _enqueue(deal, customer, reveal_.territory);
        _emitRegistered(
            deal,
            reveal_.agreement,
            reveal_.account,
            programme,
            epoch,
            reveal_.tag,
            reveal_.territory,
            record.priority,
            rival,
            decideBy
        );
    }

    /// @dev The epoch is that of the key by which the deal was tagged: the one at the commitment, which binds the tag. No
    /// more than one epoch opens in the time for revealing.
    function _ruleAndEpochOf(ProgrammeId programme, uint40 since) private view returns (Rule rule, uint32 epoch) {
        uint40 openedAt;
        // slither-disable-next-line unused-return: the rest is not asked for
        (rule, epoch, openedAt,) = AGREEMENTS.programmeOf(programme);
        if (rule == Rule.None) revert ProgrammeUnknown(programme);
        if (since < openedAt && epoch > 1) epoch -= 1;
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
        if (standing.root == 0) revert AgreementUnknown(agreement);
        if (standing.root != Plan.rootOf(opening)) revert TermsMismatch(agreement);
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
