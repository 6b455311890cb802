// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../../contracts/deals/interfaces/IDealRegistry.sol";
import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @dev A vendor that lets its deadline pass.
contract DefaultDecisionTest is DealWorld {
    address private _one = address(0x1111);
    address private _two = address(0x2222);

    function _notOverdue(bytes32 deal, uint256 decideBy) private {
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.NotOverdue.selector, deal, decideBy));
        deals.approveByDefault(deal);
    }

    function test_approveByDefault_byAnyoneOnceTheDeadlineHasPassed() public {
        bytes32 deal = _register(_one, "tag");
        vm.assertEq(uint256(deals.dealOf(deal).decideBy), START + 14 days);
        vm.warp(START + 14 days);
        _notOverdue(deal, START + 14 days);
        vm.warp(START + 14 days + 1);
        vm.prank(stranger);
        deals.approveByDefault(deal);
        _is(deal, IDealRegistry.State.Approved);
        vm.assertEq(uint256(deals.dealOf(deal).exclusiveUntil), block.timestamp + 30 days);
        vm.assertTrue(deals.isLive(deal));
    }

    function test_approveByDefault_theVendorMayStillDecideAfterItsDeadline() public {
        bytes32 deal = _register(_one, "tag");
        vm.warp(START + 20 days);
        _decide(deal, IDealRegistry.State.Rejected);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDealRegistry.WrongState.selector, deal, IDealRegistry.State.Rejected, IDealRegistry.State.Registered
            )
        );
        deals.approveByDefault(deal);
    }

    /// @dev A returned deal waits for its partner, not for the vendor.
    function test_approveByDefault_revertsWithWrongState_whenReturned() public {
        bytes32 deal = _register(_one, "tag");
        _decide(deal, IDealRegistry.State.Returned);
        vm.warp(START + 20 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDealRegistry.WrongState.selector, deal, IDealRegistry.State.Returned, IDealRegistry.State.Registered
            )
        );
        deals.approveByDefault(deal);
    }

    function test_approveByDefault_revertsWithNotOverdue_whereTheTermsSetNoTime() public {
        Terms memory terms = _termsWith(_one);
        terms.decisionSeconds = 0;
        bytes32 agreement = _agree(terms);
        IDealRegistry.Reveal memory reveal = IDealRegistry.Reveal(_one, agreement, "tag", "salt", 0);
        bytes32 deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(terms));
        vm.warp(START + 300 days);
        _notOverdue(deal, 0);
    }

    function test_approveByDefault_revertsWithEarlierDeal() public {
        bytes32 first = _register(_one, "tag");
        bytes32 second = _register(_two, "tag");
        vm.warp(START + 20 days);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.EarlierDeal.selector, second, first));
        deals.approveByDefault(second);
        deals.approveByDefault(first);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.EarlierDeal.selector, second, first));
        deals.approveByDefault(second);
    }

    function test_approveByDefault_revertsWithDecisionTooEarly() public {
        Terms memory terms = _termsWith(_one);
        terms.decisionSeconds = 60;
        bytes32 agreement = _agree(terms);
        IDealRegistry.Reveal memory reveal = IDealRegistry.Reveal(_one, agreement, "tag", "salt", 0);
        bytes32 deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(terms));
        vm.warp(START + 61);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.DecisionTooEarly.selector, deal, START + 1 days + 1));
        deals.approveByDefault(deal);
    }

    function test_approveByDefault_revertsWithAgreementOver() public {
        bytes32 deal = _register(_one, "tag");
        vm.warp(START + 365 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.AgreementOver.selector, _join(_one), START + 365 days));
        deals.approveByDefault(deal);
    }
}
