// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Cause} from "../types/Standing.sol";
import {Opening} from "../types/Terms.sol";

/// @title How an agreement ends before it expires
/// @notice By all parties' consent, by one party's notice, or by its arbiter's ruling.
interface IEndings {
    /// @notice The agreement will end earlier than its terms say.
    /// @param by the party that gave notice or the arbiter; the zero address for all parties' consent
    /// @param endsAt last second at which it is in force
    /// @param reason the ruling's reason code; zero otherwise
    event AgreementEnding(
        AgreementId indexed agreement,
        address indexed by,
        Cause cause,
        uint40 endsAt,
        bytes32 reason,
        uint64 seq,
        bytes24 head
    );

    /// @notice An account consented, by its own transaction, that the agreement ends. It counts for a party of the agreement.
    /// @param action {endAction}, by which the consent is taken back
    /// @param endsAt last second at which the agreement would be in force
    /// @param deadline last second at which the consent counts
    event ConsentedToEnd(
        AgreementId indexed agreement,
        address indexed account,
        bytes32 indexed action,
        uint40 endsAt,
        uint40 deadline,
        uint64 seq,
        bytes24 head
    );

    error EndInvalid(AgreementId agreement, uint256 endsAt);
    /// @notice The terms let nobody end the agreement alone.
    error NoNotice(AgreementId agreement);
    error NotTheArbiter(AgreementId agreement, address account);

    /// @notice The action that all parties consent to when they end an agreement: the hash of `End(bytes32
    /// agreement,uint40 endsAt)`.
    function endAction(AgreementId agreement, uint40 endsAt) external pure returns (bytes32);

    /// @notice Consents by the wallet's own transaction that the agreement ends, ahead of {endByConsent}.
    /// @param endsAt last second at which the agreement would be in force
    /// @param deadline last second at which the consent counts
    /// @dev Reverts {NotTheWallet}, {AuthorizationExpired}.
    function consentToEnd(address account, AgreementId agreement, uint40 endsAt, uint40 deadline) external;

    /// @notice Ends an agreement by all parties' consent. Anyone may call.
    /// @param endsAt last second at which it is in force: now or later, and earlier than it would end anyway
    /// @param consents one per party, in the order of its parties: `EndAgreement(address account,bytes32 agreement,uint40
    /// endsAt,uint256 nonce,uint256 deadline)`, or an empty signature, see {IConsents}
    /// @dev Reverts {AgreementUnknown}, {TermsMismatch}, {EndInvalid}, {ConsentsMissing}, {ConsentMissing},
    /// {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function endByConsent(
        AgreementId agreement,
        uint40 endsAt,
        Opening calldata opening,
        Authorization[] calldata consents
    ) external;

    /// @notice Ends an agreement alone, after the notice that its terms give. Called by the party's wallet.
    /// @dev Reverts {NotTheWallet}, {AgreementUnknown}, {TermsMismatch}, {NotAParty}, {NoNotice}, {EndInvalid} (it ends
    /// before the notice is over).
    function giveNotice(address account, AgreementId agreement, Opening calldata opening) external;

    /// @notice The signed form of {giveNotice}: `GiveNotice(address account,bytes32 agreement,uint256 nonce,uint256
    /// deadline)`.
    function giveNoticeWithAuthorization(
        address account,
        AgreementId agreement,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;

    /// @notice Ends an agreement by a ruling. Called by the arbiter's wallet.
    /// @param reason a code of at most 32 ASCII characters
    /// @dev Reverts {NotTheWallet}, {AgreementUnknown}, {TermsMismatch}, {NotTheArbiter}, {EndInvalid}.
    function ruleEnd(address arbiter, AgreementId agreement, uint40 endsAt, bytes32 reason, Opening calldata opening)
        external;

    /// @notice The signed form of {ruleEnd}: `RuleEnd(address arbiter,bytes32 agreement,uint40 endsAt,bytes32
    /// reason,uint256 nonce,uint256 deadline)`.
    function ruleEndWithAuthorization(
        address arbiter,
        AgreementId agreement,
        uint40 endsAt,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external;
}
