// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
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
}

/// @dev A Safe 1.4.1 as its makers published it: two of three owners sign for it.
contract ContractWalletsTest is World {
    string private constant ARTIFACTS = "node_modules/@safe-global/safe-contracts/build/artifacts/contracts/";

    Partner[] private _owners;
    ISafe private _safe;

    function setUp() public override {
        super.setUp();
        Partner[] memory owners = _partners(3);
        for (uint256 i; i < 3; ++i) {
            _owners.push(owners[i]);
        }
        address singleton = _deploy("Safe.sol/Safe.json", "");
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
        vm.assertTrue(agreements.rootOf(agreements.activate(terms, acceptances)) != 0);
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

    function test_registerWithAuthorization_forASafe() public {
        Authorization memory signed = _unsigned(1);
        bytes32 action = TypedData.register(TypedData.Register(address(_safe), "Safe Ltd", "", 1, signed.deadline));
        signed.signature = _ownersSign(TypedData.digest(address(partners), action), 0, 1);
        partners.registerWithAuthorization(address(_safe), "Safe Ltd", "", signed);
        vm.assertTrue(partners.isRegistered(address(_safe)));
    }
}
