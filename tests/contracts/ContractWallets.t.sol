// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

interface ISafe {
    function setup(
        address[] calldata owners,
        uint256 threshold,
        address to,
        bytes calldata data,
        address fallbackHandler,
        address paymentToken,
        uint256 payment,
        address payable paymentReceiver
    ) external;
    function domainSeparator() external view returns (bytes32);
    function execTransaction(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address payable refundReceiver,
        bytes memory signatures
    ) external payable returns (bool);
}

/// @dev A Safe 1.4.1 as its makers published it: two of three owners sign for it.
contract ContractWalletsTest is World {
    string private constant ARTIFACTS = "node_modules/@safe-global/safe-contracts/build/artifacts/contracts/";

    Partner[] private _owners;
    ISafe private _safe;
    address private _messages;
    uint256 private _transactions;

    function setUp() public override {
        super.setUp();
        Partner[] memory owners = _partners(3);
        for (uint256 i; i < 3; ++i) {
            _owners.push(owners[i]);
        }
        address singleton = _deploy("Safe.sol/Safe.json", "");
        _messages = _deploy("libraries/SignMessageLib.sol/SignMessageLib.json", "");
        address handler = _deploy("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json", "");
        _safe = ISafe(_deploy("proxies/SafeProxy.sol/SafeProxy.json", abi.encode(singleton)));
        _safe.setup(_accounts(owners), 2, address(0), "", handler, address(0), 0, payable(0));
    }

    function _deploy(string memory artifact, bytes memory arguments) private returns (address deployed) {
        string memory json = vm.readFile(string.concat(ARTIFACTS, artifact));
        bytes memory code = bytes.concat(vm.parseJsonBytes(json, ".bytecode"), arguments);
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), "not deployed");
    }

    /// @dev What an owner signs for the Safe to say yes to a digest.
    function _safeDigest(bytes32 digest) private view returns (bytes32) {
        bytes32 message = keccak256(abi.encode(keccak256("SafeMessage(bytes message)"), keccak256(abi.encode(digest))));
        return keccak256(abi.encodePacked(hex"1901", _safe.domainSeparator(), message));
    }

    function _ownersSign(bytes32 digest, uint256 first, uint256 second) private view returns (bytes memory) {
        bytes32 wrapped = _safeDigest(digest);
        return bytes.concat(_signature(_owners[first].key, wrapped), _signature(_owners[second].key, wrapped));
    }

    function _signed(Terms memory terms, uint256 first, uint256 second)
        private
        returns (Authorization[] memory acceptances, uint256 safeIndex)
    {
        acceptances = new Authorization[](2);
        for (uint256 i; i < 2; ++i) {
            if (terms.parties[i] != address(_safe)) {
                acceptances[i] = _acceptance(_owners[0], terms);
                continue;
            }
            safeIndex = i;
            acceptances[i] = _unsigned(_freshNonce());
            bytes32 action = TypedData.acceptance(address(_safe), terms, acceptances[i].nonce, acceptances[i].deadline);
            bytes32 digest = TypedData.digest(address(agreements), action);
            acceptances[i].signature = _ownersSign(digest, first, second);
        }
    }

    function _termsWithTheSafe() private view returns (Terms memory) {
        address[] memory parties = _pair(_owners[0].account, address(_safe));
        return _terms(parties, _equalShares(parties));
    }

    function test_activate_coSignedByASafe() public {
        Terms memory terms = _termsWithTheSafe();
        (Authorization[] memory acceptances,) = _signed(terms, 0, 2);
        vm.assertTrue(agreements.isActive(agreements.activate(terms, acceptances)));
    }

    function test_activate_revertsWhenASafesOwnersAreTooFew() public {
        Terms memory terms = _termsWithTheSafe();
        (Authorization[] memory acceptances, uint256 safeIndex) = _signed(terms, 1, 1);
        bytes memory why =
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(_safe), address(_safe));
        vm.expectRevert(why);
        agreements.activate(terms, acceptances);
        // One owner's signature alone, over the right digest.
        bytes memory both = acceptances[safeIndex].signature;
        bytes memory one = new bytes(65);
        for (uint256 i; i < 65; ++i) {
            one[i] = both[i];
        }
        acceptances[safeIndex].signature = one;
        vm.expectRevert(why);
        agreements.activate(terms, acceptances);
    }

    /// @dev The Safe leaves with the amendment, and says so by its owners' signatures.
    function test_amend_aSafeThatLeavesSignsToo() public {
        Terms memory first = _termsWithTheSafe();
        (Authorization[] memory acceptances,) = _signed(first, 0, 2);
        AgreementId agreement = agreements.activate(first, acceptances);
        address[] memory staying = new address[](1);
        staying[0] = _owners[0].account;
        Terms memory second = _terms(staying, _equalShares(staying));
        second.predecessor = agreement;
        Authorization[] memory stays = new Authorization[](1);
        stays[0] = _acceptance(_owners[0], second);
        Authorization[] memory leaving = new Authorization[](1);
        leaving[0] = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptance(address(_safe), second, leaving[0].nonce, leaving[0].deadline);
        bytes32 digest = TypedData.digest(address(agreements), action);
        leaving[0].signature = _ownersSign(digest, 1, 1);
        Opening memory opening = Plans.opening(first);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(_safe), address(_safe))
        );
        agreements.amend(second, stays, opening, leaving);
        leaving[0].signature = _ownersSign(digest, 1, 2);
        AgreementId successor = agreements.amend(second, stays, opening, leaving);
        assertSame(agreements.currentOf(agreement), successor);
    }

    /// @dev A company moves from its first key to a Safe, which then acts for its account.
    function test_rotate_toASafe() public {
        Partner memory account = _owners[0];
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(account.account, address(_safe), consent.nonce, consent.deadline);
        consent.signature = _ownersSign(TypedData.digest(address(partners), action), 0, 2);
        vm.prank(account.account);
        partners.rotate(account.account, address(_safe), consent);
        vm.assertEq(partners.walletOf(account.account), address(_safe));
        vm.assertEq(partners.ownerOf(account.account), address(_safe));
        Authorization memory signed = _unsigned(1);
        action = TypedData.register(TypedData.Register(account.account, "Example Ltd", "", 1, signed.deadline));
        signed.signature = _ownersSign(TypedData.digest(address(partners), action), 0, 1);
        partners.registerWithAuthorization(account.account, "Example Ltd", "", signed);
        vm.assertTrue(partners.isRegistered(account.account));
    }

    /// @dev What a Safe does by itself: two of its owners approve, the first by a call of its own.
    function _signOnChain(bytes32 digest) private {
        bytes memory signing = abi.encodeWithSignature("signMessage(bytes)", abi.encode(digest));
        _byTheSafe(_messages, signing, 1);
    }

    function _byTheSafe(address to, bytes memory data, uint8 operation) private {
        bytes32 transaction = keccak256(
            abi.encode(
                keccak256(
                    "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
                ),
                to,
                0,
                keccak256(data),
                operation,
                0,
                0,
                0,
                0,
                0,
                _transactions++
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _safe.domainSeparator(), transaction));
        (Partner memory first, Partner memory second) = (_owners[0], _owners[1]);
        if (first.account > second.account) (first, second) = (second, first);
        bytes memory signatures = bytes.concat(_signature(first.key, digest), _signature(second.key, digest));
        vm.assertTrue(
            _safe.execTransaction(to, 0, data, operation, 0, 0, 0, address(0), payable(address(0)), signatures)
        );
    }

    /// @dev A Safe whose signature is on chain stands behind an empty one, and only for what it signed.
    function test_activate_withASafesSignatureOnChain() public {
        Terms memory terms = _termsWithTheSafe();
        (Authorization[] memory acceptances, uint256 safeIndex) = _signed(terms, 0, 2);
        Authorization memory one = acceptances[safeIndex];
        one.signature = "";
        AgreementId agreement = agreements.agreementId(terms);
        bytes memory why = abi.encodeWithSelector(IActivation.NotAccepted.selector, agreement, address(_safe));
        vm.expectRevert(why);
        agreements.activate(terms, acceptances);
        bytes32 action = TypedData.acceptance(address(_safe), terms, one.nonce, one.deadline);
        _signOnChain(TypedData.digest(address(agreements), action));
        (uint256 nonce, uint256 deadline) = (one.nonce, one.deadline);
        one.nonce = nonce + 1;
        vm.expectRevert(why);
        agreements.activate(terms, acceptances);
        one.nonce = nonce;
        vm.warp(deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, terms.parties[0], deadline)
        );
        agreements.activate(terms, acceptances);
        vm.warp(deadline);
        assertSame(agreements.activate(terms, acceptances), agreement);
        _endWithTheSafe(agreement, terms, safeIndex);
    }

    /// @dev The same of a consent, which is used up.
    function _endWithTheSafe(AgreementId agreement, Terms memory terms, uint256 safeIndex) private {
        uint40 end = uint40(block.timestamp) + 1 days;
        Authorization[] memory consents = new Authorization[](2);
        consents[safeIndex] = Authorization(77, end, "");
        Opening memory opening = Plans.opening(terms);
        vm.expectRevert(
            abi.encodeWithSelector(
                IConsents.ConsentMissing.selector, address(_safe), agreements.endAction(agreement, end)
            )
        );
        vm.prank(_owners[0].account);
        agreements.endByConsent(agreement, end, opening, consents);
        bytes32 action = TypedData.endAgreement(address(_safe), agreement, end, 77, end);
        _signOnChain(TypedData.digest(address(agreements), action));
        vm.prank(_owners[0].account);
        agreements.endByConsent(agreement, end, opening, consents);
        vm.assertTrue(agreements.nonceSpent(address(_safe), 77));
        vm.assertEq(uint256(agreements.standingOf(agreement).endsAt), end);
    }

    /// @dev The same of a wallet's yes to an account, and of what the Safe does by its own transaction.
    function test_rotate_toASafeWithItsSignatureOnChain() public {
        address account = _owners[0].account;
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(account, address(_safe), consent.nonce, consent.deadline);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(_safe), address(_safe))
        );
        vm.prank(account);
        partners.rotate(account, address(_safe), consent);
        _signOnChain(TypedData.digest(address(partners), action));
        vm.prank(account);
        partners.rotate(account, address(_safe), consent);
        vm.assertEq(partners.walletOf(account), address(_safe));
        _byTheSafe(address(partners), abi.encodeCall(partners.register, (account, "Safe Ltd", "")), 0);
        vm.assertTrue(partners.isRegistered(account));
    }

    function test_registerWithAuthorization_forASafe() public {
        Authorization memory signed = _unsigned(1);
        bytes32 action = TypedData.register(TypedData.Register(address(_safe), "Safe Ltd", "", 1, signed.deadline));
        signed.signature = _ownersSign(TypedData.digest(address(partners), action), 0, 1);
        partners.registerWithAuthorization(address(_safe), "Safe Ltd", "", signed);
        vm.assertTrue(partners.isRegistered(address(_safe)));
    }
}
