// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {Opening, Rule, Terms} from "../types/Terms.sol";
import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";

/// @title What the partners agreed
/// @notice An agreement is in force when every party has accepted the same terms: by signing
/// `Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)`, by calling {accept}, or by activating it
/// itself. Its id is the EIP-712 digest of its terms.
///
/// Terms that name a predecessor amend it: all parties of both accept, the predecessor takes no revenue from then on except
/// that of deals won before, and its open deals go on under the successor. Nothing is ever split anew. An agreement ends as
/// it expires, by all parties' consent, by one party's notice, or by its arbiter's ruling.
interface IAgreementRegistry is IJournal, IConsents {
    /// @notice Why an agreement ends before it expires.
    enum Cause {
        None,
        Consent,
        Notice,
        Ruling
    }

    /// @notice What became of an agreement.
    /// @param root {rootOf}: zero when it is not active
    /// @param endsAt last second of an agreement that was ended or amended; 0 when only its terms say
    /// @param successor the agreement that amends it; 0 when there is none
    /// @param succeededFrom first second at which the successor stands in its place; 0 when there is none
    /// @param validUntil of an amendment: what its terms say; 0 of other agreements, whose conditions are opened instead
    /// @param afterEnd of an amendment: what its terms say, see {AfterEnd}
    struct Standing {
        bytes32 root;
        bytes32 successor;
        uint40 endsAt;
        uint40 succeededFrom;
        uint40 validUntil;
        uint8 afterEnd;
    }

    /// @notice A programme was opened; its deals conflict by its rule, within its key epoch.
    event ProgrammeCreated(
        bytes32 indexed programme, address indexed owner, string name, Rule rule, uint32 epoch, uint64 seq, bytes24 head
    );
    /// @notice A party accepted by its own transaction, ahead of the activation.
    event AgreementAccepted(bytes32 indexed agreement, address indexed account, uint64 seq, bytes24 head);
    /// @notice A party took back what it had accepted by its own transaction.
    event AcceptanceWithdrawn(bytes32 indexed agreement, address indexed account, uint64 seq, bytes24 head);
    /// @notice Every party has accepted. The only place where the terms are written out.
    event AgreementActivated(bytes32 indexed agreement, Terms terms, uint64 seq, bytes24 head);

    /// @notice A successor took the agreement's place, or will.
    /// @param effectiveAt first second at which the successor stands in its place
    event AgreementSuperseded(
        bytes32 indexed agreement, bytes32 indexed successor, uint40 effectiveAt, uint64 seq, bytes24 head
    );
    /// @notice The agreement will end earlier than its terms say.
    /// @param by the party that gave notice or the arbiter; the zero address for all parties' consent
    /// @param endsAt last second at which it is in force
    /// @param reason the ruling's reason code; zero otherwise
    event AgreementEnding(
        bytes32 indexed agreement,
        address indexed by,
        Cause cause,
        uint40 endsAt,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );
    /// @notice A programme's key was replaced: deals of earlier epochs can be tagged again until the grace ends.
    event EpochOpened(
        bytes32 indexed programme, address indexed owner, uint32 epoch, uint40 graceUntil, uint64 seq, bytes24 head
    );

