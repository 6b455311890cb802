// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../types/Authorization.sol";
import {DealTerms} from "../types/Terms.sol";
import {IAuthorizations} from "./IAuthorizations.sol";
import {IJournal} from "./IJournal.sol";

/// @title Who brought which deal first
/// @notice A partner commits to a customer's tag without showing it, reveals it within a day, and the programme's owner
/// (the vendor) decides. The commitment's journal number is the deal's priority. Expiry and exclusivity are functions
/// of time, never stored states.
interface IDealRegistry is IJournal, IAuthorizations {
    enum State {
        None,
        Committed,
        Registered,
        Approved,
        Returned,
        Rejected,
        Won,
        Lost,
        Withdrawn
    }

    /// @notice What a partner reveals about its commitment.
    /// @param tag HMAC-SHA256 of the customer's canonical id under the programme's epoch key
    struct Reveal {
        address account;
        bytes32 agreement;
        bytes32 tag;
        bytes32 salt;
    }

    /// @notice The agreement's terms as far as deals go by them, and what proves them against the agreement's root.
    struct Opening {
        DealTerms terms;
        bytes32 planRoot;
    }

    /// @notice What the vendor decides.
    /// @param outcome Approved, Returned, Rejected, Won or Lost
    /// @param reason a code of at most 32 ASCII characters; required when returned or rejected
    /// @param value declared value in base units of `token`, when won; zero otherwise
    struct Decision {
        bytes32 deal;
        State outcome;
        bytes32 reason;
        uint256 value;
        address token;
    }

    /// @param since when it was committed; once decided, when it was last decided
    /// @param priority the commitment's journal number: the lower was first
    /// @param revealDelay seconds from commitment to reveal
    struct Deal {
        address account;
        State state;
        uint40 since;
        uint48 priority;
        bytes32 agreement;
        address vendor;
        uint32 decisionSeconds;
        uint32 exclusivitySeconds;
        uint24 revealDelay;
        bytes32 customer;
    }

    /// @notice A partner staked its place in the order with a commitment; the entry's number is the deal's priority.
    event DealCommitted(bytes32 indexed deal, address indexed account, bytes32 commitment, uint64 seq, bytes24 head);
    /// @notice A commitment was revealed.
    /// @param rival the first live registration of the same customer, whichever of the two has priority; 0 when none
    /// @param decideBy last second for a decision in time
    event DealRegistered(
        bytes32 indexed deal,
        bytes32 indexed agreement,
        address indexed account,
        bytes32 programme,
        uint32 epoch,
        bytes32 tag,
        uint64 priority,
        bytes32 rival,
        uint40 decideBy,
        uint64 seq,
        bytes24 head
    );
    /// @notice The vendor decided.
    /// @param exclusiveUntil last second of the exclusivity that an approval gives; 0 otherwise
    event DealDecided(
        bytes32 indexed deal,
        address indexed vendor,
        State outcome,
        bytes32 reason,
        uint256 value,
        address token,
        uint40 exclusiveUntil,
        uint64 seq,
        bytes24 head
    );
    /// @notice The partner took its deal back.
    event DealWithdrawn(bytes32 indexed deal, address indexed account, uint64 seq, bytes24 head);

    error CommitmentExists(bytes32 deal);
    error CommitmentUnknown(bytes32 deal);
    error CommitmentLapsed(bytes32 deal, uint256 revealBy);
    error QuotaExceeded(address account, uint256 perDay);
    error AgreementUnknown(bytes32 agreement);
    error TermsMismatch(bytes32 agreement);
    error NoProgramme(bytes32 agreement);
    error ProgrammeUnknown(bytes32 programme);
    error NotAParty(bytes32 agreement, address account);
    error VendorCannotRegister(address account);
    error OutsideValidity(bytes32 agreement);
    error AlreadyRegistered(bytes32 deal, bytes32 earlier);
    error NotTheVendor(bytes32 deal, address account);
    error NotTheRegistrant(bytes32 deal, address account);
    error WrongState(bytes32 deal, State state, State wanted);
    error OutcomeInvalid(State outcome);
    error ReasonMissing();
    error ValueInvalid();
    /// @notice An earlier commitment may still be revealed.
    error DecisionTooEarly(bytes32 deal, uint256 notBefore);
    /// @notice An earlier registration of the same customer is undecided, or another one is exclusive or won.
    error EarlierDeal(bytes32 deal, bytes32 other);

