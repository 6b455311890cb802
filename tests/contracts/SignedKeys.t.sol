// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

abstract contract SignedByAKey is SignedForm {
    address internal constant WALLET = address(0x3A11E7);

    function _verifier() internal view override returns (address) {
        return address(partners);
    }

    function _nothing() internal pure returns (Authorization memory) {
        return Authorization(0, 0, "");
    }

    /// @dev The account's first wallet stays its owner, whatever wallet acts for it.
    function _prepare(address account) internal virtual override {
        vm.prank(account);
        partners.changeOwner(account, account, _nothing());
    }
}

/// @dev By the owner.
contract SignedRotateTest is SignedByAKey {
    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.rotate(account, WALLET, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        vm.prank(WALLET);
        partners.rotateWithAuthorization(account, WALLET, _nothing(), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return partners.walletOf(account) == WALLET;
    }
}

contract SignedChangeOwnerTest is SignedByAKey {
    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.changeOwner(account, address(0), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        partners.changeOwnerWithAuthorization(account, address(0), _nothing(), authorization);
    }

    /// @dev Once the place is the wallet's again, it cannot be given back to it.
    function _isDone(address account) internal view override returns (bool) {
        return uint256(vm.load(address(partners), keccak256(abi.encode(account, _ownersSlot())))) == 0;
    }

    /// @dev Where the owners are in the registry's storage: what says whether one was named. (`ownerOf` answers alike.)
    function _ownersSlot() private pure returns (uint256) {
        return 5;
    }
}

contract SignedCancelRecoveryTest is SignedByAKey {
    function _prepare(address account) internal override {
        vm.prank(recoverer);
        partners.proposeRecovery(account, WALLET);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.cancelRecovery(account, nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        partners.cancelRecoveryWithAuthorization(account, authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        (address wallet,,) = partners.recoveryOf(account);
        return wallet == address(0);
    }
}

/// @dev By the new wallet, whose own nonce it is.
contract SignedAcceptWalletTest is SignedByAKey {
    function _of(address wallet) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(wallet)))));
    }

    function _prepare(address) internal override {}

    function _action(address wallet, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.acceptWallet(_of(wallet), wallet, nonce, deadline);
    }

    function _execute(address wallet, Authorization memory authorization) internal override {
        vm.prank(_of(wallet));
        partners.rotate(_of(wallet), wallet, authorization);
    }

    function _isDone(address wallet) internal view override returns (bool) {
        return partners.walletOf(_of(wallet)) == wallet;
    }

    /// @dev The wallet is the account's already.
    function _canBeTriedAgain() internal pure override returns (bool) {
        return false;
    }
}

/// @dev By the new owner, whose own nonce it is.
contract SignedAcceptOwnershipTest is SignedByAKey {
    function _of(address owner) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(owner)))));
    }

    function _prepare(address) internal override {}

    function _action(address owner, uint256 nonce, uint256 deadline) internal pure override returns (bytes32) {
        return TypedData.acceptOwnership(_of(owner), owner, nonce, deadline);
    }

    function _execute(address owner, Authorization memory authorization) internal override {
        vm.prank(_of(owner));
        partners.changeOwner(_of(owner), owner, authorization);
    }

    function _isDone(address owner) internal view override returns (bool) {
        return partners.ownerOf(_of(owner)) == owner;
    }

    /// @dev The account has another owner by then, who alone can try.
    function _canBeTriedAgain() internal pure override returns (bool) {
        return false;
    }
}
