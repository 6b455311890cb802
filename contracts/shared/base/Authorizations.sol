// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IAuthorizations} from "../interfaces/IAuthorizations.sol";
import {Authorization} from "../types/Authorization.sol";
import {ConsentEntries} from "./ConsentEntries.sol";

/// @title Actions in two forms
/// @notice How {IAuthorizations} works. What of it is called from outside is in {NonceCancelling}.
abstract contract Authorizations is ConsentEntries, EIP712 {
    mapping(address account => mapping(uint256 word => uint256 bits)) private _spent;

    /// @dev The wallet that acts for the account now.
    function _walletOf(address account) internal view virtual returns (address);

    function _isSpent(address account, uint256 nonce) internal view returns (bool) {
        return _spent[account][nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    function _requireWallet(address account) internal view {
        if (_walletOf(account) != msg.sender) revert IAuthorizations.NotTheWallet(account, msg.sender);
    }

    /// @notice As the next, for the struct that is an account, one more word, the nonce and the deadline.
    /// @param form the struct's type hash
    function _spend(bytes32 form, address account, bytes32 word, Authorization calldata authorization) internal {
        bytes32 action = keccak256(abi.encode(form, account, word, authorization.nonce, authorization.deadline));
        _spend(account, action, authorization);
    }

    /// @notice Hash of the struct that is an account, two more words, the nonce and the deadline.
    /// @param form the struct's type hash
    function _actionOf(
        bytes32 form,
        address account,
        bytes32 first,
        bytes32 second,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(form, account, first, second, authorization.nonce, authorization.deadline));
    }

    /// @notice Checks an authorization and spends its nonce.
    /// @param action hash of the action's EIP-712 struct, nonce and deadline included
    function _spend(address account, bytes32 action, Authorization calldata authorization) internal {
        _spendNonce(account, authorization.nonce);
        _requireSignature(account, _hashTypedDataV4(action), authorization.deadline, authorization.signature);
    }

    /// @notice Checks deadline and signature, but neither looks at the nonce nor spends it.
    /// @param digest EIP-712 digest of the action
    function _requireSignature(address account, bytes32 digest, uint256 deadline, bytes calldata signature)
        internal
        view
    {
        if (block.timestamp > deadline) revert IAuthorizations.AuthorizationExpired(account, deadline);
        _requireSignatureOf(_walletOf(account), account, digest, signature);
    }

    /// @notice As {_spend}, for an action that a key takes for itself, whichever account it may be a wallet of.
    function _spendOfKey(address key, bytes32 action, Authorization calldata authorization) internal {
        _spendNonce(key, authorization.nonce);
        if (block.timestamp > authorization.deadline) {
            revert IAuthorizations.AuthorizationExpired(key, authorization.deadline);
        }
        _requireSignatureOf(key, key, _hashTypedDataV4(action), authorization.signature);
    }

    /// @notice Checks that a wallet signed, by its key or by ERC-1271.
    /// @param account that the refusal names
    function _requireSignatureOf(address wallet, address account, bytes32 digest, bytes calldata signature)
        internal
        view
    {
        // The key first: most wallets are externally owned, and whether there is code costs more to ask than ecrecover.
        // Why a signature is none is left unread: whatever the reason, no signer comes back and the wallet is asked next.
        // slither-disable-next-line unused-return
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == wallet && signer != address(0)) return;
        if (!_isKeptOnChain(wallet, digest, signature)) revert IAuthorizations.SignatureInvalid(account, wallet);
    }

    /// @notice Whether a wallet that is a contract says that it signed. With an empty signature it is asked whether it keeps
    /// on chain that it did, as a Safe does.
    function _isKeptOnChain(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return SignatureChecker.isValidERC1271SignatureNowCalldata(wallet, digest, signature);
    }

    function _spendNonce(address account, uint256 nonce) internal {
        uint256 bit = 1 << (nonce & 0xff);
        uint256 bits = _spent[account][nonce >> 8];
        if (bits & bit != 0) revert IAuthorizations.NonceSpent(account, nonce);
        _spent[account][nonce >> 8] = bits | bit;
    }
}
