// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealDecisions} from "../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealEpochs} from "../../contracts/deals/interfaces/IDealEpochs.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @dev A vendor that lets its deadline pass.
contract DefaultDecisionTest is DealWorld {
    address private _one = address(0x1111);
    address private _two = address(0x2222);

    function _notOverdue(DealId deal, uint256 decideBy) private {
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.NotOverdue.selector, deal, decideBy));
        deals.approveByDefault(deal);
    }

    function test_approveByDefault_byAnyoneOnceTheDeadlineHasPassed() public {
        DealId deal = _register(_one, "tag");
        vm.assertEq(uint256(deals.dealOf(deal).decideBy), START + 14 days);
        vm.warp(START + 14 days);
        _notOverdue(deal, START + 14 days);
        vm.warp(START + 14 days + 1);
        vm.prank(stranger);
        deals.approveByDefault(deal);
        _is(deal, DealState.Approved);
        vm.assertEq(uint256(deals.dealOf(deal).exclusiveUntil), block.timestamp + 30 days);
        vm.assertTrue(deals.isLive(deal));
    }

    function test_approveByDefault_theVendorMayStillDecideAfterItsDeadline() public {
        DealId deal = _register(_one, "tag");
        vm.warp(START + 20 days);
        _decide(deal, DealState.Rejected);
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, DealState.Rejected, DealState.Registered)
        );
        deals.approveByDefault(deal);
    }

    /// @dev L-6 of the audit: returning a deal starts the deadline anew, once; then silence approves it too.
    function test_approveByDefault_whenReturnedTheDeadlineStartsAnewOnce() public {
        DealId deal = _register(_one, "tag");
        vm.warp(START + 13 days);
        _decide(deal, DealState.Returned);
        vm.assertEq(uint256(deals.dealOf(deal).decideBy), START + 27 days);
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, DealState.Returned, DealState.Returned)
        );
        _decide(deal, DealState.Returned);
        vm.warp(START + 27 days);
        _notOverdue(deal, START + 27 days);
        vm.warp(START + 27 days + 1);
        deals.approveByDefault(deal);
        _is(deal, DealState.Approved);
    }

    /// @dev Returned in its last moment, or after it, and revealed late: as long again as it was from the commitment on.
    function test_approveByDefault_whenReturnedLate() public {
        _join(_one);
        Reveal memory reveal = _revealOf(_one, "tag");
        DealId deal = _commit(reveal);
        vm.warp(START + 40 minutes);
        _reveal(reveal);
        vm.warp(START + 20 days);
        _decide(deal, DealState.Returned);
        _notOverdue(deal, START + 34 days + 40 minutes);
    }

    function test_approveByDefault_whenReturned_revertsWithNotOverdue_whereTheTermsSetNoTime() public {
        Terms memory terms = _termsWith(_one);
        terms.decisionSeconds = 0;
        Reveal memory reveal = Reveal(_one, _agree(terms), "tag", "salt", 0, 1);
        DealId deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(terms));
        _decide(deal, DealState.Returned);
        vm.warp(START + 300 days);
        _notOverdue(deal, 0);
    }

    function test_approveByDefault_revertsWithNotOverdue_whereTheTermsSetNoTime() public {
        Terms memory terms = _termsWith(_one);
        terms.decisionSeconds = 0;
        AgreementId agreement = _agree(terms);
        Reveal memory reveal = Reveal(_one, agreement, "tag", "salt", 0, 1);
        DealId deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(terms));
        vm.warp(START + 300 days);
        _notOverdue(deal, 0);
    }

    function test_approveByDefault_revertsWithEarlierDeal() public {
        DealId first = _register(_one, "tag");
        DealId second = _register(_two, "tag");
        vm.warp(START + 20 days);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, second, first));
        deals.approveByDefault(second);
        deals.approveByDefault(first);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, second, first));
        deals.approveByDefault(second);
    }

    function test_approveByDefault_revertsWithDecisionTooEarly() public {
        Terms memory terms = _termsWith(_one);
        terms.decisionSeconds = 60;
        AgreementId agreement = _agree(terms);
        Reveal memory reveal = Reveal(_one, agreement, "tag", "salt", 0, 1);
        DealId deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(terms));
        vm.warp(START + 61);
        vm.expectRevert(abi.encodeWithSelector(IDealEpochs.DecisionTooEarly.selector, deal, START + 1 hours + 1));
        deals.approveByDefault(deal);
    }

    function test_approveByDefault_revertsWithAgreementOver() public {
        DealId deal = _register(_one, "tag");
        vm.warp(START + 365 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.AgreementOver.selector, _join(_one), START + 365 days));
        deals.approveByDefault(deal);
    }
}
