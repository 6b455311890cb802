// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../types/Authorization.sol";
import {PackedBook} from "../types/PackedBook.sol";
import {Rule, Terms} from "../types/Terms.sol";
import {IAuthorizations} from "./IAuthorizations.sol";
import {IJournal} from "./IJournal.sol";

/// @title What the partners agreed
/// @notice An agreement is in force when every party has accepted the same terms: by signing
/// `Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)`, by calling {accept}, or by activating it
/// itself. Its id is the EIP-712 digest of its terms.
interface IAgreementRegistry is IJournal, IAuthorizations {
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

    /// @notice The id that a programme of this owner and number has: the owner in the high 160 bits, the number below.
    function programmeId(address owner, uint96 number) external pure returns (bytes32);

    /// @notice A programme's conflict rule and key epoch; `Rule.None` when there is no such programme.
    function programmeOf(bytes32 programme) external view returns (Rule rule, uint32 epoch);

    /// @notice `keccak256(abi.encode(planRoot, dealTermsHash))` of an active agreement, zero otherwise; see {Plan}.
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
    /// @dev Reverts {NotTheWallet}, {ProgrammeExists}, {NameInvalid}, {FieldNotAvailable}.
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
    /// @dev Reverts {NotTheWallet}, {NotAParty}, {AlreadyActive}.
    function accept(address account, Terms calldata terms) external returns (bytes32 agreement);

    /// @notice Takes back an {accept} as long as the agreement is not active.
    /// @dev Reverts {NotTheWallet}, {NotAccepted}, {AlreadyActive}. A signed acceptance is taken back by {cancelNonce}.
    function withdrawAcceptance(address account, bytes32 agreement) external;

    /// @notice Puts terms in force that every party has accepted. Anyone may call it; terms already in force are left
    /// as they are, and their id is returned.
    /// @param acceptances one per party, in the order of `terms.parties`. An empty signature stands for an acceptance
    /// by transaction: the party's wallet is the caller, or has called {accept}. A signed acceptance's nonce is looked
    /// at, not spent: the same terms cannot be activated twice.
    /// @dev Reverts with what is wrong with the terms, {AcceptancesMissing}, {NotAccepted}, {NonceSpent},
    /// {AuthorizationExpired}, {SignatureInvalid}.
    function activate(Terms calldata terms, Authorization[] calldata acceptances) external returns (bytes32 agreement);
}
