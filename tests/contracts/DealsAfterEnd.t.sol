// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AfterEnd, Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealDecisions} from "../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev What deals may still do once their agreement has ended, and under which version they go on once it is amended.
contract DealsAfterEndTest is DealWorld {
    uint40 private constant END = START + 20 days;
    address private _one = address(0x1111);
    AfterEnd private _afterEnd;

    function _termsWith(address account) internal view override returns (Terms memory terms) {
        terms = super._termsWith(account);
        terms.afterEnd = uint8(_afterEnd);
        terms.arbiter = address(0xA4B1);
    }

    function _endAt(uint40 endsAt) private {
        AgreementId agreement = _join(_one);
        Opening memory opening = _openingOf(_one);
        vm.prank(address(0xA4B1));
        agreements.ruleEnd(address(0xA4B1), agreement, endsAt, "breach", opening);
    }

    function _over(uint256 endedAt) private {
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.AgreementOver.selector, _join(_one), endedAt));
    }

    /// @dev A deal that is approved, and one that is registered, as the agreement ends.
    function _twoDeals() private returns (DealId approved, DealId registered) {
        approved = _register(_one, "approved");
        registered = _register(_one, "registered");
        _waitForReveals();
        _decide(approved, DealState.Approved);
        _endAt(END);
    }

    // -- after the end -------------------------------------------------------------------------------------------------

    function test_afterEnd_nothingIsApprovedOrWon() public {
        (DealId approved, DealId registered) = _twoDeals();
        vm.warp(END + 1);
        _over(END);
        _decide(registered, DealState.Approved);
        _over(END);
        _decide(approved, DealState.Won);
        // What ends a deal is still possible.
        _decide(approved, DealState.Lost);
        _decide(registered, DealState.Rejected);
    }

    function test_afterEnd_allGoesOnInTheLastSecond() public {
        (DealId approved, DealId registered) = _twoDeals();
        vm.warp(END);
        _decide(registered, DealState.Approved);
        _decide(approved, DealState.Won);
    }

    function test_afterEnd_approvedDealsCanBeWonWhileExclusive() public {
        _afterEnd = AfterEnd.WinApproved;
        (DealId approved, DealId registered) = _twoDeals();
        uint256 exclusiveUntil = deals.dealOf(approved).exclusiveUntil;
        vm.assertTrue(exclusiveUntil > END);
        vm.warp(exclusiveUntil + 1);
        _over(END);
        _decide(approved, DealState.Won);
        vm.warp(exclusiveUntil);
        _over(END);
        _decide(registered, DealState.Approved);
        _decide(approved, DealState.Won);
    }

    function test_afterEnd_allCanBeFinished() public {
        _afterEnd = AfterEnd.Finish;
        (DealId approved, DealId registered) = _twoDeals();
        vm.warp(END + 100 days);
        _decide(registered, DealState.Approved);
        _decide(registered, DealState.Won);
        _decide(approved, DealState.Won);
    }

    function test_reveal_revertsWithOutsideValidity_onceEnded() public {
        Reveal memory reveal = _revealOf(_one, "tag");
        reveal.agreement = _join(_one);
        _endAt(START + 100);
        _commit(reveal);
        vm.warp(START + 101);
        Opening memory opening = _openingOf(_one);
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.OutsideValidity.selector, reveal.agreement));
        vm.prank(_one);
        deals.reveal(reveal, opening);
        vm.warp(START + 100);
        _reveal(reveal);
    }

    // -- under a successor ---------------------------------------------------------------------------------------------

    function _successor(Terms memory terms, uint40 validFrom) private view returns (Terms memory successor) {
        successor = _successorOf(terms);
        successor.validFrom = validFrom;
        successor.validUntil = START + 500 days;
    }

    function test_amend_openDealsGoOnUnderTheSuccessor() public {
        DealId registered = _register(_one, "registered");
        _waitForReveals();
        Terms memory first = _termsWith(_one);
        AgreementId successor = _amend(_successor(first, uint40(block.timestamp)), first);
        vm.warp(START + 400 days); // beyond the first one's end
        _decide(registered, DealState.Approved);
        vm.recordLogs();
        _decide(registered, DealState.Won);
        assertSame(deals.wonUnder(registered), successor);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], IDealDecisions.DealMoved.selector);
        assertSame(logs[0].topics[2], successor);
        vm.assertEq(logs[1].topics[0], IDealDecisions.DealDecided.selector);
    }

    /// @dev Revenue of a deal won before is the old version's for ever; of a deal won after, the new one's.
    function test_consent_amend_aDealWonBeforeIsPaidUnderTheTermsItWasWonUnder() public {
        DealId before = _win(_one, "before");
        DealId open = _register(_one, "open");
        _waitForReveals();
        _decide(open, DealState.Approved);
        Terms memory first = _termsWith(_one);
        AgreementId successor = _amend(_successor(first, uint40(block.timestamp)), first);
        _decide(open, DealState.Won);
        _fund(stranger, 1e12);
        _payDeal(_join(_one), before);
        _payDeal(successor, open);
        vm.expectRevert(abi.encodeWithSelector(IPayments.DealNotWon.selector, successor, before));
        _payDeal(successor, before);
        vm.expectRevert(abi.encodeWithSelector(IPayments.DealNotWon.selector, _join(_one), open));
        _payDeal(_join(_one), open);
    }

    function _payDeal(AgreementId agreement, DealId deal) private {
        Invoice memory invoice = Invoice(deal, 1000, keccak256(abi.encode(agreement, deal)));
        vm.prank(stranger);
        ledger.pay(agreement, address(dollar), invoice);
    }

    function test_amend_aSuccessorNotYetInEffectMovesNothing() public {
        DealId deal = _register(_one, "tag");
        _waitForReveals();
        Terms memory first = _termsWith(_one);
        _amend(_successor(first, START + 50 days), first);
        _decide(deal, DealState.Approved);
        _decide(deal, DealState.Won);
        assertSame(deals.wonUnder(deal), _join(_one));
    }

    function test_amend_dealsFollowAChainAndEndWithItsNewestVersion() public {
        DealId deal = _register(_one, "tag");
        _waitForReveals();
        _decide(deal, DealState.Approved);
        Terms memory first = _termsWith(_one);
        Terms memory second = _successor(first, uint40(block.timestamp));
        _amend(second, first);
        Terms memory third = _successor(second, START + 10 days);
        third.validUntil = START + 15 days;
        AgreementId newest = _amend(third, second);
        vm.warp(START + 15 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.AgreementOver.selector, newest, START + 15 days));
        _decide(deal, DealState.Won);
        vm.warp(START + 15 days);
        _decide(deal, DealState.Won);
        assertSame(deals.wonUnder(deal), newest);
    }

    /// @dev An ending of the successor counts for the deals that went on under it.
    function test_amend_theSuccessorsOwnEndingCounts() public {
        DealId deal = _register(_one, "tag");
        _waitForReveals();
        _decide(deal, DealState.Approved);
        Terms memory first = _termsWith(_one);
        Terms memory second = _successor(first, uint40(block.timestamp));
        AgreementId successor = _amend(second, first);
        vm.prank(address(0xA4B1));
        agreements.ruleEnd(address(0xA4B1), successor, END, "breach", Plans.opening(second));
        vm.warp(END + 1);
        vm.expectRevert(abi.encodeWithSelector(IDealDecisions.AgreementOver.selector, successor, END));
        _decide(deal, DealState.Won);
    }

    function test_reveal_revertsWithOutsideValidity_onceAmended() public {
        AgreementId agreement = _join(_one);
        Reveal memory reveal = _revealOf(_one, "tag");
        _commit(reveal);
        Terms memory first = _termsWith(_one);
        Terms memory second = _successor(first, START + 10);
        AgreementId successor = _amend(second, first);
        vm.warp(START + 10);
        Opening memory opening = _openingOf(_one);
        vm.expectRevert(abi.encodeWithSelector(IDealIntake.OutsideValidity.selector, agreement));
        vm.prank(_one);
        deals.reveal(reveal, opening);
        // Under the successor deals are registered as under any other agreement.
        reveal.agreement = successor;
        DealId deal = _commit(reveal);
        vm.prank(_one);
        deals.reveal(reveal, Plans.opening(second));
        _is(deal, DealState.Registered);
    }
}