    error NameInvalid(uint256 length);
    error ProgrammeExists(bytes32 programme);
    error ProgrammeOwnerNotAParty(bytes32 programme, address owner);
    /// @notice This version of the contracts does not offer what the field asks for; it must be zero, or single.
    error FieldNotAvailable(string field);
    /// @notice The terms are not encoded the one way that Solidity's own encoder writes them.
    error TermsNotCanonical();
    error PartiesInvalid(uint256 count);
    error PayeesInvalid(uint256 count);
    error TokensInvalid(uint256 count);
    error TranchesInvalid();
    /// @notice Accounts or tokens are not strictly ascending: zero, twice the same, or out of order.
    error NotAscending(string field, uint256 index);
    error WeightCountWrong(address payee, uint256 weights, uint256 tranches);
    error WeightsDoNotSum(uint256 tranche, uint256 sum);
    error ValidityInvalid(uint40 validFrom, uint40 validUntil);
    error UriTooLong(uint256 length);
    error AcceptancesMissing(uint256 parties, uint256 acceptances);
    error NotAccepted(bytes32 agreement, address account);
    error NotAParty(bytes32 agreement, address account);
    error AlreadyActive(bytes32 agreement);
    error AgreementUnknown(bytes32 agreement);
    /// @notice What was opened is not what the agreement's root binds.
    error TermsMismatch(bytes32 agreement);
    error RuleInvalid();
    error ProgrammeUnknown(bytes32 programme);
    error NotTheProgrammeOwner(bytes32 programme, address account);
    error GraceInvalid(uint256 graceSeconds);
    /// @notice Whole days, and no more than ten years.
    error HoldInvalid(uint256 holdSeconds);
    error TerritoriesInvalid(uint256 count);
    error ClawbackInvalid(uint8 clawback);
    error AfterEndInvalid(uint8 afterEnd);
    /// @notice Terms with a predecessor go through {amend}, terms without one through {activate}.
    error PredecessorInvalid(bytes32 predecessor);
    error AlreadyAmended(bytes32 agreement, bytes32 successor);
    error EndInvalid(bytes32 agreement, uint256 endsAt);
    /// @notice The terms let nobody end the agreement alone.
    error NoNotice(bytes32 agreement);
    error NotTheArbiter(bytes32 agreement, address account);

    /// @notice The id that a programme of this owner and number has: the owner in the high 160 bits, the number below.
    function programmeId(address owner, uint96 number) external pure returns (bytes32);

    /// @notice A programme's conflict rule, key epoch, since when that is, and until when deals of earlier epochs can be
    /// tagged again; `Rule.None` when there is no such programme.
    function programmeOf(bytes32 programme)
        external
        view
        returns (Rule rule, uint32 epoch, uint40 openedAt, uint40 graceUntil);

    /// @notice What became of an agreement.
    function standingOf(bytes32 agreement) external view returns (Standing memory);

    /// @notice The agreement that stands in this one's place now: itself, or the newest successor in effect.
    function currentOf(bytes32 agreement) external view returns (bytes32);

    /// @notice The agreement that an active one amends; 0 when there is none.
    function predecessorOf(bytes32 agreement) external view returns (bytes32);

    /// @notice `keccak256(abi.encode(planRoot, conditionsHash))` of an active agreement, zero otherwise; see {Plan}.
    function rootOf(bytes32 agreement) external view returns (bytes32);

    /// @notice What a payment in this token needs to know of an agreement, as the revenue ledger's book begins; zero when
    /// the agreement does not take the token.
    function newBookOf(bytes32 agreement, address token) external view returns (PackedBook);

    /// @notice The id that these terms have on this contract and chain.
    /// @dev Reverts when the payees are out of order or their weights do not sum, in whatever tranche: such terms never
    /// get an id. What else may be wrong with them is {activate}'s to say.
    function agreementId(Terms calldata terms) external view returns (bytes32);

    /// @notice Opens a programme. Called by the owner's wallet.
    /// @param number the owner's choice; with the owner it makes the programme's id
    /// @param name 1 to 100 bytes of UTF-8
    /// @dev Reverts {NotTheWallet}, {ProgrammeExists}, {NameInvalid}, {RuleInvalid}.
    function createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        external
        returns (bytes32 programme);

    /// @notice The signed form of {createProgramme}: `CreateProgramme(address owner,uint96 number,string name,uint8
    /// rule,uint256 nonce,uint256 deadline)`.
    function createProgrammeWithAuthorization(
        address owner,
        uint96 number,
        string calldata name,
        Rule rule,
        Authorization calldata authorization
    ) external returns (bytes32 programme);

    /// @notice Accepts terms by the wallet's own transaction, for wallets that sign nothing off chain.
    /// @dev Of an amendment's terms the predecessor's parties accept too, whether or not they stay. Reverts {NotTheWallet},
    /// {NotAParty} (unless the terms name a predecessor), {AlreadyActive}.
    function accept(address account, Terms calldata terms) external returns (bytes32 agreement);

    /// @notice Takes back an {accept} as long as the agreement is not active.
    /// @dev Reverts {NotTheWallet}, {NotAccepted}, {AlreadyActive}. A signed acceptance is taken back by {cancelNonce}.
    function withdrawAcceptance(address account, bytes32 agreement) external;

