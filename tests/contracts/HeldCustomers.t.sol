// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Rule} from "../../contracts/agreements/types/Terms.sol";
import {IDealEpochs} from "../../contracts/deals/interfaces/IDealEpochs.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState, Retag} from "../../contracts/deals/types/Deals.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {assertSame} from "./support/SameId.sol";
import {vm} from "./support/Vm.sol";

/// @dev Nobody gets a second exclusive deal, or a win, for a customer because a registration was not tagged again.
contract HeldCustomersTest is DealWorld {
    uint32 private constant GRACE = 1 days;
    bytes32 private constant OLD = "customer X, key 1";
    bytes32 private constant NEW = "customer X, key 2";
    address private _a = address(0xA1);
    address private _b = address(0xB2);

    function _openEpoch() private {
        _openEpochWith(GRACE);
    }

    function _passGrace() private {
        vm.warp(block.timestamp + GRACE + 1);
    }

    function _retag(address account, DealId deal, bytes32 tag) private {
        vm.prank(account);
        deals.retag(account, deal, tag);
    }

    function _notTagged(DealId deal) private {
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.NotTaggedAgain.selector, deal, uint32(1), uint32(2)));
    }

    function _approved(address account, bytes32 tag) private returns (DealId deal) {
        deal = _register(account, tag);
        _waitForReveals();
        _decide(deal, DealState.Approved);
    }

    /// @dev M-2 of the audit, as it was found.
    function test_untagged_aDealThatIsNotTaggedAgainIsNotApprovedBesideANewerOne() public {
        DealId old = _register(_a, OLD);
        vm.warp(block.timestamp + 1 hours);
        _openEpoch();
        DealId young = _register(_b, NEW);
        vm.warp(block.timestamp + 3 days);
        _decide(young, DealState.Approved);
        vm.warp(START + 15 days);
        _notTagged(old);
        deals.approveByDefault(old);
        vm.assertTrue(deals.isLive(young));
        vm.assertFalse(deals.isLive(old));
        _decide(young, DealState.Won);
        _notTagged(old);
        _decide(old, DealState.Approved);
    }

    /// @dev In the grace too: whoever was first in the old queue may have left it for the new one.
    function test_untagged_inTheGraceNobodyIsApprovedUnderEitherKey() public {
        DealId first = _approved(_a, OLD);
        DealId second = _register(_b, OLD);
        _waitForReveals();
        _openEpoch();
        _retag(_a, first, NEW);
        _notTagged(second);
        _decide(second, DealState.Approved);
        _retag(_b, second, NEW);
        vm.expectRevert(
            abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, second, block.timestamp + GRACE + 1)
        );
        _decide(second, DealState.Approved);
        _passGrace();
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, second, first));
        _decide(second, DealState.Approved);
    }

    function test_untagged_anExclusiveDealIsWonInTheGraceAndNotAfterIt() public {
        DealId one = _approved(_a, OLD);
        DealId other = _approved(_b, "customer Y, key 1");
        _openEpoch();
        vm.warp(block.timestamp + GRACE);
        vm.assertTrue(deals.isLive(other));
        _decide(one, DealState.Won);
        vm.warp(block.timestamp + 1);
        vm.assertFalse(deals.isLive(other));
        _notTagged(other);
        _decide(other, DealState.Won);
        vm.prank(vendor);
        _notTagged(other);
        deals.extend(other, uint40(block.timestamp + 300 days), Authorization(0, 0, ""), Authorization(0, 0, ""));
        // What is over can still be said to be.
        _decide(other, DealState.Lost);
    }

    /// @dev Its exclusivity is over, so it is no better than any other.
    function test_untagged_anExpiredDealIsWonOnlyOnceNobodyCanComeFirst() public {
        DealId expired = _approved(_a, OLD);
        vm.warp(block.timestamp + 31 days);
        DealId holder = _approved(_b, OLD);
        _openEpoch();
        _retag(_a, expired, NEW);
        vm.expectRevert(
            abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, expired, block.timestamp + GRACE + 1)
        );
        _decide(expired, DealState.Won);
        _decide(holder, DealState.Won); // in the old queue, behind
        _passGrace();
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.WonDealsBehind.selector, programme, 1));
        _decide(expired, DealState.Won);
        _retagWon(holder, NEW);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, expired, holder));
        _decide(expired, DealState.Won);
    }

    function test_wonBehind_nobodyIsApprovedWhileAWonDealIsNotTaggedAgain() public {
        DealId won = _win(_a, OLD);
        DealId other = _win(_a, "customer Y, key 1");
        _openEpoch();
        vm.assertEq(deals.wonBehind(programme), 2);
        DealId same = _register(_b, NEW);
        DealId third = _register(_b, "customer Z, key 2");
        vm.warp(block.timestamp + 15 days);
        vm.assertTrue(deals.isLive(won));
        bytes memory why = abi.encodeWithSelector(IDealEpochs.WonDealsBehind.selector, programme, 2);
        vm.expectRevert(why);
        _decide(third, DealState.Approved);
        vm.expectRevert(why);
        deals.approveByDefault(third);
        _retagWon(won, NEW); // long after the grace
        vm.assertEq(deals.wonBehind(programme), 1);
        _retagWon(other, "customer Y, key 2");
        deals.approveByDefault(third);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, same, won));
        _decide(same, DealState.Approved);
    }

    /// @dev Through several keys; what was won in the meantime counts as well.
    function test_wonBehind_throughSeveralEpochs() public {
        DealId first = _win(_a, OLD);
        _openEpoch();
        _retagWon(first, NEW);
        _passGrace();
        DealId second = _win(_b, "customer Y, key 2");
        vm.assertEq(deals.wonBehind(programme), 0);
        _openEpoch();
        _passGrace();
        vm.assertEq(deals.wonBehind(programme), 2);
        _retagWon(first, "customer X, key 3");
        _openEpoch();
        _passGrace();
        vm.assertEq(deals.wonBehind(programme), 2);
        _retagWon(second, "customer Y, key 4"); // over two keys
        _retagWon(first, "customer X, key 4");
        vm.assertEq(deals.wonBehind(programme), 0);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.RetagInvalid.selector, first));
        _retagWon(first, "customer X, key 5");
    }

    /// @dev Registering the customer that one has won cannot keep the vendor from tagging it again.
    function test_oneBadPartyHarmsOnlyItself_anOwnNewerDealIsNotInTheWayOfAWonOne() public {
        DealId won = _win(_a, OLD);
        _openEpoch();
        DealId newer = _register(_a, NEW);
        _retagWon(won, NEW);
        vm.assertEq(deals.wonBehind(programme), 0);
        assertSame(deals.firstOf(_customer(2, NEW)), won);
        assertSame(deals.nextOf(won), newer);
    }

    function test_retagWon_revertsForOthersAndForDealsThatAreNotWon() public {
        DealId won = _win(_a, OLD);
        DealId open = _register(_b, "customer Y, key 1");
        _openEpoch();
        Retag[] memory retags = new Retag[](1);
        retags[0] = Retag(won, NEW);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, vendor, _a));
        vm.prank(_a);
        deals.retagWon(vendor, retags);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheVendor.selector, won, _a));
        vm.prank(_a);
        deals.retagWon(_a, retags);
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, open, DealState.Registered, DealState.Won)
        );
        _retagWon(open, NEW);
    }

    /// @dev Whoever missed the grace registers anew, and stands where that puts it.
    function test_untagged_theCustomerCanBeRegisteredAnewByTheSameAccount() public {
        DealId old = _register(_a, OLD);
        _openEpoch();
        _passGrace();
        DealId rival = _register(_b, NEW);
        DealId anew = _register(_a, NEW);
        assertSame(deals.nextOf(rival), anew);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.RetagInvalid.selector, old));
        _retag(_a, old, NEW);
    }

    /// @dev Under the open rule nobody is kept off, so no key and no won deal is waited for.
    function test_untagged_underTheOpenRuleNothingWaits() public {
        _openProgrammeOf(vendor, 2, Rule.Open);
        _win(_b, "customer Y, key 1");
        DealId old = _register(_a, OLD);
        _openEpoch();
        vm.assertEq(deals.wonBehind(programme), 0);
        _passGrace();
        _decide(old, DealState.Approved);
        vm.assertTrue(deals.isLive(old));
        _decide(old, DealState.Won);
    }
}
