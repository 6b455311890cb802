// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DealState, Decision, Retag} from "../../contracts/deals/types/Deals.sol";
import {IConsents} from "../../contracts/shared/interfaces/IConsents.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {DealId} from "../../contracts/shared/types/Ids.sol";
import {SignedForm} from "./support/SignedForm.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

abstract contract SignedDeal is SignedForm, DealWorld {
    function setUp() public override(SignedForm, DealWorld) {
        SignedForm.setUp();
        _openProgramme();
    }

    function _verifier() internal view override returns (address) {
        return address(deals);
    }

    function _deal(address account) internal view returns (DealId) {
        return deals.dealId(_revealOf(account, "tag"));
    }

    function _state(address account) internal view returns (DealState) {
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
        return _state(account) == DealState.Committed;
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
        return _state(account) == DealState.Registered;
    }
}

contract SignedWithdrawTest is SignedDeal {
    mapping(address account => DealId) private _registered;

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
        return _state(account) == DealState.Withdrawn;
    }
}

contract SignedRetagTest is SignedDeal {
    mapping(address account => DealId) private _registered;

    function _prepare(address account) internal override {
        _registered[account] = _register(account, "tag");
        if (_epochs[programme] == 1) _openEpochWith(30 days);
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.retag(account, _registered[account], "new tag", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.retagWithAuthorization(account, _registered[account], "new tag", authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return deals.dealOf(_registered[account]).retagged;
    }
}

/// @dev Here the signer is the vendor, so each has a programme of its own.
contract SignedRetagWonDealsTest is SignedForm, DealWorld {
    mapping(address vendor => DealId[2]) private _wonBy;

    function setUp() public override(SignedForm, DealWorld) {
        SignedForm.setUp();
    }

    function _verifier() internal view override returns (address) {
        return address(deals);
    }

    function _prepare(address account) internal override {
        _openProgrammeOf(account);
        _wonBy[account][0] = _win(address(0xBEEF), "tag 1");
        _wonBy[account][1] = _win(address(0xBEEF), "tag 2");
        _openEpochWith(1 days);
    }

    function _retags(address account) private view returns (Retag[] memory retags) {
        retags = new Retag[](2);
        (retags[0], retags[1]) = (Retag(_wonBy[account][0], "new tag 1"), Retag(_wonBy[account][1], "new tag 2"));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.retagWonDeals(account, _retags(account), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.retagWonWithAuthorization(account, _retags(account), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return deals.dealOf(_wonBy[account][1]).epoch == 2;
    }
}

contract SignedExtendDealTest is SignedDeal {
    mapping(address account => DealId) private _registered;
    uint40 private constant UNTIL = START + 300 days;

    function _prepare(address account) internal override {
        _registered[account] = _register(account, _tagOf(account));
        _waitForReveals();
        _decide(_registered[account], DealState.Approved);
    }

    function _tagOf(address account) private pure returns (bytes32) {
        return keccak256(abi.encode(account));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.extendDeal(account, _registered[account], UNTIL, nonce, deadline);
    }

    /// @dev The other side consents by carrying it.
    function _execute(address account, Authorization memory authorization) internal override {
        vm.prank(vendor);
        deals.extend(_registered[account], UNTIL, authorization, Authorization(0, 0, ""));
    }

    function _isDone(address account) internal view override returns (bool) {
        return deals.dealOf(_registered[account]).exclusiveUntil == UNTIL;
    }

    /// @dev It is extended already.
    function _canBeTriedAgain() internal pure override returns (bool) {
        return false;
    }

    function _refusalOfEmpty(address account) internal view override returns (bytes memory) {
        bytes32 action = deals.extensionAction(_registered[account], UNTIL);
        return abi.encodeWithSelector(IConsents.ConsentMissing.selector, account, action);
    }
}

abstract contract SignedOfAWonDeal is SignedDeal {
    mapping(address account => DealId) internal _won;

    function _prepare(address account) internal virtual override {
        _won[account] = _win(account, keccak256(abi.encode(account)));
    }
}

contract SignedReviewTest is SignedOfAWonDeal {
    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.review(account, _won[account], 4, "comment", nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.reviewWithAuthorization(account, _won[account], 4, "comment", authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        (uint8 rating,,) = deals.reviewOf(_won[account], account);
        return rating == 4;
    }
}

contract SignedRevokeReviewTest is SignedOfAWonDeal {
    function _prepare(address account) internal override {
        super._prepare(account);
        vm.prank(account);
        deals.review(account, _won[account], 4, "comment");
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.revokeReview(account, _won[account], nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.revokeReviewWithAuthorization(account, _won[account], authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        (,, bool revoked) = deals.reviewOf(_won[account], account);
        return revoked;
    }
}

/// @dev Here the signer is the vendor, so each has a programme of its own.
contract SignedDecideTest is SignedForm, DealWorld {
    mapping(address vendor => DealId) private _registered;

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

    function _decision(address account) private view returns (Decision memory) {
        return Decision(_registered[account], DealState.Rejected, "customer-known", 0, address(0));
    }

    function _action(address account, uint256 nonce, uint256 deadline) internal view override returns (bytes32) {
        return TypedData.decide(account, _decision(account), nonce, deadline);
    }

    function _execute(address account, Authorization memory authorization) internal override {
        deals.decideWithAuthorization(account, _decision(account), authorization);
    }

    function _isDone(address account) internal view override returns (bool) {
        return deals.dealOf(_registered[account]).state == DealState.Rejected;
    }
}
