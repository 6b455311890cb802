// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {IAccountKeys} from "../interfaces/IAccountKeys.sol";
import {PartnerEntries} from "./PartnerEntries.sol";
import {PartnerState} from "./PartnerState.sol";

/// @title Which wallet acts for an account, and which key owns it
/// @notice See {IPartnerRegistry}.
abstract contract AccountKeys is PartnerState, PartnerEntries, IAccountKeys {
    bytes32 private constant ACCEPT_WALLET =
        keccak256("AcceptWallet(address account,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant ACCEPT_OWNERSHIP =
        keccak256("AcceptOwnership(address account,address owner,uint256 nonce,uint256 deadline)");
    bytes32 private constant ROTATE =
        keccak256("Rotate(address account,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant CHANGE_OWNER =
        keccak256("ChangeOwner(address account,address owner,uint256 nonce,uint256 deadline)");

    uint256 private constant TAKEN = 1 << 160;
    uint256 private constant REGISTERED = 1 << 161;
    /// @dev Of an account that was ever rotated. Its first key, lost or stolen, must not become the wallet of another account,
    /// which would inherit the payments made with it.
    uint256 private constant ROTATED = 1 << 162;

    /// @inheritdoc IAccountKeys
    function walletOf(address account) public view returns (address) {
        uint256 word = _identity[account];
        address wallet = address(uint160(word));
        return wallet == address(0) || word & TAKEN != 0 ? account : wallet;
    }

    /// @inheritdoc IAccountKeys
    function accountOf(address wallet) public view returns (address) {
        uint256 word = _identity[wallet];
        // slither-disable-next-line incorrect-equality: a flag
        return word & TAKEN == 0 ? wallet : address(uint160(word));
    }

    /// @inheritdoc IAccountKeys
    function successorOf(address wallet) external view returns (address) {
        uint256 word = _identity[wallet];
        address named = address(uint160(word));
        if (word & TAKEN != 0) return walletOf(named);
        return named == address(0) ? wallet : named;
    }

    /// @inheritdoc IAccountKeys
    function ownerOf(address account) public view returns (address) {
        address owner = _owner[account];
        return owner == address(0) ? walletOf(account) : owner;
    }

    /// @inheritdoc IAccountKeys
    function movedAccounts() external view returns (uint256) {
        return _moved;
    }

    /// @inheritdoc IAccountKeys
    function isRegistered(address account) public view returns (bool) {
        return _identity[account] & REGISTERED != 0;
    }

    /// @inheritdoc IAccountKeys
    function rotate(address account, address wallet, Authorization calldata consent) external {
        _requireOwner(account);
        _rotate(account, wallet, consent);
    }

    /// @inheritdoc IAccountKeys
    function rotateWithAuthorization(
        address account,
        address wallet,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(abi.encode(ROTATE, account, wallet, authorization.nonce, authorization.deadline));
        _spendOfKey(ownerOf(account), action, authorization);
        _rotate(account, wallet, consent);
    }

    /// @inheritdoc IAccountKeys
    function changeOwner(address account, address owner, Authorization calldata consent) external {
        _requireOwner(account);
        _changeOwner(account, owner, consent);
    }

    /// @inheritdoc IAccountKeys
    function changeOwnerWithAuthorization(
        address account,
        address owner,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external {
        bytes32 action = keccak256(
            abi.encode(CHANGE_OWNER, account, owner, authorization.nonce, authorization.deadline)
        );
        _spendOfKey(ownerOf(account), action, authorization);
        _changeOwner(account, owner, consent);
    }

    function _walletOf(address account) internal view override returns (address) {
        return walletOf(account);
    }

    function _requireOwner(address account) internal view {
        if (ownerOf(account) != msg.sender) revert NotTheOwner(account, msg.sender);
    }

    /// @dev Called before the owner's own rotation takes effect.
    function _forgetRecovery(address account) internal virtual;

    /// @dev An address that is another account's wallet is no account of its own.
    function _markRegistered(address account) internal {
        uint256 word = _identity[account];
        if (word & REGISTERED != 0) revert AlreadyRegistered(account);
        if (word & TAKEN != 0) revert WalletInUse(account, address(uint160(word)));
        _identity[account] = word | REGISTERED;
    }

    /// @notice Reverts unless the address can become the account's wallet.
    function _requireFree(address account, address wallet) internal view {
        if (wallet == address(0) || wallet == walletOf(account)) revert WalletInvalid(wallet);
        _requireNotAnothers(account, account);
        _requireNotAnothers(account, wallet);
    }

    /// @notice Lets a wallet that has said yes act for the account.
    /// @return previous the wallet until now
    function _install(address account, address wallet, Authorization calldata consent)
        internal
        returns (address previous)
    {
        _requireFree(account, wallet);
        _requireYes(ACCEPT_WALLET, account, wallet, consent);
        previous = walletOf(account);
        uint256 flags = (_identity[account] & REGISTERED) | ROTATED;
        _identity[account] = wallet == account ? flags : flags | uint160(wallet);
        if (wallet != account) _identity[wallet] = TAKEN | uint160(account);
        _moved |= 1 << (uint160(account) & 0xff);
    }

    /// @dev Gives the owner's place back to the wallet.
    function _clearOwner(address account) internal {
        delete _owner[account];
    }

    function _rotate(address account, address wallet, Authorization calldata consent) private {
        address previous = _install(account, wallet, consent);
        _forgetRecovery(account);
        _emitRotated(account, wallet, previous);
    }

    function _changeOwner(address account, address owner, Authorization calldata consent) private {
        address previous = _owner[account];
        if (owner == previous) revert OwnerInvalid(owner);
        if (owner != address(0)) _requireYes(ACCEPT_OWNERSHIP, account, owner, consent);
        _owner[account] = owner;
        _emitOwnerChanged(account, owner, previous);
    }

    /// @dev Whoever takes a place says yes with its own key: by calling, or by its signature.
    function _requireYes(bytes32 form, address account, address key, Authorization calldata consent) private {
        if (consent.signature.length == 0) {
            if (msg.sender == key) return;
            // A wallet that keeps its signatures on chain is asked whether it has this one; of others none is there.
            // slither-disable-next-line incorrect-equality: a length
            if (key.code.length == 0) revert SignatureInvalid(key, key);
        }
        bytes32 action = keccak256(abi.encode(form, account, key, consent.nonce, consent.deadline));
        _spendOfKey(key, action, consent);
    }

    function _requireNotAnothers(address account, address wallet) private view {
        uint256 word = _identity[wallet];
        address holder = address(uint160(word));
        if (word & TAKEN != 0 && holder != account) revert WalletInUse(wallet, holder);
        if (wallet != account && word & (REGISTERED | ROTATED) != 0) revert WalletInUse(wallet, wallet);
    }
}
