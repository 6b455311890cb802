// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world with an account and keys that may become its wallet or its owner
abstract contract KeyWorld is World {
    Partner internal _account;
    Partner internal _wallet;
    Partner internal _other;
    Partner internal _third;
    Partner internal _owner;

    function setUp() public virtual override {
        super.setUp();
        _account = _partner("account");
        _wallet = _partner("wallet");
        _other = _partner("other");
        _third = _partner("third");
        _owner = _partner("owner");
    }

    function _nothing() internal pure returns (Authorization memory) {
        return Authorization(0, 0, "");
    }

    function _signedForPartners(Partner memory key, Authorization memory unsigned, bytes32 action)
        internal
        view
        returns (Authorization memory)
    {
        unsigned.signature = _signature(key.key, TypedData.digest(address(partners), action));
        return unsigned;
    }

    function _acceptWallet(Partner memory wallet, address account) internal returns (Authorization memory) {
        Authorization memory unsigned = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(account, wallet.account, unsigned.nonce, unsigned.deadline);
        return _signedForPartners(wallet, unsigned, action);
    }

    function _acceptOwnership(Partner memory owner, address account) internal returns (Authorization memory) {
        Authorization memory unsigned = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptOwnership(account, owner.account, unsigned.nonce, unsigned.deadline);
        return _signedForPartners(owner, unsigned, action);
    }

    function _signedRotation(Partner memory owner, address account, address wallet)
        internal
        returns (Authorization memory)
    {
        Authorization memory unsigned = _unsigned(_freshNonce());
        bytes32 action = TypedData.rotate(account, wallet, unsigned.nonce, unsigned.deadline);
        return _signedForPartners(owner, unsigned, action);
    }

    /// @dev The owner rotates by its own call, the new wallet signs.
    function _rotate(Partner memory owner, Partner memory account, Partner memory wallet) internal {
        Authorization memory consent = _acceptWallet(wallet, account.account);
        vm.prank(owner.account);
        partners.rotate(account.account, wallet.account, consent);
    }

    /// @dev The account, never rotated, names another key its owner.
    function _nameOwner(Partner memory account, Partner memory owner) internal {
        Authorization memory consent = _acceptOwnership(owner, account.account);
        vm.prank(account.account);
        partners.changeOwner(account.account, owner.account, consent);
    }
}
