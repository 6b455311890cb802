// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {SignerP256} from "@openzeppelin/contracts/utils/cryptography/signers/SignerP256.sol";
import {SignerWebAuthn} from "@openzeppelin/contracts/utils/cryptography/signers/SignerWebAuthn.sol";

import {IAuthorizations} from "../shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {IPasskeyAccount} from "./interfaces/IPasskeyAccount.sol";
import {KeyPair, PublicKey, requireUsable} from "./types/PublicKey.sol";

/// @title A wallet that a passkey signs for
/// @notice See {IPasskeyAccount}.
contract PasskeyAccount is SignerWebAuthn, ERC7739, IPasskeyAccount {
    struct Replacement {
        PublicKey passkey;
        uint40 executableAt;
    }

    bytes32 private constant EXECUTE =
        keccak256("Execute(address target,uint256 value,bytes data,uint256 nonce,uint256 deadline)");
    bytes32 private constant REPLACE = keccak256("Replace(bytes32 x,bytes32 y,uint256 nonce,uint256 deadline)");
    /// @dev The point whose x is the SHA-256 of "Partnership Ledger: the key of nobody 0" and whose y is even: whose secret nobody
    /// can know. It is the implementation's own, which thereby is nobody's account.
    bytes32 private constant NOBODY_X = 0xaa512246c1a2493ca299fa4b06e3f608a5ed935175af0666aadac76ba5e3a26d;
    bytes32 private constant NOBODY_Y = 0xcf06f3cf6cafb303d04e94e970e62a88e06b0a74488e7853cf4cc152543cc2e4;
    uint256 private constant RAW_SIGNATURE = 64;

    /// @inheritdoc IPasskeyAccount
    uint256 public constant REPLACEMENT_SECONDS = 7 days;

    /// @dev Zeros while it is the one in the clone's code. No key has y = 0: the curve's order is odd.
    PublicKey private _recoveryKey;
    Replacement private _replacement;
    mapping(uint256 word => uint256 bits) private _spent;

    constructor() SignerP256(NOBODY_X, NOBODY_Y) EIP712("Partnership Ledger Account", "1") {
        _recoveryKey = PublicKey(NOBODY_X, NOBODY_Y);
    }

    /// @notice Coin is taken, as claims pay it.
    receive() external payable {}

    /// @inheritdoc IPasskeyAccount
    function execute(address target, uint256 value, bytes calldata data, Authorization calldata authorization)
        external
        returns (bytes memory)
    {
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(EXECUTE, target, value, keccak256(data), authorization.nonce, authorization.deadline))
        );
        _spend(authorization);
        _require(_rawSignatureValidation(digest, authorization.signature));
        // The passkey says what is called, with what, and how much coin goes along; what failed is told as it was.
        // slither-disable-next-line arbitrary-send-eth,low-level-calls,missing-zero-check
        (bool done, bytes memory answer) = target.call{value: value}(data);
        return Address.verifyCallResult(done, answer);
    }

    /// @inheritdoc IPasskeyAccount
    function changePasskey(PublicKey calldata passkey) external {
        _requireSelf();
        requireUsable(KeyPair(passkey, _recovery()));
        _forgetReplacement();
        _install(passkey);
    }

    /// @inheritdoc IPasskeyAccount
    function changeRecoveryKey(PublicKey calldata recovery) external {
        _requireSelf();
        (bytes32 x, bytes32 y) = signer();
        requireUsable(KeyPair(PublicKey(x, y), recovery));
        _forgetReplacement();
        _recoveryKey = recovery;
        emit RecoveryKeyChanged(recovery.x, recovery.y);
    }

    /// @inheritdoc IPasskeyAccount
    function cancelReplacement() external {
        _requireSelf();
        if (_replacement.executableAt == 0) revert NoReplacement();
        _forgetReplacement();
    }

    /// @inheritdoc IPasskeyAccount
    function proposeReplacement(PublicKey calldata passkey, Authorization calldata authorization) external {
        bytes32 action =
            keccak256(abi.encode(REPLACE, passkey.x, passkey.y, authorization.nonce, authorization.deadline));
        _spend(authorization);
        PublicKey memory recovery = _recovery();
        _require(_isOf(recovery, _hashTypedDataV4(action), authorization.signature));
        requireUsable(KeyPair(passkey, recovery));
        _forgetReplacement();
        uint40 executableAt = uint40(block.timestamp + REPLACEMENT_SECONDS);
        _replacement = Replacement(passkey, executableAt);
        emit ReplacementProposed(passkey.x, passkey.y, executableAt);
    }

    /// @inheritdoc IPasskeyAccount
    function completeReplacement() external {
        Replacement memory proposed = _replacement;
        // slither-disable-next-line incorrect-equality: zero says that none was proposed
        if (proposed.executableAt == 0) revert NoReplacement();
        if (block.timestamp < proposed.executableAt) revert ReplacementTooEarly(proposed.executableAt);
        delete _replacement;
        _install(proposed.passkey);
    }

    /// @inheritdoc IPasskeyAccount
    function recoveryKey() external view returns (bytes32 x, bytes32 y) {
        PublicKey memory key = _recovery();
        return (key.x, key.y);
    }

    /// @inheritdoc IPasskeyAccount
    function replacement() external view returns (bytes32 x, bytes32 y, uint40 executableAt) {
        Replacement memory proposed = _replacement;
        return (proposed.passkey.x, proposed.passkey.y, proposed.executableAt);
    }

    /// @inheritdoc IPasskeyAccount
    function nonceSpent(uint256 nonce) external view returns (bool) {
        return _spent[nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @inheritdoc IPasskeyAccount
    function signer() public view override(SignerP256, IPasskeyAccount) returns (bytes32 x, bytes32 y) {
        (x, y) = super.signer();
        if (y != 0) return (x, y);
        PublicKey memory first = _first().passkey;
        return (first.x, first.y);
    }

    /// @inheritdoc ERC7739
    function isValidSignature(bytes32 hash, bytes calldata signature)
        public
        view
        override(ERC7739, IERC1271)
        returns (bytes4)
    {
        return super.isValidSignature(hash, signature);
    }

    function _install(PublicKey memory passkey) private {
        _setSigner(passkey.x, passkey.y);
        emit PasskeyChanged(passkey.x, passkey.y);
    }

    function _forgetReplacement() private {
        Replacement memory proposed = _replacement;
        // slither-disable-next-line incorrect-equality: zero says that none was proposed
        if (proposed.executableAt == 0) return;
        delete _replacement;
        emit ReplacementCancelled(proposed.passkey.x, proposed.passkey.y);
    }

    function _spend(Authorization calldata authorization) private {
        if (block.timestamp > authorization.deadline) {
            revert IAuthorizations.AuthorizationExpired(address(this), authorization.deadline);
        }
        uint256 bit = 1 << (authorization.nonce & 0xff);
        uint256 bits = _spent[authorization.nonce >> 8];
        if (bits & bit != 0) revert IAuthorizations.NonceSpent(address(this), authorization.nonce);
        _spent[authorization.nonce >> 8] = bits | bit;
    }

    function _requireSelf() private view {
        if (msg.sender != address(this)) revert NotTheAccount(msg.sender);
    }

    function _require(bool signed) private view {
        if (!signed) revert IAuthorizations.SignatureInvalid(address(this), address(this));
    }

    /// @dev The keys that the account was created with.
    function _first() private view returns (KeyPair memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (KeyPair));
    }

    function _recovery() private view returns (PublicKey memory key) {
        key = _recoveryKey;
        return key.y == 0 ? _first().recovery : key;
    }

    /// @dev A passkey's signature is longer than 64 bytes, and what it signs than 32: neither is ever taken for the other.
    function _isOf(PublicKey memory key, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length == RAW_SIGNATURE) {
            bytes32 hashed = sha256(abi.encodePacked(digest));
            return P256.verify(hashed, bytes32(signature[:32]), bytes32(signature[32:]), key.x, key.y);
        }
        (bool decoded, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature);
        return decoded && WebAuthn.verify(abi.encodePacked(digest), auth, key.x, key.y);
    }
}