    /// @notice Seconds in which a commitment must be revealed.
    function REVEAL_SECONDS() external view returns (uint256);

    /// @notice Commitments an account can make in one day.
    function COMMITMENTS_PER_DAY() external view returns (uint256);

    /// @notice A deal's record; all zero when there is none.
    function dealOf(bytes32 deal) external view returns (Deal memory);

    /// @notice Whether a registration keeps later ones of the same customer waiting at this moment: registered,
    /// returned, approved and exclusive, or won.
    function isLive(bytes32 deal) external view returns (bool);

    /// @notice The agreement under which a deal was won; zero when it was not.
    function wonUnder(bytes32 deal) external view returns (bytes32 agreement);

    /// @notice The first registration of a customer, by priority.
    /// @param customer `keccak256(abi.encode(programme, epoch, tag))`
    function firstOf(bytes32 customer) external view returns (bytes32 deal);

    /// @notice The registration of the same customer that comes next by priority.
    function nextOf(bytes32 deal) external view returns (bytes32 next);

    /// @notice A deal's id, `keccak256(abi.encode(account, commitment))`, where the commitment is
    /// `keccak256(abi.encode(chainid, registry, account, agreement, tag, salt))`.
    function dealId(Reveal calldata reveal_) external view returns (bytes32);

    /// @notice Commits to a deal. Called by the account's wallet.
    /// @param commitment see {dealId}
    /// @dev Reverts {NotTheWallet}, {CommitmentExists}, {QuotaExceeded}.
    function commit(address account, bytes32 commitment) external returns (bytes32 deal);

    /// @notice The signed form of {commit}: `Commit(address account,bytes32 commitment,uint256 nonce,uint256
    /// deadline)`.
    function commitWithAuthorization(address account, bytes32 commitment, Authorization calldata authorization)
        external
        returns (bytes32 deal);

    /// @notice Reveals a commitment, which registers the deal. Called by the account's wallet.
    /// @dev Reverts {NotTheWallet}, {CommitmentUnknown}, {CommitmentLapsed}, {AgreementUnknown}, {TermsMismatch},
    /// {NoProgramme}, {ProgrammeUnknown}, {NotAParty}, {VendorCannotRegister}, {OutsideValidity}, {AlreadyRegistered}.
    function reveal(Reveal calldata reveal_, Opening calldata opening) external returns (bytes32 deal);

    /// @notice The signed form of {reveal}: `Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,uint256
    /// nonce,uint256 deadline)`. The opening is not signed: the agreement fixes it.
    function revealWithAuthorization(
        Reveal calldata reveal_,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (bytes32 deal);

    /// @notice Decides on a deal. Called by the vendor's wallet.
    /// @dev Approved or Rejected after Registered or Returned; Returned after Registered; Won or Lost after Approved.
    /// Reverts {NotTheWallet}, {NotTheVendor}, {OutcomeInvalid}, {WrongState}, {ReasonMissing}, {ValueInvalid},
    /// {DecisionTooEarly}, {EarlierDeal}.
    function decide(address vendor, Decision calldata decision) external;

    /// @notice The signed form of {decide}: `Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256
    /// value,address token,uint256 nonce,uint256 deadline)`.
    function decideWithAuthorization(address vendor, Decision calldata decision, Authorization calldata authorization)
        external;

    /// @notice Takes back a registered, returned or approved deal. Called by the wallet of the account that registered.
    /// @dev Reverts {NotTheWallet}, {NotTheRegistrant}, {WrongState}.
    function withdraw(address account, bytes32 deal) external;

    /// @notice The signed form of {withdraw}: `Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)`.
    function withdrawWithAuthorization(address account, bytes32 deal, Authorization calldata authorization) external;
}
