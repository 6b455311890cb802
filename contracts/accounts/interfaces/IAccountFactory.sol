// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {KeyPair} from "../types/PublicKey.sol";
import {IPasskeyAccount} from "./IPasskeyAccount.sol";

/// @title Where accounts of passkeys come from
/// @notice An account's address follows from its two keys alone, so it is known, and signs (ERC-6492), before it is there.
/// Whoever creates it creates the same. The factory holds nothing and has no say over what it created.
interface IAccountFactory {
    /// @notice The account of these keys is on the chain.
    event AccountCreated(address indexed account, KeyPair keys);

    /// @notice The code that all of them run.
    function IMPLEMENTATION() external view returns (IPasskeyAccount);

    /// @notice The address of the account of two keys, created or not.
    /// @dev Reverts {KeyInvalid}, {KeysAlike}.
    function addressOf(KeyPair calldata keys) external view returns (address);

    /// @notice Creates the account of two keys, unless it is there.
    /// @dev Reverts as {addressOf}.
    function create(KeyPair calldata keys) external returns (address account);

    /// @notice Creates accounts, unless they are there, and then calls a contract with what carries their signatures: an
    /// account's first act is one transaction. The call is the factory's, of which nobody thinks anything.
    /// @dev Reverts as {addressOf}, and as the call does.
    function createAndCall(KeyPair[] calldata accounts, address target, bytes calldata data)
        external
        returns (bytes memory);
}
