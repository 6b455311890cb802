// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {PartnerWallets} from "./base/PartnerWallets.sol";
import {IAgreementRegistry} from "./interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "./interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "./interfaces/IPartnerRegistry.sol";
import {Plan} from "./libraries/Plan.sol";
import {Authorization} from "./types/Authorization.sol";
import {Conditions, Rule} from "./types/Terms.sol";

/// @title Who brought which deal first
/// @notice See {IDealRegistry}.
contract DealRegistry is PartnerWallets, IDealRegistry {
    struct Quota {
        uint40 day;
        uint32 used;
    }

    bytes32 private constant COMMIT =
        keccak256("Commit(address account,bytes32 commitment,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVEAL =
        keccak256("Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,uint256 nonce,uint256 deadline)");
    bytes32 private constant DECIDE = keccak256(
        "Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256 value,address token,uint256 nonce,"
        "uint256 deadline)"
    );
    bytes32 private constant WITHDRAW =
        keccak256("Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IDealRegistry
    uint256 public constant REVEAL_SECONDS = 1 days;
    /// @inheritdoc IDealRegistry
    uint256 public constant COMMITMENTS_PER_DAY = 256;

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;

    mapping(bytes32 deal => Deal) private _deals;
    /// @inheritdoc IDealRegistry
    mapping(bytes32 customer => bytes32 deal) public firstOf;
    /// @inheritdoc IDealRegistry
    mapping(bytes32 deal => bytes32 next) public nextOf;
    mapping(address account => Quota) private _quota;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements)
        EIP712("Partnership Ledger Deals", "1")
        PartnerWallets(partners)
    {
        AGREEMENTS = agreements;
    }

    /// @inheritdoc IDealRegistry
    function dealOf(bytes32 deal) external view returns (Deal memory) {
        return _deals[deal];
    }

    /// @inheritdoc IDealRegistry
    function isLive(bytes32 deal) external view returns (bool) {
        return _isOpen(_deals[deal]) || _isExclusive(_deals[deal]);
    }

    /// @inheritdoc IDealRegistry
    function wonUnder(bytes32 deal) external view returns (bytes32 agreement) {
        return _deals[deal].state == State.Won ? _deals[deal].agreement : bytes32(0);
    }

    /// @inheritdoc IDealRegistry
    function dealId(Reveal calldata reveal_) public view returns (bytes32) {
        bytes32 commitment = keccak256(
            abi.encode(block.chainid, address(this), reveal_.account, reveal_.agreement, reveal_.tag, reveal_.salt)
        );
        return _dealId(reveal_.account, commitment);
    }

    /// @inheritdoc IDealRegistry
    function commit(address account, bytes32 commitment) external returns (bytes32 deal) {
        _requireWallet(account);
        return _commit(account, commitment);
    }

    /// @inheritdoc IDealRegistry
    function commitWithAuthorization(address account, bytes32 commitment, Authorization calldata authorization)
        external
        returns (bytes32 deal)
    {
        bytes32 action = keccak256(abi.encode(COMMIT, account, commitment, authorization.nonce, authorization.deadline));
        _spend(account, action, authorization);
        return _commit(account, commitment);
    }

    /// @inheritdoc IDealRegistry
    function reveal(Reveal calldata reveal_, Opening calldata opening) external returns (bytes32 deal) {
        _requireWallet(reveal_.account);
        return _reveal(reveal_, opening);
    }

    /// @inheritdoc IDealRegistry
    function revealWithAuthorization(
        Reveal calldata reveal_,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (bytes32 deal) {
        bytes32 action = keccak256(
            abi.encode(
                REVEAL,
                reveal_.account,
                reveal_.agreement,
                reveal_.tag,
                reveal_.salt,
                authorization.nonce,
                authorization.deadline
            )
        );
        _spend(reveal_.account, action, authorization);
        return _reveal(reveal_, opening);
    }

    /// @inheritdoc IDealRegistry
    function decide(address vendor, Decision calldata decision) external {
        _requireWallet(vendor);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealRegistry
    function decideWithAuthorization(address vendor, Decision calldata decision, Authorization calldata authorization)
        external
    {
        bytes32 action = keccak256(
            abi.encode(
                DECIDE,
                vendor,
                decision.deal,
                decision.outcome,
                decision.reason,
                decision.value,
                decision.token,
                authorization.nonce,
                authorization.deadline
            )
        );
        _spend(vendor, action, authorization);
        _decide(vendor, decision);
    }

    /// @inheritdoc IDealRegistry
    function withdraw(address account, bytes32 deal) external {
        _requireWallet(account);
        _withdraw(account, deal);
    }

    /// @inheritdoc IDealRegistry
    function withdrawWithAuthorization(address account, bytes32 deal, Authorization calldata authorization) external {
        bytes32 action = keccak256(abi.encode(WITHDRAW, account, deal, authorization.nonce, authorization.deadline));
        _spend(account, action, authorization);
        _withdraw(account, deal);
    }

    function _commit(address account, bytes32 commitment) private returns (bytes32 deal) {
        deal = _dealId(account, commitment);
        if (_deals[deal].state != State.None) revert CommitmentExists(deal);
        _useQuota(account);
        uint64 seq = _emit3(abi.encode(_source(3), DealCommitted.selector, deal, account, commitment, 0, 0));
        Deal storage record = _deals[deal];
        record.account = account;
        record.state = State.Committed;
        record.since = uint40(block.timestamp);
        record.priority = uint48(seq);
    }

    function _useQuota(address account) private {
        Quota memory quota = _quota[account];
        uint40 day = uint40(block.timestamp / 1 days);
        if (quota.day != day) quota = Quota(day, 0);
        if (quota.used == COMMITMENTS_PER_DAY) revert QuotaExceeded(account, COMMITMENTS_PER_DAY);
        quota.used += 1;
        _quota[account] = quota;
    }

    function _reveal(Reveal calldata reveal_, Opening calldata opening) private returns (bytes32 deal) {
        deal = dealId(reveal_);
        Deal memory record = _deals[deal];
        if (record.state == State.None) revert CommitmentUnknown(deal);
        if (record.state != State.Committed) revert WrongState(deal, record.state, State.Committed);
        if (block.timestamp > record.since + REVEAL_SECONDS) {
            revert CommitmentLapsed(deal, record.since + REVEAL_SECONDS);
        }
        _checkOpening(reveal_, opening);

        bytes32 programme = opening.terms.programme;
        (Rule rule, uint32 epoch) = AGREEMENTS.programmeOf(programme);
        if (rule == Rule.None) revert ProgrammeUnknown(programme);
        record.state = State.Registered;
        record.agreement = reveal_.agreement;
        record.vendor = _ownerOf(programme);
        record.decisionSeconds = opening.terms.decisionSeconds;
        record.exclusivitySeconds = opening.terms.exclusivitySeconds;
        record.revealDelay = uint24(block.timestamp - record.since);
        record.customer = keccak256(abi.encode(programme, epoch, reveal_.tag));
        bytes32 rival = _queue(deal, record);
        _deals[deal] = record;
        _emitRegistered(deal, reveal_, record, programme, epoch, rival);
    }

    function _emitRegistered(
        bytes32 deal,
        Reveal calldata reveal_,
        Deal memory record,
        bytes32 programme,
        uint32 epoch,
        bytes32 rival
    ) private {
        uint64 priority = record.priority;
        uint40 decideBy = uint40(block.timestamp) + record.decisionSeconds;
        _emit4(
            bytes.concat(
                abi.encode(_source(4), DealRegistered.selector, deal, reveal_.agreement, reveal_.account, programme),
                abi.encode(epoch, reveal_.tag, priority, rival, decideBy, 0, 0)
            )
        );
    }

    function _checkOpening(Reveal calldata reveal_, Opening calldata opening) private view {
        bytes32 agreement = reveal_.agreement;
        Conditions calldata terms = opening.terms;
        bytes32 root = AGREEMENTS.rootOf(agreement);
        if (root == 0) revert AgreementUnknown(agreement);
        if (root != Plan.agreementRoot(opening.planRoot, Plan.conditionsHash(terms))) revert TermsMismatch(agreement);
        if (terms.programme == 0) revert NoProgramme(agreement);
        if (block.timestamp < terms.validFrom || block.timestamp > terms.validUntil) revert OutsideValidity(agreement);
        if (reveal_.account == _ownerOf(terms.programme)) revert VendorCannotRegister(reveal_.account);
        for (uint256 i; i < terms.parties.length; ++i) {
            if (terms.parties[i] == reveal_.account) return;
        }
        revert NotAParty(agreement, reveal_.account);
    }

    /// @notice Puts the deal into its customer's queue, which is ordered by priority. What an account registered before and
    /// is over leaves the queue here, so the walk is no longer than the programme had partners, whatever one of them does.
    /// @return rival the first live registration of the same customer
    function _queue(bytes32 deal, Deal memory record) private returns (bytes32 rival) {
        bytes32 last;
        bytes32 before;
        bytes32 queued = firstOf[record.customer];
        while (queued != 0) {
            Deal storage other = _deals[queued];
            bytes32 next = nextOf[queued];
            if (other.account == record.account && _isOver(other)) {
                _link(record.customer, last, next);
            } else {
                if (_isOpen(other) || _isExclusive(other)) {
                    if (other.account == record.account) revert AlreadyRegistered(deal, queued);
                    if (rival == 0) rival = queued;
                }
                if (other.priority < record.priority) before = queued;
                last = queued;
            }
            queued = next;
        }
        bytes32 behind = before == 0 ? firstOf[record.customer] : nextOf[before];
        if (behind != 0) nextOf[deal] = behind;
        _link(record.customer, before, deal);
    }

    /// @dev Lets a customer's queue go on with `next` after `before`, or begin with it where there is none before.
    function _link(bytes32 customer, bytes32 before, bytes32 next) private {
        if (before == 0) firstOf[customer] = next;
        else nextOf[before] = next;
    }

    function _decide(address vendor, Decision calldata decision) private {
        bytes32 deal = decision.deal;
        Deal memory record = _deals[deal];
        if (record.vendor != vendor || vendor == address(0)) revert NotTheVendor(deal, vendor);
        _checkDecision(record, decision);
        uint40 exclusiveUntil;
        if (decision.outcome == State.Approved) {
            uint256 notBefore = record.since + REVEAL_SECONDS + 1;
            if (block.timestamp < notBefore) revert DecisionTooEarly(deal, notBefore);
            _requireFirst(deal, record);
            exclusiveUntil = uint40(block.timestamp) + record.exclusivitySeconds;
        } else if (decision.outcome == State.Won) {
            _requireFirst(deal, record);
        }
        Deal storage stored = _deals[deal];
        stored.state = decision.outcome;
        // Until it is approved, `since` stays the time of the commitment, which a later approval waits on.
        if (decision.outcome != State.Returned) stored.since = uint40(block.timestamp);
        _emitDecided(vendor, decision, exclusiveUntil);
    }

    function _emitDecided(address vendor, Decision calldata decision, uint40 exclusiveUntil) private {
        _emit3(
            abi.encode(
                _source(3),
                DealDecided.selector,
                decision.deal,
                vendor,
                decision.outcome,
                decision.reason,
                decision.value,
                decision.token,
                exclusiveUntil,
                0,
                0
            )
        );
    }

    function _checkDecision(Deal memory record, Decision calldata decision) private pure {
        State state = record.state;
        State outcome = decision.outcome;
        bool allowed;
        if (outcome == State.Approved || outcome == State.Rejected) {
            allowed = state == State.Registered || state == State.Returned;
        } else if (outcome == State.Returned) {
            allowed = state == State.Registered;
        } else if (outcome == State.Won || outcome == State.Lost) {
            allowed = state == State.Approved;
        } else {
            revert OutcomeInvalid(outcome);
        }
        if (!allowed) revert WrongState(decision.deal, state, outcome);
        if ((outcome == State.Returned || outcome == State.Rejected) && decision.reason == 0) revert ReasonMissing();
        bool declared = decision.value != 0 && decision.token != address(0);
        bool blank = decision.value == 0 && decision.token == address(0);
        if (outcome == State.Won ? !declared : !blank) revert ValueInvalid();
    }

    /// @dev First registered, first served: nobody earlier may be waiting, and nobody at all may hold the customer.
    function _requireFirst(bytes32 deal, Deal memory record) private view {
        bytes32 queued = firstOf[record.customer];
        while (queued != 0) {
            Deal storage other = _deals[queued];
            bool waitingEarlier = other.priority < record.priority && _isOpen(other);
            if (queued != deal && (waitingEarlier || _isExclusive(other))) revert EarlierDeal(deal, queued);
            queued = nextOf[queued];
        }
    }

    function _withdraw(address account, bytes32 deal) private {
        Deal storage record = _deals[deal];
        if (record.account != account || account == address(0)) revert NotTheRegistrant(deal, account);
        State state = record.state;
        if (state != State.Registered && state != State.Returned && state != State.Approved) {
            revert WrongState(deal, state, State.Withdrawn);
        }
        record.state = State.Withdrawn;
        record.since = uint40(block.timestamp);
        _emit3(abi.encode(_source(3), DealWithdrawn.selector, deal, account, 0, 0));
    }

    /// @dev Nothing can become of it any more.
    function _isOver(Deal storage deal) private view returns (bool) {
        return deal.state == State.Rejected || deal.state == State.Lost || deal.state == State.Withdrawn;
    }

    /// @dev Waiting for a decision.
    function _isOpen(Deal storage deal) private view returns (bool) {
        return deal.state == State.Registered || deal.state == State.Returned;
    }

    /// @dev Holds the customer: won, or approved and within its exclusivity.
    function _isExclusive(Deal storage deal) private view returns (bool) {
        if (deal.state == State.Won) return true;
        return deal.state == State.Approved && block.timestamp <= uint256(deal.since) + deal.exclusivitySeconds;
    }

    /// @dev The account is part of the id, so that a copied commitment is another deal and blocks nobody.
    function _dealId(address account, bytes32 commitment) private pure returns (bytes32) {
        return keccak256(abi.encode(account, commitment));
    }

    function _ownerOf(bytes32 programme) private pure returns (address) {
        return address(uint160(uint256(programme) >> 96));
    }
}
