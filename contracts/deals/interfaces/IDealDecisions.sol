// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../shared/types/Ids.sol";
import {DealState, Decision} from "../types/Deals.sol";

/// @title What the vendor decides, and what both sides agree on
/// @notice Approval, return, rejection, win and loss; the partner's withdrawal; longer exclusivity by consent.
interface IDealDecisions {
    /// @notice The vendor decided.
    /// @param exclusiveUntil last second of the exclusivity that an approval gives; 0 otherwise
    /// @param decideBy last second of the new time to decide that a return gives; 0 otherwise, and where the terms set none
    event DealDecided(
        DealId indexed deal,
        address indexed vendor,
        DealState outcome,
        bytes32 reason,
        uint256 value,
        address token,
        uint40 exclusiveUntil,
        uint40 decideBy,
        uint64 seq,
        bytes24 head
    );
    /// @notice The partner took its deal back.
    event DealWithdrawn(DealId indexed deal, address indexed account, uint64 seq, bytes24 head);
    /// @notice The vendor let the deadline pass, and the deal counts as approved.
    /// @param by who said so
    event DealApprovedByDefault(
        DealId indexed deal, address indexed by, uint40 exclusiveUntil, uint64 seq, bytes24 head
    );
    /// @notice Partner and vendor agreed on a longer exclusivity.
    event DealExtended(DealId indexed deal, uint40 exclusiveUntil, uint64 seq, bytes24 head);
    /// @notice One side consented, by its own transaction, to a longer exclusivity.
    /// @param action {extensionAction}, by which the consent is taken back
    /// @param exclusiveUntil last second of the exclusivity consented to
    /// @param deadline last second at which the consent counts
    event ConsentedToExtension(
        DealId indexed deal,
        address indexed account,
        bytes32 indexed action,
        uint40 exclusiveUntil,
        uint40 deadline,
        uint64 seq,
        bytes24 head
    );
    /// @notice The deal's agreement was amended before it was won: its revenue is the successor's.
    event DealMoved(DealId indexed deal, AgreementId indexed agreement, uint64 seq, bytes24 head);

    error OutcomeInvalid(DealState outcome);
    error ReasonMissing();
    error ValueInvalid();
    /// @notice The agreement has ended, and its terms leave this deal nothing more to do.
    error AgreementOver(AgreementId agreement, uint256 endedAt);
    /// @notice Nobody can decide by default: there is no deadline, or it has not passed.
    error NotOverdue(DealId deal, uint256 decideBy);
    error ExtensionInvalid(DealId deal, uint256 exclusiveUntil);

    /// @notice Decides on a deal. Called by the vendor's wallet.
    /// @dev Approved or Rejected after Registered or Returned; Returned after Registered; Won or Lost after Approved; and
    /// Rejected after Approved as long as a deal that was tagged again is contestable.
    /// A returned deal's deadline starts anew, once: the vendor has as long again as it had from the commitment on.
    /// Reverts {NotTheWallet}, {NotTheVendor}, {OutcomeInvalid}, {WrongState}, {ReasonMissing}, {ValueInvalid},
    /// {DecisionTooEarly}, {EarlierDeal}, {AgreementOver}, {NotTaggedAgain}, {WonDealsBehind}.
    function decide(address vendor, Decision calldata decision) external;

    /// @notice The signed form of {decide}: `Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256
    /// value,address token,uint256 nonce,uint256 deadline)`.
    function decideWithAuthorization(address vendor, Decision calldata decision, Authorization calldata authorization)
        external;

    /// @notice Takes back a registered, returned or approved deal. Called by the wallet of the account that registered.
    /// @dev Reverts {NotTheWallet}, {NotTheRegistrant}, {WrongState}.
    function withdraw(address account, DealId deal) external;

    /// @notice The signed form of {withdraw}: `Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)`.
    function withdrawWithAuthorization(address account, DealId deal, Authorization calldata authorization) external;

    /// @notice Approves a registered or returned deal whose vendor let its deadline pass. Anyone may call.
    /// @dev Reverts {WrongState}, {NotOverdue}, {DecisionTooEarly}, {EarlierDeal}, {AgreementOver}, {NotTaggedAgain},
    /// {WonDealsBehind}.
    function approveByDefault(DealId deal) external;

    /// @notice The action that partner and vendor consent to when they extend: the hash of `Extend(bytes32 deal,uint40
    /// exclusiveUntil)`.
    function extensionAction(DealId deal, uint40 exclusiveUntil) external pure returns (bytes32);

    /// @notice Consents by the wallet's own transaction to a longer exclusivity, ahead of {extend}. It counts for partner
    /// and vendor.
    /// @param deadline last second at which the consent counts
    /// @dev Reverts {NotTheWallet}, {AuthorizationExpired}.
    function consentToExtension(address account, DealId deal, uint40 exclusiveUntil, uint40 deadline) external;

    /// @notice Extends an approved deal's exclusivity with both sides' consent. Anyone may call.
    /// @param exclusiveUntil later than it is exclusive anyway, and at most ten years from now
    /// @param byAccount the partner's `ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256
    /// deadline)`, or an empty signature, see {IConsents}
    /// @param byVendor the vendor's, likewise
    /// @dev Reverts {WrongState}, {ExtensionInvalid}, {EarlierDeal} (it lapsed, and another one is exclusive), {AgreementOver},
    /// {NotTaggedAgain}, {DecisionTooEarly} and {WonDealsBehind} (it lapsed), {ConsentMissing}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function extend(
        DealId deal,
        uint40 exclusiveUntil,
        Authorization calldata byAccount,
        Authorization calldata byVendor
    ) external;
}
