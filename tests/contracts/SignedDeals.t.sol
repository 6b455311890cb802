// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../../contracts/interfaces/IDealRegistry.sol";
import {Authorization} from "../../contracts/types/Authorization.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {TypedData} from "./support/TypedData.sol";

abstract contract SignedDeal is SignedForm, DealWorld {
    function setUp() public override(SignedForm, DealWorld) {
        SignedForm.setUp();
        _openProgramme();
    }

    function _verifier() internal view override returns (address) {
        return address(deals);
    }

    function _deal(address account) internal view returns (bytes32) {
        return deals.dealId(_revealOf(account, "tag"));
    }

    function _state(address account) internal view returns (IDealRegistry.State) {
        return deals.dealOf(_deal(account)).state;
    }
}

contract SignedCommitTest is SignedDeal {
    function _prepare(address account) internal override {
        _join(account);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.commit(account, _commitment(_revealOf(account, "tag")), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.commitWithAuthorization(account, _commitment(_revealOf(account, "tag")), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return _state(account) == IDealRegistry.State.Committed;
    }
}

contract SignedRevealTest is SignedDeal {
    function _prepare(address account) internal override {
        _join(account);
        _commit(_revealOf(account, "tag"));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.reveal(_revealOf(account, "tag"), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.revealWithAuthorization(_revealOf(account, "tag"), _openingOf(account), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return _state(account) == IDealRegistry.State.Registered;
    }
}

contract SignedWithdrawTest is SignedDeal {
    mapping(address account => bytes32) private _registered;

    function _prepare(address account) internal override {
        _registered[account] = _register(account, "tag");
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.withdraw(account, _registered[account], nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.withdrawWithAuthorization(account, _registered[account], authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return _state(account) == IDealRegistry.State.Withdrawn;
    }
}

/// @dev Here the signer is the vendor, so each has a programme of its own.
contract SignedDecideTest is SignedForm, DealWorld {
    mapping(address vendor => bytes32) private _registered;

    function setUp() public override(SignedForm, DealWorld) {
        SignedForm.setUp();
    }

    function _verifier() internal view override returns (address) {
        return address(deals);
    }

    function _prepare(address account) internal override {
        _openProgrammeOf(account);
        _registered[account] = _register(address(0xBEEF), "tag");
    }

    function _decision(address account) private view returns (IDealRegistry.Decision memory) {
        return
            IDealRegistry.Decision(_registered[account], IDealRegistry.State.Rejected, "customer-known", 0, address(0));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.decide(account, _decision(account), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.decideWithAuthorization(account, _decision(account), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return deals.dealOf(_registered[account]).state == IDealRegistry.State.Rejected;
    }
}
