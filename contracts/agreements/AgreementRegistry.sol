// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Endings} from "./base/Endings.sol";
import {PartnerWallets} from "../partners/base/PartnerWallets.sol";
import {Programmes} from "./base/Programmes.sol";
import {Standings} from "./base/Standings.sol";
import {IAgreementRegistry} from "./interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "../revenue/interfaces/IRevenueLedger.sol";
import {TermsLayout} from "./libraries/TermsLayout.sol";
import {TermsReader} from "./libraries/TermsReader.sol";
import {TermsRules} from "./libraries/TermsRules.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {PackedBook} from "../revenue/types/PackedBook.sol";
import {Conditions, Opening, Terms} from "./types/Terms.sol";

/// @title What the partners agreed
/// @notice See {IAgreementRegistry}.
contract AgreementRegistry is PartnerWallets, Programmes, Endings {
    using TermsLayout for Terms;

    mapping(bytes32 agreement => mapping(address account => address wallet)) private _acceptedBy;

    /// @param ledger where the revenue ledger is, or will be: the two name each other, and this one comes first
    constructor(IPartnerRegistry partners, IRevenueLedger ledger)
        EIP712("Partnership Ledger Agreements", "1")
        PartnerWallets(partners)
        Standings(ledger)
    {}

    /// @inheritdoc IAgreementRegistry
    function agreementId(Terms calldata terms) external view returns (bytes32) {
        return _hashTypedDataV4(TermsReader.read(terms).typedHash);
    }

    /// @inheritdoc IAgreementRegistry
    function accept(address account, Terms calldata terms) external returns (bytes32 agreement) {
        _requireWallet(account);
        agreement = _hashTypedDataV4(TermsReader.read(terms).typedHash);
        if (rootOf[agreement] != 0) revert AlreadyActive(agreement);
        // Who must accept an amendment besides its own parties is known once its predecessor is opened.
        if (terms.predecessor == 0 && !_contains(terms.partiesOf(), account)) revert NotAParty(agreement, account);
        _acceptedBy[agreement][account] = msg.sender;
        _emit3(abi.encode(_source(3), AgreementAccepted.selector, agreement, account, 0, 0));
    }

    /// @inheritdoc IAgreementRegistry
    function withdrawAcceptance(address account, bytes32 agreement) external {
        _requireWallet(account);
        if (rootOf[agreement] != 0) revert AlreadyActive(agreement);
        if (_acceptedBy[agreement][account] == address(0)) revert NotAccepted(agreement, account);
        delete _acceptedBy[agreement][account];
        _emit3(abi.encode(_source(3), AcceptanceWithdrawn.selector, agreement, account, 0, 0));
    }

    /// @inheritdoc IAgreementRegistry
    function activate(Terms calldata terms, Authorization[] calldata acceptances) external returns (bytes32 agreement) {
        TermsReader.Reading memory reading = TermsReader.read(terms);
        bytes32 domain = _domainSeparatorV4();
        agreement = MessageHashUtils.toTypedDataHash(domain, reading.typedHash);
        if (rootOf[agreement] != 0) return agreement;
        if (terms.predecessor != 0) revert PredecessorInvalid(terms.predecessor);
        _putInForce(domain, agreement, terms, reading, acceptances);
    }

    /// @inheritdoc IAgreementRegistry
    function amend(
        Terms calldata terms,
        Authorization[] calldata acceptances,
        Opening calldata predecessor,
        Authorization[] calldata leaving
    ) external returns (bytes32 agreement) {
        TermsReader.Reading memory reading = TermsReader.read(terms);
        bytes32 domain = _domainSeparatorV4();
        agreement = MessageHashUtils.toTypedDataHash(domain, reading.typedHash);
        if (rootOf[agreement] != 0) return agreement;
        if (terms.predecessor == 0) revert PredecessorInvalid(0);
        _requireOpening(terms.predecessor, predecessor);
        bytes32 successor = _successor[terms.predecessor];
        if (successor != 0) revert AlreadyAmended(terms.predecessor, successor);
        _checkLeaving(domain, agreement, reading.typedHash, terms, predecessor.conditions, leaving);
        _putInForce(domain, agreement, terms, reading, acceptances);
        _supersede(agreement, terms, predecessor.conditions);
    }

    function _putInForce(
        bytes32 domain,
        bytes32 agreement,
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
        rootOf[agreement] = reading.root;
        address[] calldata tokens = terms.tokensOf();
        PackedBook book = terms.newBook();
        for (uint256 i; i < tokens.length; ++i) {
            newBookOf[agreement][tokens[i]] = book;
        }
        _emitActivated(agreement, terms, reading.size);
    }

    /// @dev Notes the amendment on both sides. The predecessor's end is brought forward to the second before.
    function _supersede(bytes32 agreement, Terms calldata terms, Conditions calldata conditions) private {
        bytes32 predecessor = terms.predecessor;
        uint40 effectiveAt = uint40(block.timestamp);
        if (terms.validFrom > effectiveAt) effectiveAt = terms.validFrom;
        // slither-disable-next-line reentrancy-no-eth,reentrancy-benign: our own ledger, which calls nobody here
        if (effectiveAt <= _endOf(predecessor, conditions)) _bringForward(predecessor, effectiveAt - 1, conditions);
        predecessorOf[agreement] = predecessor;
        _successor[predecessor] = agreement;
        _fate[predecessor].succeededFrom = effectiveAt;
        (_fate[agreement].validUntil, _fate[agreement].afterEnd) = (terms.validUntil, terms.afterEnd);
        _emit3(abi.encode(_source(3), AgreementSuperseded.selector, predecessor, agreement, effectiveAt, 0, 0));
    }

    /// @dev The event's data are the terms' own bytes, behind their offset and the journal's two words. They are copied
    /// once, hashed with the entry's first words before them, and logged with the event's first words in that place.
    function _emitActivated(bytes32 agreement, Terms calldata terms, uint256 size) private {
        uint256 source = _source(2);
        bytes32 topic = AgreementActivated.selector;
        uint256 buffer;
        bytes32 entry;
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore(0x40, add(buffer, add(size, 0x80)))
            mstore(buffer, source)
            mstore(add(buffer, 0x20), topic)
            mstore(add(buffer, 0x40), agreement)
            mstore(add(buffer, 0x60), 0x60)
            calldatacopy(add(buffer, 0x80), terms, size)
            entry := keccak256(buffer, add(size, 0x80))
        }
        (uint64 seq, bytes24 head) = _record(entry);
        assembly ("memory-safe") {
            mstore(add(buffer, 0x20), 0x60)
            mstore(add(buffer, 0x40), seq)
            mstore(add(buffer, 0x60), head)
            log2(add(buffer, 0x20), add(size, 0x60), topic, agreement)
        }
    }

    /// @dev The programme's owner decides on its deals, so an agreement under it needs the owner's signature too. The
    /// owner is part of the programme's id; that the programme has been created is asked when a deal is registered.
    function _checkProgramme(bytes32 programme, address[] calldata parties) private pure {
        if (programme == 0) return;
        address owner = _ownerOf(programme);
        if (!_contains(parties, owner)) revert ProgrammeOwnerNotAParty(programme, owner);
    }

    /// @dev Whoever is party to the predecessor and not to its successor must have accepted to leave.
    function _checkLeaving(
        bytes32 domain,
        bytes32 agreement,
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
        bytes32 agreement,
        bytes32 typedHash,
        address account,
        Authorization calldata acceptance
    ) private view {
        bytes calldata signature = acceptance.signature;
        if (signature.length == 0) {
            address wallet = _walletOf(account);
            if (msg.sender != wallet && _acceptedBy[agreement][account] != wallet) {
                revert NotAccepted(agreement, account);
            }
            return;
        }
        uint256 nonce = acceptance.nonce;
        uint256 deadline = acceptance.deadline;
        if (nonceSpent(account, nonce)) revert NonceSpent(account, nonce);
        bytes32 action = TermsReader.acceptance(account, typedHash, nonce, deadline);
        _requireSignature(account, MessageHashUtils.toTypedDataHash(domain, action), deadline, signature);
    }
}
