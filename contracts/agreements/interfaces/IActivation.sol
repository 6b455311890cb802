// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, ProgrammeId} from "../../shared/types/Ids.sol";
import {Opening, Terms} from "../types/Terms.sol";

/// @title How terms come into force
/// @notice Every party accepts the same terms: by a signature, by a transaction ahead, or by activating them itself.
interface IActivation {
    /// @notice A party accepted by its own transaction, ahead of the activation.
    /// @param deadline last second at which the acceptance counts
    event AgreementAccepted(
        AgreementId indexed agreement, address indexed account, uint40 deadline, uint64 seq, bytes24 head
    );
    /// @notice A party took back what it had accepted by its own transaction.
    event AcceptanceWithdrawn(AgreementId indexed agreement, address indexed account, uint64 seq, bytes24 head);
    /// @notice Every party has accepted. The only place where the terms are written out.
    event AgreementActivated(AgreementId indexed agreement, Terms terms, uint64 seq, bytes24 head);
    /// @notice A successor took the agreement's place, or will.
    /// @param effectiveAt first second at which the successor stands in its place
    event AgreementSuperseded(
        AgreementId indexed agreement, AgreementId indexed successor, uint40 effectiveAt, uint64 seq, bytes24 head
    );

    error ProgrammeOwnerNotAParty(ProgrammeId programme, address owner);
    /// @notice This version of the contracts does not offer what the field asks for; it must be zero, or single.
    error FieldNotAvailable(string field);
    /// @notice The terms are not encoded the one way that Solidity's own encoder writes them.
    error TermsNotCanonical();
    error PartiesInvalid(uint256 count);
    error PayeesInvalid(uint256 count);
    /// @notice A contract of ours is no payee: nobody could ever take its share.
    error PayeeRefused(address account);
    error TokensInvalid(uint256 count);
    error TranchesInvalid();
    /// @notice Accounts or tokens are not strictly ascending: zero, twice the same, or out of order.
    error NotAscending(string field, uint256 index);
    error WeightCountWrong(address payee, uint256 weights, uint256 tranches);
    error WeightsDoNotSum(uint256 tranche, uint256 sum);
    error ValidityInvalid(uint40 validFrom, uint40 validUntil);
    error UriTooLong(uint256 length);
    error AcceptancesMissing(uint256 parties, uint256 acceptances);
    error NotAccepted(AgreementId agreement, address account);
    error AlreadyActive(AgreementId agreement);
    /// @notice Whole days, and no more than ten years.
    error HoldInvalid(uint256 holdSeconds);
    error TerritoriesInvalid(uint256 count);
    error ClawbackInvalid(uint8 clawback);
    error AfterEndInvalid(uint8 afterEnd);
    /// @notice Terms with a predecessor go through {amend}, terms without one through {activate}.
    error PredecessorInvalid(AgreementId predecessor);
    error AlreadyAmended(AgreementId agreement, AgreementId successor);

    /// @notice The id that these terms have on this contract and chain.
    /// @dev Reverts when the payees are out of order or their weights do not sum, in whatever tranche: such terms never
    /// get an id. What else may be wrong with them is {activate}'s to say.
    function agreementId(Terms calldata terms) external view returns (AgreementId);

    /// @notice Accepts terms by the wallet's own transaction, for wallets that sign nothing off chain.
    /// @param deadline last second at which the acceptance counts
    /// @dev Of an amendment's terms the predecessor's parties accept too, whether or not they stay. A later acceptance replaces
    /// an earlier one. Reverts {NotTheWallet}, {AuthorizationExpired}, {NotAParty} (unless the terms name a predecessor),
    /// {AlreadyActive}.
    function accept(address account, Terms calldata terms, uint40 deadline) external returns (AgreementId agreement);

    /// @notice Takes back an {accept} as long as the agreement is not active.
    /// @dev Reverts {NotTheWallet}, {NotAccepted}, {AlreadyActive}. A signed acceptance is taken back by {cancelNonce}.
    function withdrawAcceptance(address account, AgreementId agreement) external;

    /// @notice Puts terms in force that every party has accepted. Anyone may call it; terms already in force are left
    /// as they are, and their id is returned.
    /// @param acceptances one per party, in the order of `terms.parties`. An empty signature stands for an acceptance
    /// by transaction: the party's wallet is the caller, or has called {accept}; where neither is so, for a signature that
    /// the wallet, a contract, keeps on chain. A signed acceptance's nonce is looked at, not spent: the same terms cannot
    /// be activated twice.
    /// @dev Reverts with what is wrong with the terms, {PredecessorInvalid}, {AcceptancesMissing}, {NotAccepted},
    /// {NonceSpent}, {AuthorizationExpired}, {SignatureInvalid}.
    function activate(Terms calldata terms, Authorization[] calldata acceptances)
        external
        returns (AgreementId agreement);

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
    ) external returns (AgreementId agreement);
}
