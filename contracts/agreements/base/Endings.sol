// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {IEndings} from "../interfaces/IEndings.sol";
import {Cause} from "../types/Standing.sol";
import {Conditions, Opening} from "../types/Terms.sol";
import {AgreementEntries} from "./AgreementEntries.sol";
import {Standings} from "./Standings.sol";

/// @title How an agreement ends before it expires
/// @notice See {IAgreementRegistry}.
abstract contract Endings is Standings, AgreementEntries, IEndings {
    bytes32 private constant END = keccak256("End(bytes32 agreement,uint40 endsAt)");
    bytes32 private constant END_AGREEMENT =
        keccak256("EndAgreement(address account,bytes32 agreement,uint40 endsAt,uint256 nonce,uint256 deadline)");
    bytes32 private constant GIVE_NOTICE =
        keccak256("GiveNotice(address account,bytes32 agreement,uint256 nonce,uint256 deadline)");
    bytes32 private constant RULE_END = keccak256(
        "RuleEnd(address arbiter,bytes32 agreement,uint40 endsAt,bytes32 reason,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc IEndings
    function endAction(AgreementId agreement, uint40 endsAt) public pure returns (bytes32) {
        return keccak256(abi.encode(END, agreement, endsAt));
    }

    /// @inheritdoc IEndings
    function consentToEnd(address account, AgreementId agreement, uint40 endsAt, uint40 deadline) external {
        bytes32 action = endAction(agreement, endsAt);
        _keepConsent(account, action, deadline);
        _emitConsentedToEnd(agreement, account, action, endsAt, deadline);
    }

    /// @inheritdoc IEndings
    function endByConsent(
        AgreementId agreement,
        uint40 endsAt,
        Opening calldata opening,
        Authorization[] calldata consents
    ) external {
        _requireOpening(agreement, opening);
        address[] calldata parties = opening.conditions.parties;
        if (consents.length != parties.length) revert ConsentsMissing(parties.length, consents.length);
        bytes32 action = endAction(agreement, endsAt);
        for (uint256 i; i < parties.length; ++i) {
            Authorization calldata consent_ = consents[i];
            bytes32 signed =
                keccak256(abi.encode(END_AGREEMENT, parties[i], agreement, endsAt, consent_.nonce, consent_.deadline));
            _useConsent(parties[i], action, signed, consent_);
        }
        _end(agreement, address(0), Cause.Consent, endsAt, 0, opening.conditions);
    }

    /// @inheritdoc IEndings
    function giveNotice(address account, AgreementId agreement, Opening calldata opening) external {
        _requireWallet(account);
        _giveNotice(account, agreement, opening);
    }

    /// @inheritdoc IEndings
    function giveNoticeWithAuthorization(
        address account,
        AgreementId agreement,
        Opening calldata opening,
        Authorization calldata authorization
    ) external {
        _spend(GIVE_NOTICE, account, AgreementId.unwrap(agreement), authorization);
        _giveNotice(account, agreement, opening);
    }

    /// @inheritdoc IEndings
    function ruleEnd(address arbiter, AgreementId agreement, uint40 endsAt, bytes32 reason, Opening calldata opening)
        external
    {
        _requireWallet(arbiter);
        _ruleEnd(arbiter, agreement, endsAt, reason, opening);
    }

    /// @inheritdoc IEndings
    function ruleEndWithAuthorization(
        address arbiter,
        AgreementId agreement,
        uint40 endsAt,
        bytes32 reason,
        Opening calldata opening,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(
            abi.encode(RULE_END, arbiter, agreement, endsAt, reason, authorization.nonce, authorization.deadline)
        );
        _spend(arbiter, action, authorization);
        _ruleEnd(arbiter, agreement, endsAt, reason, opening);
    }

    function _giveNotice(address account, AgreementId agreement, Opening calldata opening) private {
        _requireOpening(agreement, opening);
        Conditions calldata conditions = opening.conditions;
        if (!_contains(conditions.parties, account)) revert NotAParty(agreement, account);
        if (conditions.noticeSeconds == 0) revert NoNotice(agreement);
        uint40 endsAt = uint40(block.timestamp) + conditions.noticeSeconds;
        _end(agreement, account, Cause.Notice, endsAt, 0, conditions);
    }

    function _ruleEnd(address arbiter, AgreementId agreement, uint40 endsAt, bytes32 reason, Opening calldata opening)
        private
    {
        _requireOpening(agreement, opening);
        // Terms without an arbiter name the zero address, for which nobody signs or calls.
        if (opening.conditions.arbiter != arbiter) revert NotTheArbiter(agreement, arbiter);
        _end(agreement, arbiter, Cause.Ruling, endsAt, reason, opening.conditions);
    }

    /// @dev An end is only ever brought forward, and never into the past: what was paid or won until now stays as it is.
    function _end(
        AgreementId agreement,
        address by,
        Cause cause,
        uint40 endsAt,
        bytes32 reason,
        Conditions calldata conditions
    ) private {
        if (endsAt < block.timestamp || endsAt >= _endOf(agreement, conditions)) {
            revert EndInvalid(agreement, endsAt);
        }
        // slither-disable-next-line reentrancy-benign: our own ledger, which calls nobody here
        _bringForward(agreement, endsAt, conditions);
        _emitEnding(agreement, by, cause, endsAt, reason);
    }
}
