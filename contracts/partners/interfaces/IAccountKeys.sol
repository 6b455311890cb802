// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";

/// @title Which wallet acts for an account, and which key owns it
/// @notice A wallet acts for one account only, and for good. Whoever takes a wallet or an owner's place says so with a signature
/// of its own, `AcceptWallet(address account,address wallet,uint256 nonce,uint256 deadline)` or `AcceptOwnership(address account,
/// address owner,uint256 nonce,uint256 deadline)`, whose nonce is the new key's own.
interface IAccountKeys {
    /// @notice Another wallet acts for the account.
    /// @param previous the wallet that did until now
    event WalletRotated(address indexed account, address indexed wallet, address previous, uint64 seq, bytes24 head);
    /// @notice Another key is the account's owner.
    /// @param owner the zero address: the account's wallet, whichever it is
    /// @param previous the owner until now, by the same rule
    event OwnerChanged(address indexed account, address indexed owner, address previous, uint64 seq, bytes24 head);

    error AlreadyRegistered(address account);
    error NotTheOwner(address account, address caller);
    /// @notice The address is, or was, another account's wallet, or is registered as an account itself.
    error WalletInUse(address wallet, address account);
    error WalletInvalid(address wallet);
    error OwnerInvalid(address owner);

    /// @notice The wallet that acts for an account: itself when never rotated.
    function walletOf(address account) external view returns (address);

    /// @notice The account that an address is or was a wallet of; the address itself when it never was another's.
    /// @dev For the payments that a wallet made. It says nothing about who may act: {walletOf} does.
    function accountOf(address wallet) external view returns (address);

    /// @notice `walletOf(accountOf(wallet))`: the wallet that now stands for whoever once acted with this one.
    function successorOf(address wallet) external view returns (address);

    /// @notice The key that alone rotates the wallet: the wallet itself unless another was named.
    function ownerOf(address account) external view returns (address);

    /// @notice A bit for each low byte of an address, `1 << (uint160(account) & 0xff)`: where it is clear, no such account was
    /// ever given another wallet, and each is its own.
    function movedAccounts() external view returns (uint256);

    /// @notice Whether the account has made itself known.
    function isRegistered(address account) external view returns (bool);

    /// @notice Lets another wallet act for the account, and cancels a recovery that waits. Called by the owner.
    /// @param consent the new wallet's `AcceptWallet`; an empty signature when it is the caller
    /// @dev Reverts {NotTheOwner}, {WalletInvalid} (zero, or the wallet it has), {WalletInUse}, {AuthorizationExpired},
    /// {NonceSpent}, {SignatureInvalid}.
    function rotate(address account, address wallet, Authorization calldata consent) external;

    /// @notice The signed form of {rotate}, by the owner's key, whose own nonce it spends: `Rotate(address account,address
    /// wallet,uint256 nonce,uint256 deadline)`.
    function rotateWithAuthorization(
        address account,
        address wallet,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external;

    /// @notice Names another owner; the zero address gives the place back to the wallet. Called by the owner.
    /// @param consent the new owner's `AcceptOwnership`; an empty signature when it is the caller or the zero address
    /// @dev Reverts {NotTheOwner}, {OwnerInvalid}, {AuthorizationExpired}, {NonceSpent}, {SignatureInvalid}.
    function changeOwner(address account, address owner, Authorization calldata consent) external;

    /// @notice The signed form of {changeOwner}, by the owner's key: `ChangeOwner(address account,address owner,uint256
    /// nonce,uint256 deadline)`.
    function changeOwnerWithAuthorization(
        address account,
        address owner,
        Authorization calldata consent,
        Authorization calldata authorization
    ) external;
}
