// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../contracts/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/types/Authorization.sol";
import {Terms} from "../../contracts/types/Terms.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

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

    function test_registerWithAuthorization_forASafe() public {
        Authorization memory signed = _unsigned(1);
        bytes32 action = TypedData.register(TypedData.Register(address(_safe), "Safe Ltd", "", 1, signed.deadline));
        signed.signature = _ownersSign(TypedData.digest(address(partners), action), 0, 1);
        partners.registerWithAuthorization(address(_safe), "Safe Ltd", "", signed);
        vm.assertTrue(partners.isRegistered(address(_safe)));
    }
}