    /// @notice Puts terms in force that every party has accepted. Anyone may call it; terms already in force are left
    /// as they are, and their id is returned.
    /// @param acceptances one per party, in the order of `terms.parties`. An empty signature stands for an acceptance
    /// by transaction: the party's wallet is the caller, or has called {accept}. A signed acceptance's nonce is looked
    /// at, not spent: the same terms cannot be activated twice.
    /// @dev Reverts with what is wrong with the terms, {PredecessorInvalid}, {AcceptancesMissing}, {NotAccepted},
    /// {NonceSpent}, {AuthorizationExpired}, {SignatureInvalid}.
    function activate(Terms calldata terms, Authorization[] calldata acceptances) external returns (bytes32 agreement);

    /// @notice As {activate}, for terms that name a predecessor, which the successor supersedes from its `validFrom` on, or
    /// from now when that has passed. An agreement that has ended can still be amended: that is how it is renewed.
    /// @param predecessor the predecessor's conditions, opened
    /// @param leaving acceptances of the predecessor's parties that are no parties any more, in the order of its parties
    /// @dev Reverts as {activate}, and {AgreementUnknown}, {TermsMismatch}, {AlreadyAmended}.
    function amend(
        Terms calldata terms,
        Authorization[] calldata acceptances,
        Opening calldata predecessor,
        Authorization[] calldata leaving
    ) external returns (bytes32 agreement);

    /// @notice The action that all parties consent to when they end an agreement: the hash of `End(bytes32
    /// agreement,uint40 endsAt)`.
    function endAction(bytes32 agreement, uint40 endsAt) external pure returns (bytes32);

    /// @notice Ends an agreement by all parties' consent. Anyone may call.
    /// @param endsAt last second at which it is in force: now or later, and earlier than it would end anyway
    /// @param consents one per party, in the order of its parties: `EndAgreement(address account,bytes32 agreement,uint40
    /// endsAt,uint256 nonce,uint256 deadline)`, or an empty signature, see {IConsents}
    /// @dev Reverts {AgreementUnknown}, {TermsMismatch}, {EndInvalid}, {ConsentsMissing}, {ConsentMissing},
    /// {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function endByConsent(bytes32 agreement, uint40 endsAt, Opening calldata opening, Authorization[] calldata consents)
        external;

    /// @notice Ends an agreement alone, after the notice that its terms give. Called by the party's wallet.
    /// @dev Reverts {NotTheWallet}, {AgreementUnknown}, {TermsMismatch}, {NotAParty}, {NoNotice}, {EndInvalid} (it ends
    /// before the notice is over).
    function giveNotice(address account, bytes32 agreement, Opening calldata opening) external;

    /// @notice The signed form of {giveNotice}: `GiveNotice(address account,bytes32 agreement,uint256 nonce,uint256
    /// deadline)`.
    function giveNoticeWithAuthorization(
        address account,
        bytes32 agreement,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Ends an agreement by a ruling. Called by the arbiter's wallet.
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {AgreementUnknown}, {TermsMismatch}, {NotTheArbiter}, {EndInvalid}.
    function ruleEnd(address arbiter, bytes32 agreement, uint40 endsAt, bytes32 reason, Opening calldata opening)
        external;

    /// @notice The signed form of {ruleEnd}: `RuleEnd(address arbiter,bytes32 agreement,uint40 endsAt,bytes32
    /// reason,uint256 nonce,uint256 deadline)`.
    function ruleEndWithAuthorization(
        address arbiter,
        bytes32 agreement,
        uint40 endsAt,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Opens a programme's next key epoch. Called by the owner's wallet.
    /// @param graceSeconds how long deals of earlier epochs can be tagged again: one day to one year. Until then no deal of
    /// the new epoch is approved, since an earlier one may still come.
    /// @dev Reverts {NotTheWallet}, {NotTheProgrammeOwner}, {ProgrammeUnknown}, {GraceInvalid} (also while an earlier grace
    /// lasts).
    function openEpoch(address owner, bytes32 programme, uint32 graceSeconds) external;

    /// @notice The signed form of {openEpoch}: `OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256
    /// nonce,uint256 deadline)`.
    function openEpochWithAuthorization(
        address owner,
        bytes32 programme,
        uint32 graceSeconds,
        Authorization calldata authorization
    ) external;
}
