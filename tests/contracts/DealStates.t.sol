// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {IDealRegistry} from "../../contracts/deals/interfaces/IDealRegistry.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

/// @dev Every state against everything that could be done to it.
contract DealStatesTest is DealWorld {
    address private _account = address(0xACC);
    uint256 private _tags;

    /// @dev A new deal, of a customer of its own, brought into this state.
    function _dealIn(IDealRegistry.State state) private returns (bytes32 deal) {
        bytes32 tag = bytes32(++_tags);
        _join(_account);
        deal = deals.dealId(_revealOf(_account, tag));
        if (state == IDealRegistry.State.None) return deal;
        _commit(_revealOf(_account, tag));
        if (state == IDealRegistry.State.Committed) return deal;
        _reveal(_revealOf(_account, tag));
        _waitForReveals();
        if (state == IDealRegistry.State.Registered) return deal;
        if (state == IDealRegistry.State.Withdrawn) {
            _withdraw(_account, deal);
            return deal;
        }
        if (state == IDealRegistry.State.Won || state == IDealRegistry.State.Lost) {
            _decide(deal, IDealRegistry.State.Approved);
        }
        _decide(deal, state);
    }

    function _mayBeDecided(IDealRegistry.State from, IDealRegistry.State to) private pure returns (bool) {
        if (from == IDealRegistry.State.Registered) {
            return to == IDealRegistry.State.Approved || to == IDealRegistry.State.Returned
                || to == IDealRegistry.State.Rejected;
        }
        if (from == IDealRegistry.State.Returned) {
            return to == IDealRegistry.State.Approved || to == IDealRegistry.State.Rejected;
        }
        if (from == IDealRegistry.State.Approved) {
            return to == IDealRegistry.State.Won || to == IDealRegistry.State.Lost;
        }
        return false;
    }

    function test_decide_followsTheTransitionTable() public {
        for (uint8 from; from <= uint8(type(IDealRegistry.State).max); ++from) {
            for (uint8 to; to <= uint8(type(IDealRegistry.State).max); ++to) {
                _tryDecision(IDealRegistry.State(from), IDealRegistry.State(to));
            }
        }
    }

    function _tryDecision(IDealRegistry.State from, IDealRegistry.State to) private {
        bytes32 deal = _dealIn(from);
        _is(deal, from);
        if (_mayBeDecided(from, to)) {
            _decide(deal, to);
            _is(deal, to);
            return;
        }
        if (from == IDealRegistry.State.None || from == IDealRegistry.State.Committed) {
            vm.expectRevert(abi.encodeWithSelector(IDealRegistry.NotTheVendor.selector, deal, vendor));
        } else if (_isOutcome(to)) {
            vm.expectRevert(abi.encodeWithSelector(IDealRegistry.WrongState.selector, deal, from, to));
        } else {
            vm.expectRevert(abi.encodeWithSelector(IDealRegistry.OutcomeInvalid.selector, to));
        }
        _decide(deal, to);
        _is(deal, from);
    }

    function _isOutcome(IDealRegistry.State state) private pure returns (bool) {
        return state != IDealRegistry.State.None && state != IDealRegistry.State.Committed
            && state != IDealRegistry.State.Registered && state != IDealRegistry.State.Withdrawn;
    }

    function test_withdraw_fromRegisteredReturnedAndApprovedOnly() public {
        for (uint8 from; from <= uint8(type(IDealRegistry.State).max); ++from) {
            IDealRegistry.State state = IDealRegistry.State(from);
            bytes32 deal = _dealIn(state);
            bool may = state == IDealRegistry.State.Registered || state == IDealRegistry.State.Returned
                || state == IDealRegistry.State.Approved;
            if (state == IDealRegistry.State.None) {
                vm.expectRevert(abi.encodeWithSelector(IDealRegistry.NotTheRegistrant.selector, deal, _account));
            } else if (!may) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IDealRegistry.WrongState.selector, deal, state, IDealRegistry.State.Withdrawn
                    )
                );
            }
            _withdraw(_account, deal);
            _is(deal, may ? IDealRegistry.State.Withdrawn : state);
            vm.assertFalse(may && deals.isLive(deal));
        }
    }

    function test_withdraw_revertsWithNotTheRegistrant() public {
        bytes32 deal = _dealIn(IDealRegistry.State.Registered);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.NotTheRegistrant.selector, deal, vendor));
        _withdraw(vendor, deal);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, vendor));
        vm.prank(vendor);
        deals.withdraw(_account, deal);
    }

    function test_decide_revertsWithNotTheVendor() public {
        bytes32 deal = _dealIn(IDealRegistry.State.Registered);
        IDealRegistry.Decision memory decision = _decisionOf(deal, IDealRegistry.State.Approved);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.NotTheVendor.selector, deal, _account));
        vm.prank(_account);
        deals.decide(_account, decision);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, vendor, _account));
        vm.prank(_account);
        deals.decide(vendor, decision);
    }

    function test_decide_revertsWithReasonMissing() public {
        IDealRegistry.State[2] memory outcomes = [IDealRegistry.State.Returned, IDealRegistry.State.Rejected];
        for (uint256 i; i < 2; ++i) {
            IDealRegistry.Decision memory decision = _decisionOf(_dealIn(IDealRegistry.State.Registered), outcomes[i]);
            decision.reason = 0;
            _refused(decision, abi.encodeWithSelector(IDealRegistry.ReasonMissing.selector));
        }
    }

    function test_decide_revertsWithValueInvalid() public {
        bytes memory why = abi.encodeWithSelector(IDealRegistry.ValueInvalid.selector);
        bytes32 deal = _dealIn(IDealRegistry.State.Registered);
        IDealRegistry.Decision memory decision = _decisionOf(deal, IDealRegistry.State.Approved);
        decision.value = 1;
        _refused(decision, why);
        (decision.value, decision.token) = (0, address(dollar));
        _refused(decision, why);
        _decide(deal, IDealRegistry.State.Approved);
        decision = _decisionOf(deal, IDealRegistry.State.Won);
        decision.value = 0;
        _refused(decision, why);
        (decision.value, decision.token) = (1, address(0));
        _refused(decision, why);
    }

    function test_wonUnder_namesTheAgreementOfAWonDealOnly() public {
        for (uint8 state; state <= uint8(type(IDealRegistry.State).max); ++state) {
            bytes32 deal = _dealIn(IDealRegistry.State(state));
            bool won = IDealRegistry.State(state) == IDealRegistry.State.Won;
            vm.assertEq(deals.wonUnder(deal), won ? _join(_account) : bytes32(0));
        }
    }

    function _refused(IDealRegistry.Decision memory decision, bytes memory why) private {
        vm.expectRevert(why);
        vm.prank(vendor);
        deals.decide(vendor, decision);
    }
}
