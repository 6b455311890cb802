// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Handler} from "./support/Handler.sol";
import {vm} from "./support/Vm.sol";

/// @dev The promises that must never break, after any actions in any order.
contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private _handler;

    function setUp() public {
        _handler = new Handler();
        _handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory actions = new bytes4[](11);
        actions[0] = Handler.pay.selector;
        actions[1] = Handler.payBatch.selector;
        actions[2] = Handler.claim.selector;
        actions[3] = Handler.claimAcross.selector;
        actions[4] = Handler.donate.selector;
        actions[5] = Handler.registerDeal.selector;
        actions[6] = Handler.decideDeal.selector;
        actions[7] = Handler.withdrawDeal.selector;
        actions[8] = Handler.identify.selector;
        actions[9] = Handler.pauseOrResume.selector;
        actions[10] = Handler.passTime.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), actions);
    }

    /// @dev Per agreement and token: received = claimed + claimable + carry, 0 <= carry < payees. Per token: the ledger
    /// holds exactly what it owes, the carries, and what was given to it.
    function invariant_conservation() external view {
        for (uint256 k; k < _handler.TOKENS(); ++k) {
            address token = _handler.tokenAt(k);
            uint256 held = _handler.donated(token);
            for (uint256 i; i < _handler.AGREEMENTS(); ++i) {
                held += _conserved(i, token);
            }
            vm.assertEq(_handler.balanceOfLedger(token), held, "the ledger's balance");
        }
    }

    function _conserved(uint256 which, address token) private view returns (uint256 owed) {
        (uint256 released, uint256 claimed, uint256 claimable, uint256 payees) = _handler.totals(which, token);
        vm.assertEq(released, _handler.received(which, token), "received");
        vm.assertLe(claimed + claimable, released, "owes more than it received");
        vm.assertLt(released - claimed - claimable, payees, "carry");
        return released - claimed;
    }

    /// forge-config: default.invariant.runs = 64
    /// @dev The journal recomputed from emitted logs is unbroken and ends at each contract's head.
    function invariant_completeness() external view {
        _handler.requireJournals();
    }

    /// @dev All but the carry can leave, after each run.
    function afterInvariant() external {
        _handler.claimEverything();
        for (uint256 k; k < _handler.TOKENS(); ++k) {
            address token = _handler.tokenAt(k);
            for (uint256 i; i < _handler.AGREEMENTS(); ++i) {
                (uint256 released, uint256 claimed, uint256 claimable, uint256 payees) = _handler.totals(i, token);
                vm.assertEq(claimable, 0, "left to claim");
                vm.assertLt(released - claimed, payees, "more than the carry is left");
            }
        }
        _handler.requireJournals();
    }
}
