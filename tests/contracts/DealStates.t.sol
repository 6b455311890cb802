// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealDecisions} from "../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState, Decision} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {DealId, NO_AGREEMENT} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev Every state against everything that could be done to it.
contract DealStatesTest is DealWorld {
    address private _account = address(0xACC);
    uint256 private _tags;

    /// @dev A new deal, of a customer of its own, brought into this state.
    function _dealIn(DealState state) private returns (DealId deal) {
        bytes32 tag = bytes32(++_tags);
        _join(_account);
        deal = deals.dealId(_revealOf(_account, tag));
        if (state == DealState.None) return deal;
        _commit(_revealOf(_account, tag));
        if (state == DealState.Committed) return deal;
        _reveal(_revealOf(_account, tag));
        _waitForReveals();
        if (state == DealState.Registered) return deal;
        if (state == DealState.Withdrawn) {
            _withdraw(_account, deal);
            return deal;
        }
        if (state == DealState.Won || state == DealState.Lost) {
            _decide(deal, DealState.Approved);
        }
        _decide(deal, state);
    }

    function _mayBeDecided(DealState from, DealState to) private pure returns (bool) {
        if (from == DealState.Registered) {
            return to == DealState.Approved || to == DealState.Returned || to == DealState.Rejected;
        }
        if (from == DealState.Returned) {
            return to == DealState.Approved || to == DealState.Rejected;
        }
        if (from == DealState.Approved) {
            return to == DealState.Won || to == DealState.Lost;
        }
        return false;
    }

    function test_decide_followsTheTransitionTable() public {
        for (uint8 from; from <= uint8(type(DealState).max); ++from) {
            for (uint8 to; to <= uint8(type(DealState).max); ++to) {
                _tryDecision(DealState(from), DealState(to));
            }
        }
    }

    function _tryDecision(DealState from, DealState to) private {
        DealId deal = _dealIn(from);
        _is(deal, from);
        if (_mayBeDecided(from, to)) {
            _decide(deal, to);
            _is(deal, to);
            return;
        }
        if (from == DealState.None || from == DealState.Committed) {
            vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheVendor.selector, deal, vendor));
        } else if (_isOutcome(to)) {
            vm.expectRevert(abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, from, to));
        } else {
            vm.expectRevert(abi.encodeWithSelector(IDealDecisions.OutcomeInvalid.selector, to));
        }
        _decide(deal, to);
        _is(deal, from);
    }

    function _isOutcome(DealState state) private pure returns (bool) {
        return state != DealState.None && state != DealState.Committed && state != DealState.Registered
            && state != DealState.Withdrawn;
    }

    function test_withdraw_fromRegisteredReturnedAndApprovedOnly() public {
        for (uint8 from; from <= uint8(type(DealState).max); ++from) {
            DealState state = DealState(from);
            DealId deal = _dealIn(state);
            bool may = state == DealState.Registered || state == DealState.Returned || state == DealState.Approved;
            if (state == DealState.None) {
                vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheRegistrant.selector, deal, _account));
            } else if (!may) {
                vm.expectRevert(
                    abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, state, DealState.Withdrawn)
                );
            }
            _withdraw(_account, deal);
            _is(deal, may ? DealState.Withdrawn : state);
            vm.assertFalse(may && deals.isLive(deal));
        }
    }

    function test_withdraw_revertsWithNotTheRegistrant() public {
        DealId deal = _dealIn(DealState.Registered);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheRegistrant.selector, deal, vendor));
        _withdraw(vendor, deal);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, vendor));
        vm.prank(vendor);
        deals.withdraw(_account, deal);
    }

    function test_decide_revertsWithNotTheVendor() public {
        DealId deal = _dealIn(DealState.Registered);
        Decision memory decision = _decisionOf(deal, DealState.Approved);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.NotTheVendor.selector, deal, _account));
        vm.prank(_account);
        deals.decide(_account, decision);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, vendor, _account));
        vm.prank(_account);
        deals.decide(vendor, decision);
    }

    function test_decide_revertsWithReasonMissing() public {
        DealState[2] memory outcomes = [DealState.Returned, DealState.Rejected];
        for (uint256 i; i < 2; ++i) {
            Decision memory decision = _decisionOf(_dealIn(DealState.Registered), outcomes[i]);
            decision.reason = 0;
            _refused(decision, abi.encodeWithSelector(IDealDecisions.ReasonMissing.selector));
        }
    }

    function test_decide_revertsWithValueInvalid() public {
        bytes memory why = abi.encodeWithSelector(IDealDecisions.ValueInvalid.selector);
        DealId deal = _dealIn(DealState.Registered);
        Decision memory decision = _decisionOf(deal, DealState.Approved);
        decision.value = 1;
        _refused(decision, why);
        (decision.value, decision.token) = (0, address(dollar));
        _refused(decision, why);
        _decide(deal, DealState.Approved);
        decision = _decisionOf(deal, DealState.Won);
        decision.value = 0;
        _refused(decision, why);
        (decision.value, decision.token) = (1, address(0));
        _refused(decision, why);
    }

    function test_wonUnder_namesTheAgreementOfAWonDealOnly() public {
        for (uint8 state; state <= uint8(type(DealState).max); ++state) {
            DealId deal = _dealIn(DealState(state));
            bool won = DealState(state) == DealState.Won;
            assertSame(deals.wonUnder(deal), won ? _join(_account) : NO_AGREEMENT);
        }
    }

    function _refused(Decision memory decision, bytes memory why) private {
        vm.expectRevert(why);
        vm.prank(vendor);
        deals.decide(vendor, decision);
    }
}
