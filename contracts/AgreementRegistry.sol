// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {PartnerWallets} from "./base/PartnerWallets.sol";
import {IAgreementRegistry} from "./interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "./interfaces/IPartnerRegistry.sol";
import {TermsLayout} from "./libraries/TermsLayout.sol";
import {TermsReader} from "./libraries/TermsReader.sol";
import {TermsRules} from "./libraries/TermsRules.sol";
import {Authorization} from "./types/Authorization.sol";
import {PackedBook} from "./types/PackedBook.sol";
import {NATIVE_COIN, Rule, Terms} from "./types/Terms.sol";

/// @title What the partners agreed
/// @notice See {IAgreementRegistry}.
contract AgreementRegistry is PartnerWallets, IAgreementRegistry {
    using TermsLayout for Terms;

    struct Programme {
        Rule rule;
        uint32 epoch;
    }

    bytes32 private constant CREATE_PROGRAMME =
        keccak256("CreateProgramme(address owner,uint96 number,string name,uint8 rule,uint256 nonce,uint256 deadline)");
    uint256 private constant MAX_NAME = 100;

    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 programme => Programme) public programmeOf;
    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 agreement => bytes32) public rootOf;
    /// @inheritdoc IAgreementRegistry
    mapping(bytes32 agreement => mapping(address token => PackedBook)) public newBookOf;
    mapping(bytes32 agreement => mapping(address account => address wallet)) private _acceptedBy;

    constructor(IPartnerRegistry partners) EIP712("Partnership Ledger Agreements", "1") PartnerWallets(partners) {}

    /// @inheritdoc IAgreementRegistry
    function programmeId(address owner, uint96 number) public pure returns (bytes32) {
        return bytes32((uint256(uint160(owner)) << 96) | number);
    }

    /// @inheritdoc IAgreementRegistry
    function agreementId(Terms calldata terms) external view returns (bytes32) {
        return _hashTypedDataV4(TermsReader.read(terms).typedHash);
    }

    /// @inheritdoc IAgreementRegistry
    function createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        external
        returns (bytes32 programme)
    {
        _requireWallet(owner);
        return _createProgramme(owner, number, name, rule);
    }

    /// @inheritdoc IAgreementRegistry
    function createProgrammeWithAuthorization(
        address owner,
        uint96 number,
        string calldata name,
        Rule rule,
        Authorization calldata authorization
    ) external returns (bytes32 programme) {
        bytes32 action = keccak256(
            abi.encode(
                CREATE_PROGRAMME,
                owner,
                number,
                keccak256(bytes(name)),
                rule,
                authorization.nonce,
                authorization.deadline
            )
        );
        _spend(owner, action, authorization);
        return _createProgramme(owner, number, name, rule);
    }

    /// @inheritdoc IAgreementRegistry
    function accept(address account, Terms calldata terms) external returns (bytes32 agreement) {
        _requireWallet(account);
        agreement = _hashTypedDataV4(TermsReader.read(terms).typedHash);
        if (rootOf[agreement] != 0) revert AlreadyActive(agreement);
        if (!_contains(terms.partiesOf(), account)) revert NotAParty(agreement, account);
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

        TermsRules.check(terms);
        address[] calldata parties = terms.partiesOf();
        _checkProgramme(terms.programme, parties);
        _checkAcceptances(domain, agreement, reading.typedHash, parties, acceptances);

        rootOf[agreement] = reading.root;
        address[] calldata tokens = terms.tokensOf();
        PackedBook book = terms.newBook();
        for (uint256 i; i < tokens.length; ++i) {
            address token = tokens[i];
            if (token == NATIVE_COIN) revert FieldNotAvailable("native coin");
            newBookOf[agreement][token] = book;
        }
        _emitActivated(agreement, terms, reading.size);
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

    function _createProgramme(address owner, uint96 number, string calldata name, Rule rule)
        private
        returns (bytes32 programme)
    {
        if (rule != Rule.FirstRegistered) revert FieldNotAvailable("rule");
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert NameInvalid(bytes(name).length);
        programme = programmeId(owner, number);
        if (programmeOf[programme].rule != Rule.None) revert ProgrammeExists(programme);
        programmeOf[programme] = Programme(rule, 1);
        (uint64 seq, bytes24 head) = _recordDynamic(
            abi.encode(_source(3), ProgrammeCreated.selector, programme, owner),
            abi.encode(name, rule, uint256(1), uint256(0), uint256(0)),
            0x60
        );
        emit ProgrammeCreated(programme, owner, name, rule, 1, seq, head);
    }

    /// @dev The programme's owner decides on its deals, so an agreement under it needs the owner's signature too. The
    /// owner is part of the programme's id; that the programme has been created is asked when a deal is registered.
    function _checkProgramme(bytes32 programme, address[] calldata parties) private pure {
        if (programme == 0) return;
        address owner = address(uint160(uint256(programme) >> 96));
        if (!_contains(parties, owner)) revert ProgrammeOwnerNotAParty(programme, owner);
    }

    function _checkAcceptances(
        bytes32 domain,
        bytes32 agreement,
        bytes32 typedHash,
        address[] calldata parties,
        Authorization[] calldata acceptances
    ) private view {
        if (acceptances.length != parties.length) {
            revert AcceptancesMissing(parties.length, acceptances.length);
        }
        for (uint256 i; i < parties.length; ++i) {
            address account = parties[i];
            Authorization calldata acceptance = acceptances[i];
            bytes calldata signature = acceptance.signature;
            if (signature.length == 0) {
                address wallet = _walletOf(account);
                if (msg.sender != wallet && _acceptedBy[agreement][account] != wallet) {
                    revert NotAccepted(agreement, account);
                }
                continue;
            }
            uint256 nonce = acceptance.nonce;
            uint256 deadline = acceptance.deadline;
            if (nonceSpent(account, nonce)) revert NonceSpent(account, nonce);
            bytes32 action = TermsReader.acceptance(account, typedHash, nonce, deadline);
            _requireSignature(account, MessageHashUtils.toTypedDataHash(domain, action), deadline, signature);
        }
    }

    function _contains(address[] calldata accounts, address account) private pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
