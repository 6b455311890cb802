// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {PasskeyAccount} from "./PasskeyAccount.sol";
import {IAccountFactory} from "./interfaces/IAccountFactory.sol";
import {IPasskeyAccount} from "./interfaces/IPasskeyAccount.sol";
import {KeyPair, requireUsable} from "./types/PublicKey.sol";

/// @title Where accounts of passkeys come from
/// @notice See {IAccountFactory}.
contract AccountFactory is IAccountFactory {
    /// @dev The keys are in the code that is created, and with it in the address.
    bytes32 private constant SALT = 0;

    /// @inheritdoc IAccountFactory
    IPasskeyAccount public immutable IMPLEMENTATION = new PasskeyAccount();

    /// @inheritdoc IAccountFactory
    function addressOf(KeyPair calldata keys) public view returns (address) {
        requireUsable(keys);
        address implementation = address(IMPLEMENTATION);
        return Clones.predictDeterministicAddressWithImmutableArgs(implementation, abi.encode(keys), SALT);
    }

    /// @inheritdoc IAccountFactory
    function create(KeyPair calldata keys) public returns (address account) {
        account = addressOf(keys);
        if (account.code.length != 0) return account;
        emit AccountCreated(account, keys);
        return Clones.cloneDeterministicWithImmutableArgs(address(IMPLEMENTATION), abi.encode(keys), SALT);
    }

    /// @inheritdoc IAccountFactory
    function createAndCall(KeyPair[] calldata accounts, address target, bytes calldata data)
        external
        returns (bytes memory)
    {
        for (uint256 i = 0; i < accounts.length; ++i) {
            create(accounts[i]);
        }
        return Address.functionCall(target, data);
    }
}
