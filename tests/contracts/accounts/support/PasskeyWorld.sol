// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

import {IAccountFactory} from "../../../../contracts/accounts/interfaces/IAccountFactory.sol";
import {IPasskeyAccount} from "../../../../contracts/accounts/interfaces/IPasskeyAccount.sol";
import {KeyPair, PublicKey} from "../../../../contracts/accounts/types/PublicKey.sol";
import {Authorization} from "../../../../contracts/shared/types/Authorization.sol";
import {vm} from "../../support/Vm.sol";
import {World} from "../../support/World.sol";

/// @title What forge knows of the curve P-256
interface CurveVm {
    function signP256(uint256 key, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function publicKeyP256(uint256 key) external pure returns (uint256 x, uint256 y);
}

CurveVm constant curve = CurveVm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice What an authenticator signs with: `abi.encode` of it is a passkey's signature.
struct Assertion {
    bytes32 r;
    bytes32 s;
    uint256 challengeIndex;
    uint256 typeIndex;
    bytes authenticatorData;
    string clientDataJSON;
}

/// @title Accounts of passkeys, and authenticators that sign for them
abstract contract PasskeyWorld is World {
    uint256 internal constant ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    uint256 internal constant PASSKEY = uint256(keccak256("passkey")) % ORDER;
    uint256 internal constant RECOVERY_KEY = uint256(keccak256("recovery key")) % ORDER;
    uint256 internal constant OTHER_KEY = uint256(keccak256("another passkey")) % ORDER;
    bytes4 internal constant YES = 0x1626ba7e;
    /// @dev User present, and verified.
    bytes1 internal constant VERIFIED = 0x05;

    IAccountFactory internal factory;
    KeyPair internal keys;
    IPasskeyAccount internal account;

    function setUp() public virtual override {
        super.setUp();
        factory = IAccountFactory(vm.deployCode("AccountFactory.sol:AccountFactory", ""));
        keys = KeyPair(_point(PASSKEY), _point(RECOVERY_KEY));
        account = IPasskeyAccount(factory.create(keys));
    }

    function _point(uint256 secret) internal pure returns (PublicKey memory) {
        (uint256 x, uint256 y) = curve.publicKeyP256(secret);
        return PublicKey(bytes32(x), bytes32(y));
    }

    /// @dev What an authenticator makes of a challenge when it has verified who holds it.
    function _assertion(uint256 secret, bytes32 challenge) internal pure returns (Assertion memory) {
        return _assertion(secret, challenge, VERIFIED, "webauthn.get");
    }

    function _assertion(uint256 secret, bytes32 challenge, bytes1 flags, string memory kind)
        internal
        pure
        returns (Assertion memory made)
    {
        made.authenticatorData = abi.encodePacked(sha256("ledger.example"), flags, uint32(0));
        string memory head = string.concat('{"type":"', kind, '","challenge":"');
        string memory encoded = Base64.encodeURL(abi.encodePacked(challenge));
        made.clientDataJSON = string.concat(head, encoded, '","origin":"https://ledger.example","crossOrigin":false}');
        made.typeIndex = 1;
        made.challengeIndex = bytes(head).length - bytes('"challenge":"').length;
        bytes32 hash = sha256(abi.encodePacked(made.authenticatorData, sha256(bytes(made.clientDataJSON))));
        (made.r, made.s) = curve.signP256(secret, hash);
        if (uint256(made.s) > ORDER / 2) made.s = bytes32(ORDER - uint256(made.s));
    }

    function _encoded(Assertion memory made) internal pure returns (bytes memory) {
        return
            abi.encode(made.r, made.s, made.challengeIndex, made.typeIndex, made.authenticatorData, made.clientDataJSON);
    }

    /// @dev What a passkey signs for an account that is asked about a hash (ERC-7739).
    function _bound(IPasskeyAccount to, bytes32 hash) internal view returns (bytes32) {
        return _inDomain(to, block.chainid, keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), hash)));
    }

    /// @dev Written out, and not asked of the account, which may not be there yet.
    function _inDomain(IPasskeyAccount to, uint256 chain, bytes32 action) internal pure returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Partnership Ledger Account"),
                keccak256("1"),
                chain,
                to
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, action));
    }

    function _says(uint256 secret, IPasskeyAccount to, bytes32 hash) internal view returns (bytes memory) {
        return _encoded(_assertion(secret, _bound(to, hash)));
    }

    function _execution(uint256 secret, address target, uint256 value, bytes memory data)
        internal
        returns (Authorization memory signed)
    {
        signed = _unsigned(_freshNonce());
        bytes32 form = keccak256("Execute(address target,uint256 value,bytes data,uint256 nonce,uint256 deadline)");
        bytes32 action = keccak256(abi.encode(form, target, value, keccak256(data), signed.nonce, signed.deadline));
        signed.signature = _encoded(_assertion(secret, _inDomain(account, block.chainid, action)));
    }

    /// @dev Has the account itself call something, by its passkey.
    function _execute(uint256 secret, address target, bytes memory data) internal returns (bytes memory) {
        Authorization memory signed = _execution(secret, target, 0, data);
        return account.execute(target, 0, data, signed);
    }

    function _replaceDigest(PublicKey memory to, Authorization memory unsigned) internal view returns (bytes32) {
        bytes32 form = keccak256("Replace(bytes32 x,bytes32 y,uint256 nonce,uint256 deadline)");
        bytes32 action = keccak256(abi.encode(form, to.x, to.y, unsigned.nonce, unsigned.deadline));
        return _inDomain(account, block.chainid, action);
    }

    /// @dev A recovery key in a file signs the SHA-256 of the digest.
    function _replacement(uint256 secret, PublicKey memory to) internal returns (Authorization memory signed) {
        signed = _unsigned(_freshNonce());
        (bytes32 r, bytes32 s) = curve.signP256(secret, sha256(abi.encodePacked(_replaceDigest(to, signed))));
        if (uint256(s) > ORDER / 2) s = bytes32(ORDER - uint256(s));
        signed.signature = abi.encodePacked(r, s);
    }
}

