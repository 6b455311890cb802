// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {Opening, Rule} from "../../agreements/types/Terms.sol";
import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";

/// @title Who brought which deal first
/// @notice A partner commits to a customer's tag without showing it, reveals it within a day, and the programme's owner
/// (the vendor) decides. The commitment's journal number is the deal's priority. Expiry and exclusivity are functions
/// of time, never stored states.
///
/// Whether a deal keeps others off the same customer is the programme's rule: under `FirstRegistered` the first live
/// registration does; under `Territory` it does within its territory, which must be one that its agreement grants; under
/// `Open` none does, and conflicts are only recorded.
interface IDealRegistry is IJournal, IConsents {
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
    /// @param territory where the customer is, as the agreement's terms name it; 0 unless the programme's rule is `Territory`
    struct Reveal {
        address account;
        bytes32 agreement;
        bytes32 tag;
        bytes32 salt;
        bytes32 territory;
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
    /// @param agreement under which it is registered; once won, the version that its revenue is split by
    /// @param decideBy last second for a decision in time; 0 when the terms set no time
    /// @param revealDelay seconds from commitment to reveal
    /// @param customer `keccak256(abi.encode(programme, epoch, tag))`: whose queue it stands in
    /// @param validUntil last second of its agreement, by the agreement's terms
    /// @param exclusiveUntil last second at which its approval keeps others off; 0 until approved
    /// @param contestableUntil until when the vendor can reject it although approved, since it was tagged again
    struct Deal {
        address account;
        State state;
        uint40 since;
        uint48 priority;
        bytes32 agreement;
        address vendor;
        uint40 decideBy;
        uint32 exclusivitySeconds;
        uint24 revealDelay;
        bytes32 customer;
        uint40 validUntil;
        uint8 afterEnd;
        Rule rule;
        uint32 epoch;
        uint40 exclusiveUntil;
        uint40 contestableUntil;
    }

    /// @notice A partner staked its place in the order with a commitment; the entry's number is the deal's priority.
    event DealCommitted(bytes32 indexed deal, address indexed account, bytes32 commitment, uint64 seq, bytes24 head);
    /// @notice A commitment was revealed.
    /// @param rival the first live registration of the same customer, whichever of the two has priority; 0 when none
    /// @param territory where the customer is; 0 unless the programme's rule is `Territory`
    /// @param decideBy last second for a decision in time; 0 when the terms set no time
    event DealRegistered(
        bytes32 indexed deal,
        bytes32 indexed agreement,
        address indexed account,
        bytes32 programme,
        uint32 epoch,
        bytes32 tag,
        bytes32 territory,
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
    /// @notice The vendor let the deadline pass, and the deal counts as approved.
    /// @param by who said so
    event DealApprovedByDefault(
        bytes32 indexed deal, address indexed by, uint40 exclusiveUntil, uint64 seq, bytes24 head
    );
    /// @notice Partner and vendor agreed on a longer exclusivity.
    event DealExtended(bytes32 indexed deal, uint40 exclusiveUntil, uint64 seq, bytes24 head);
    /// @notice The deal was tagged again, under its programme's newest key.
    /// @param rival the first live registration of the same customer in the new epoch; 0 when none
    event DealRetagged(
        bytes32 indexed deal,
        address indexed account,
        uint32 epoch,
        bytes32 tag,
        bytes32 rival,
        uint64 seq,
        bytes24 head
    );
    /// @notice The deal's agreement was amended before it was won: its revenue is the successor's.
    event DealMoved(bytes32 indexed deal, bytes32 indexed agreement, uint64 seq, bytes24 head);
    /// @notice One side of a won deal rated the other.
    /// @param rating 1 to 5
    /// @param comment hash of a text kept elsewhere; 0 for none
    event DealReviewed(
        bytes32 indexed deal,
        address indexed reviewer,
        address indexed reviewed,
        uint8 rating,
        bytes32 comment,
        uint64 seq,
        bytes24 head
    );
    /// @notice A review was taken back, for good.
    event ReviewRevoked(bytes32 indexed deal, address indexed reviewer, uint64 seq, bytes24 head);

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
    /// @notice The agreement grants no such territory, or the programme's rule knows no territories.
    error TerritoryInvalid(bytes32 agreement, bytes32 territory);
    error OutsideValidity(bytes32 agreement);
    error AlreadyRegistered(bytes32 deal, bytes32 earlier);
    error NotTheVendor(bytes32 deal, address account);
    error NotTheRegistrant(bytes32 deal, address account);
    error WrongState(bytes32 deal, State state, State wanted);
    error OutcomeInvalid(State outcome);
    error ReasonMissing();
    error ValueInvalid();
    /// @notice The agreement has ended, and its terms leave this deal nothing more to do.
    error AgreementOver(bytes32 agreement, uint256 endedAt);
    /// @notice Nobody can decide by default: there is no deadline, or it has not passed.
    error NotOverdue(bytes32 deal, uint256 decideBy);
    error ExtensionInvalid(bytes32 deal, uint256 exclusiveUntil);
    /// @notice The deal's tag is of the newest epoch, or the time for tagging again is over.
    error RetagInvalid(bytes32 deal);
    error RatingInvalid(uint8 rating);
    /// @notice Neither the deal's partner nor its vendor.
    error NotACounterparty(bytes32 deal, address account);
    error AlreadyReviewed(bytes32 deal, address reviewer);
    error NotReviewed(bytes32 deal, address reviewer);
    /// @notice An earlier commitment may still be revealed, or an earlier epoch's deal tagged again.
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
    /// {NoProgramme}, {ProgrammeUnknown}, {NotAParty}, {VendorCannotRegister}, {OutsideValidity} (also when it was ended or
    /// amended), {TerritoryInvalid}, {AlreadyRegistered}.
    function reveal(Reveal calldata reveal_, Opening calldata opening) external returns (bytes32 deal);

    /// @notice The signed form of {reveal}: `Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32
    /// territory,uint256 nonce,uint256 deadline)`. The opening is not signed: the agreement fixes it.
    function revealWithAuthorization(
        Reveal calldata reveal_,
        Opening calldata opening,
        Authorization calldata authorization
    ) external returns (bytes32 deal);

    /// @notice Decides on a deal. Called by the vendor's wallet.
    /// @dev Approved or Rejected after Registered or Returned; Returned after Registered; Won or Lost after Approved; and
    /// Rejected after Approved as long as a deal that was tagged again is contestable.
    /// Reverts {NotTheWallet}, {NotTheVendor}, {OutcomeInvalid}, {WrongState}, {ReasonMissing}, {ValueInvalid},
    /// {DecisionTooEarly}, {EarlierDeal}, {AgreementOver}.
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

    /// @notice Where a deal's customer is; 0 unless its programme's rule is `Territory`.
    function territoryOf(bytes32 deal) external view returns (bytes32);

    /// @notice Approves a registered deal whose vendor let its deadline pass. Anyone may call.
    /// @dev Reverts {WrongState}, {NotOverdue}, {DecisionTooEarly}, {EarlierDeal}, {AgreementOver}.
    function approveByDefault(bytes32 deal) external;

    /// @notice The action that partner and vendor consent to when they extend: the hash of `Extend(bytes32 deal,uint40
    /// exclusiveUntil)`.
    function extensionAction(bytes32 deal, uint40 exclusiveUntil) external pure returns (bytes32);

    /// @notice Extends an approved deal's exclusivity with both sides' consent. Anyone may call.
    /// @param exclusiveUntil later than it is exclusive anyway, and at most ten years from now
    /// @param byAccount the partner's `ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256
    /// deadline)`, or an empty signature, see {IConsents}
    /// @param byVendor the vendor's, likewise
    /// @dev Reverts {WrongState}, {ExtensionInvalid}, {EarlierDeal} (it lapsed, and another one is exclusive), {AgreementOver},
    /// {ConsentMissing}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function extend(
        bytes32 deal,
        uint40 exclusiveUntil,
        Authorization calldata byAccount,
        Authorization calldata byVendor
    ) external;

