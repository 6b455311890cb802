// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId, NO_AGREEMENT, NO_PROGRAMME, ProgrammeId} from "../../shared/types/Ids.sol";
import {IActivation} from "../interfaces/IActivation.sol";
import {Plan} from "../libraries/Plan.sol";
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

    /// @dev What all acceptances of some terms have in common. `moved`: see {IAccountKeys.movedAccounts}.
    struct Accepting {
        AgreementId agreement;
        bytes32 typedHash;
        bytes32 domain;
        uint256 moved;
    }

    /// @inheritdoc IActivation
    function agreementId(Terms calldata terms) external view returns (AgreementId) {
        return _idOf(TermsReader.read(terms));
    }

    /// @inheritdoc IActivation
    function accept(address account, Terms calldata terms, uint40 deadline) external returns (AgreementId agreement) {
        _requireWallet(account);
        if (block.timestamp > deadline) revert AuthorizationExpired(account, deadline);
        agreement = _idOf(TermsReader.read(terms));
        if (isActive(agreement)) revert AlreadyActive(agreement);
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
        if (isActive(agreement)) revert AlreadyActive(agreement);
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
        agreement = _idOf(reading);
        if (isActive(agreement)) return agreement;
        if (terms.predecessor != NO_AGREEMENT) revert PredecessorInvalid(terms.predecessor);
        _putInForce(_accepting(agreement, reading), agreement, terms, reading, acceptances);
    }

    /// @inheritdoc IActivation
    function amend(
        Terms calldata terms,
        Authorization[] calldata acceptances,
        Opening calldata predecessor,
        Authorization[] calldata leaving
    ) external returns (AgreementId agreement) {
        TermsReader.Reading memory reading = TermsReader.read(terms);
        agreement = _idOf(reading);
        if (isActive(agreement)) return agreement;
        if (terms.predecessor == NO_AGREEMENT) revert PredecessorInvalid(NO_AGREEMENT);
        _requireOpening(terms.predecessor, predecessor);
        AgreementId successor = _successor[terms.predecessor];
        if (successor != NO_AGREEMENT) revert AlreadyAmended(terms.predecessor, successor);
        Accepting memory accepting = _accepting(agreement, reading);
        _checkLeaving(accepting, terms, predecessor.conditions, leaving);
        _putInForce(accepting, agreement, terms, reading, acceptances);
        _supersede(agreement, terms, predecessor.conditions);
    }

    function _idOf(TermsReader.Reading memory reading) private view returns (AgreementId) {
        return Plan.idOf(_HOME, reading.root);
    }

    function _accepting(AgreementId agreement, TermsReader.Reading memory reading)
        private
        view
        returns (Accepting memory)
    {
        return Accepting(agreement, reading.typedHash, _domainSeparatorV4(), PARTNERS.movedAccounts());
    }

    function _putInForce(
        Accepting memory accepting,
        AgreementId agreement,
        Terms calldata terms,
        TermsReader.Reading memory reading,
        Authorization[] calldata acceptances
    ) private {
        TermsRules.check(terms);
        TermsRules.refuse(terms.payeesOf(), address(this), address(PARTNERS), address(LEDGER));
        address[] calldata parties = terms.partiesOf();
        _checkProgramme(terms.programme, parties);
        if (acceptances.length != parties.length) revert AcceptancesMissing(parties.length, acceptances.length);
        for (uint256 i; i < parties.length; ++i) {
            _checkAcceptance(accepting, parties[i], acceptances[i]);
        }
        address[] calldata tokens = terms.tokensOf();
        PackedBook book = terms.newBook();
        _newBooks[agreement] = book.taking(tokens[0]);
        for (uint256 i = 1; i < tokens.length; ++i) {
            _otherBooks[agreement][tokens[i]] = book;
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
        Accepting memory accepting,
        Terms calldata terms,
        Conditions calldata conditions,
        Authorization[] calldata leaving
    ) private view {
        address[] calldata staying = terms.partiesOf();
        uint256 count;
        for (uint256 i; i < conditions.parties.length; ++i) {
            address account = conditions.parties[i];
            if (_contains(staying, account)) continue;
            if (count < leaving.length) _checkAcceptance(accepting, account, leaving[count]);
            ++count;
        }
        if (count != leaving.length) revert AcceptancesMissing(count, leaving.length);
    }

    function _checkAcceptance(Accepting memory accepting, address account, Authorization calldata acceptance)
        private
        view
    {
        address wallet = _walletAmong(accepting.moved, account);
        bytes calldata signature = acceptance.signature;
        if (signature.length == 0 && _hasAccepted(accepting, account, wallet, acceptance)) return;
        uint256 nonce = acceptance.nonce;
        uint256 deadline = acceptance.deadline;
        if (_isSpent(account, nonce)) revert NonceSpent(account, nonce);
        if (block.timestamp > deadline) revert AuthorizationExpired(account, deadline);
        _requireSignatureOf(wallet, account, _digestOf(accepting, account, acceptance), signature);
    }

    /// @dev Whether an empty signature stands for an acceptance by a transaction that still counts. If it does not, the wallet
    /// must keep a signature on chain, which is then looked at as any other.
    function _hasAccepted(
        Accepting memory accepting,
        address account,
        address wallet,
        Authorization calldata acceptance
    ) private view returns (bool) {
        if (msg.sender == wallet) return true;
        Consent storage accepted = _acceptedBy[accepting.agreement][account];
        if (block.timestamp <= accepted.deadline && accepted.wallet == wallet) return true;
        if (!_isKeptOnChain(wallet, _digestOf(accepting, account, acceptance), acceptance.signature)) {
            revert NotAccepted(accepting.agreement, account);
        }
        return false;
    }

    function _digestOf(Accepting memory accepting, address account, Authorization calldata acceptance)
        private
        pure
        returns (bytes32)
    {
        bytes32 action = TermsReader.acceptance(account, accepting.typedHash, acceptance.nonce, acceptance.deadline);
        return MessageHashUtils.toTypedDataHash(accepting.domain, action);
    }
}
