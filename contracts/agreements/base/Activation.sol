// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, NO_AGREEMENT, NO_PROGRAMME, ProgrammeId} from "../../shared/types/Ids.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {TermsLayout} from "../libraries/TermsLayout.sol";
import {TermsReader} from "../libraries/TermsReader.sol";
import {TermsRules} from "../libraries/TermsRules.sol";
import {Conditions, Opening, Terms} from "../types/Terms.sol";
import {AgreementEntries} from "./AgreementEntries.sol";
import {Standings} from "./Standings.sol";

/// @title How terms come into force
/// @notice See {IActivation}.
abstract contract Activation is Standings, AgreementEntries, IActivation {
    using TermsLayout for Terms;

    /// @inheritdoc IActivation
    function agreementId(Terms calldata terms) external view returns (AgreementId) {
        return AgreementId.wrap(_hashTypedDataV4(TermsReader.read(terms).typedHash));
    }

    /// @inheritdoc IActivation
    function accept(address account, Terms calldata terms, uint40 deadline) external returns (AgreementId agreement) {
        _requireWallet(account);
        if (block.timestamp > deadline) revert AuthorizationExpired(account, deadline);
        agreement = AgreementId.wrap(_hashTypedDataV4(TermsReader.read(terms).typedHash));
        if (_roots[agreement] != 0) revert AlreadyActive(agreement);
        // Who must accept an amendment besides its own parties is known once its predecessor is opened.
        if (terms.predecessor == NO_AGREEMENT && !_contains(terms.partiesOf(), account)) {
            revert NotAParty(agreement, account);
        }
        _acceptedBy[agreement][account] = Consent(msg.sender, deadline);
        _emitAccepted(agreement, account, deadline);
    }

    /// @inheritdoc IActivation
    function withdrawAcceptance(address account, AgreementId agreement) external {
        _requireWallet(account);
        if (_roots[agreement] != 0) revert AlreadyActive(agreement);
        if (_acceptedBy[agreement][account].wallet == address(0)) revert NotAccepted(agreement, account);
        delete _acceptedBy[agreement][account];
        _emitAcceptanceWithdrawn(agreement, account);
    }

    /// @inheritdoc IActivation
    function activate(Terms calldata terms, Authorization[] calldata acceptances)
        external
        returns (AgreementId agreement)
    {
        TermsReader.Reading memory reading = TermsReader.read(terms);
        bytes32 domain = _domainSeparatorV4();
        agreement = AgreementId.wrap(MessageHashUtils.toTypedDataHash(domain, reading.typedHash));
        if (_roots[agreement] != 0) return agreement;
        if (terms.predecessor != NO_AGREEMENT) revert PredecessorInvalid(terms.predecessor);
        _putInForce(domain, agreement, terms, reading, acceptances);
    }

    /// @inheritdoc IActivation
    function amend(
        Terms calldata terms,
        Authorization[] calldata acceptances,
        Opening calldata predecessor,
        Authorization[] calldata leaving
    ) external returns (AgreementId agreement) {
        TermsReader.Reading memory reading = TermsReader.read(terms);
        bytes32 domain = _domainSeparatorV4();
        agreement = AgreementId.wrap(MessageHashUtils.toTypedDataHash(domain, reading.typedHash));
        if (_roots[agreement] != 0) return agreement;
        if (terms.predecessor == NO_AGREEMENT) revert PredecessorInvalid(NO_AGREEMENT);
        _requireOpening(terms.predecessor, predecessor);
        AgreementId successor = _successor[terms.predecessor];
        if (successor != NO_AGREEMENT) revert AlreadyAmended(terms.predecessor, successor);
        _checkLeaving(domain, agreement, reading.typedHash, terms, predecessor.conditions, leaving);
        _putInForce(domain, agreement, terms, reading, acceptances);
        _supersede(agreement, terms, predecessor.conditions);
    }

    function _putInForce(
        bytes32 domain,
        AgreementId agreement,
        Terms calldata terms,
        TermsReader.Reading memory reading,
        Authorization[] calldata acceptances
    ) private {
        TermsRules.check(terms);
        address[] calldata parties = terms.partiesOf();
        _checkProgramme(terms.programme, parties);
        if (acceptances.length != parties.length) revert AcceptancesMissing(parties.length, acceptances.length);
        for (uint256 i; i < parties.length; ++i) {
            _checkAcceptance(domain, agreement, reading.typedHash, parties[i], acceptances[i]);
        }
        _roots[agreement] = reading.root;
        address[] calldata tokens = terms.tokensOf();
        PackedBook book = terms.newBook();
        for (uint256 i; i < tokens.length; ++i) {
            _newBooks[agreement][tokens[i]] = book;
        }
        _emitActivated(agreement, terms, reading.size);
    }

    /// @dev Notes the amendment on both sides. The predecessor's end is brought forward to the second before.
    function _supersede(AgreementId agreement, Terms calldata terms, Conditions calldata conditions) private {
        AgreementId predecessor = terms.predecessor;
        uint40 effectiveAt = uint40(block.timestamp);
        if (terms.validFrom > effectiveAt) effectiveAt = terms.validFrom;
        // slither-disable-next-line reentrancy-no-eth,reentrancy-benign: our own ledger, which calls nobody here
        if (effectiveAt <= _endOf(predecessor, conditions)) _bringForward(predecessor, effectiveAt - 1, conditions);
        _predecessor[agreement] = predecessor;
        _successor[predecessor] = agreement;
        _fate[predecessor].succeededFrom = effectiveAt;
        (_fate[agreement].validUntil, _fate[agreement].afterEnd) = (terms.validUntil, terms.afterEnd);
        _emitSuperseded(predecessor, agreement, effectiveAt);
    }

    /// @dev The programme's owner decides on its deals, so an agreement under it needs the owner's signature too. The
    /// owner is part of the programme's id; that the programme has been created is asked when a deal is registered.
    function _checkProgramme(ProgrammeId programme, address[] calldata parties) private pure {
        if (programme == NO_PROGRAMME) return;
        address owner = programme.owner();
        if (!_contains(parties, owner)) revert ProgrammeOwnerNotAParty(programme, owner);
    }

    /// @dev Whoever is party to the predecessor and not to its successor must have accepted to leave.
    function _checkLeaving(
        bytes32 domain,
        AgreementId agreement,
        bytes32 typedHash,
        Terms calldata terms,
        Conditions calldata conditions,
        Authorization[] calldata leaving
    ) private view {
        address[] calldata staying = terms.partiesOf();
        uint256 count;
        for (uint256 i; i < conditions.parties.length; ++i) {
            address account = conditions.parties[i];
            if (_contains(staying, account)) continue;
            if (count < leaving.length) _checkAcceptance(domain, agreement, typedHash, account, leaving[count]);
            ++count;
        }
        if (count != leaving.length) revert AcceptancesMissing(count, leaving.length);
    }

    function _checkAcceptance(
        bytes32 domain,
        AgreementId agreement,
        bytes32 typedHash,
        address account,
        Authorization calldata acceptance
    ) private view {
        bytes calldata signature = acceptance.signature;
        if (signature.length == 0 && _hasAccepted(domain, agreement, typedHash, account, acceptance)) return;
        uint256 nonce = acceptance.nonce;
        uint256 deadline = acceptance.deadline;
        if (nonceSpent(account, nonce)) revert NonceSpent(account, nonce);
        bytes32 action = TermsReader.acceptance(account, typedHash, nonce, deadline);
        _requireSignature(account, MessageHashUtils.toTypedDataHash(domain, action), deadline, signature);
    }

    /// @dev Whether an empty signature stands for an acceptance by a transaction that still counts. If it does not, the wallet
    /// must keep a signature on chain, which is then looked at as any other.
    function _hasAccepted(
        bytes32 domain,
        AgreementId agreement,
        bytes32 typedHash,
        address account,
        Authorization calldata acceptance
    ) private view returns (bool) {
        address wallet = _walletOf(account);
        if (msg.sender == wallet) return true;
        Consent storage accepted = _acceptedBy[agreement][account];
        if (block.timestamp <= accepted.deadline && accepted.wallet == wallet) return true;
        bytes32 action = TermsReader.acceptance(account, typedHash, acceptance.nonce, acceptance.deadline);
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, action);
        if (!_isKeptOnChain(wallet, digest, acceptance.signature)) revert NotAccepted(agreement, account);
        return false;
    }
}