    /// @notice The action that a vendor consents to before a won deal is tagged again: the hash of `RetagWon(bytes32
    /// deal,bytes32 tag)`.
    function retagAction(bytes32 deal, bytes32 tag) external pure returns (bytes32);

    /// @notice Tags a deal again under its programme's newest key, until the grace of its epoch ends; it keeps its priority.
    /// Called by the account's wallet. Until the grace ends the vendor can reject it, approved or not, should the new tag be
    /// another customer's. A won deal holds its customer for good, so its vendor must have consented to the very tag
    /// ({retagAction}), or be who carries the signed form.
    /// @dev Reverts {NotTheWallet}, {NotTheRegistrant}, {WrongState}, {RetagInvalid}, {ConsentMissing}, {AlreadyRegistered}.
    function retag(address account, bytes32 deal, bytes32 tag) external;

    /// @notice The signed form of {retag}: `Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)`.
    function retagWithAuthorization(address account, bytes32 deal, bytes32 tag, Authorization calldata authorization)
        external;

    /// @notice The review that an account gave of a won deal's other side: rating 0 when there is none or it was revoked.
    function reviewOf(bytes32 deal, address reviewer)
        external
        view
        returns (uint8 rating, bytes32 comment, bool revoked);

    /// @notice Rates the other side of a won deal, once. Called by the wallet of its partner or of its vendor.
    /// @param rating 1 to 5
    /// @param comment hash of a text kept elsewhere; 0 for none
    /// @dev Whether the deal is settled, and the review counts, is for whoever scores to say: revenue is not known here.
    /// Reverts {NotTheWallet}, {NotACounterparty}, {WrongState}, {RatingInvalid}, {AlreadyReviewed}.
    function review(address reviewer, bytes32 deal, uint8 rating, bytes32 comment) external;

    /// @notice The signed form of {review}: `Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256
    /// nonce,uint256 deadline)`.
    function reviewWithAuthorization(
        address reviewer,
        bytes32 deal,
        uint8 rating,
        bytes32 comment,
        Authorization calldata authorization
    ) external;

    /// @notice Takes a review back, for good. Called by the reviewer's wallet.
    /// @dev Reverts {NotTheWallet}, {NotReviewed}.
    function revokeReview(address reviewer, bytes32 deal) external;

    /// @notice The signed form of {revokeReview}: `RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256
    /// deadline)`.
    function revokeReviewWithAuthorization(address reviewer, bytes32 deal, Authorization calldata authorization)
        external;
}
