// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Book} from "../../../contracts/revenue/types/Books.sol";
import {Payment} from "../../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../../contracts/shared/types/Ids.sol";
import {SeldomActions} from "./SeldomActions.sol";
import {vm} from "./Vm.sol";

/// @title All that may be done in any order, and what is looked at in between
/// @dev After each action the contracts' new log entries are taken into their recomputed journals.
contract Handler is SeldomActions {
    function isHeld(uint256 version) external view returns (bool) {
        return _versions[version].holdSeconds != 0;
    }

    /// @notice What is claimed and claimable of one period, or of all where there are none.
    function totals(uint256 version, address token, uint256 period)
        external
        view
        returns (uint256 released, uint256 claimed, uint256 claimable)
    {
        AgreementId agreement = _versions[version].agreement;
        if (!ledger.bookOf(agreement, token).open) return (0, 0, 0);
        released = ledger.releasedIn(agreement, token, uint32(period));
        claimed = paidOut[version][token][period];
        for (uint256 i; i < payeesOf(version); ++i) {
            claimable += _claimableAt(version, i, token, period);
        }
    }

    /// @notice What is held and disputed of the payments to each version in each token, counted payment by payment.
    function waiting() external view returns (uint256[] memory held, uint256[] memory disputed) {
        held = new uint256[](_versions.length * TOKENS);
        disputed = new uint256[](held.length);
        for (uint256 i; i < _payments.length; ++i) {
            Payment storage payment = _payments[i];
            bool isDisputed = _isInDispute(payment);
            if (!isDisputed && payment.maturesAt <= block.timestamp) continue;
            uint256 token;
            while (_tokens[token] != payment.token) ++token;
            (isDisputed ? disputed : held)[_versionOf(payment.agreement) * TOKENS + token] += payment.amount
            - payment.refunded;
        }
    }

    function bookAt(uint256 version, address token) external view returns (Book memory) {
        return ledger.bookOf(_versions[version].agreement, token);
    }

    function balanceOfLedger(address token) external view returns (uint256) {
        return IERC20(token).balanceOf(address(ledger));
    }

    function matureVersion(uint256 version, address token) external journaled {
        ledger.mature(_versions[version].agreement, token, type(uint256).max);
    }

    function _matureAll() private {
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 k; k < TOKENS; ++k) {
                ledger.mature(_versions[i].agreement, tokenAt(k), type(uint256).max);
            }
        }
    }

    /// @notice Time passes, nobody rules, and everybody is paid what it is owed.
    function payEverything() external journaled {
        vm.warp(block.timestamp + 100 days);
        for (uint256 i; i < _payments.length; ++i) {
            if (_isInDispute(_payments[i])) _drop(_payments[i]);
            _payRefund(_payments[i]);
        }
        _matureAll();
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 t; t < TOKENS; ++t) {
                if (!ledger.bookOf(_versions[i].agreement, tokenAt(t)).open) continue;
                for (uint256 k; k < payeesOf(i) * periodsOf(i); ++k) {
                    _claim(i, k % payeesOf(i), k / payeesOf(i), tokenAt(t));
                }
            }
        }
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 t; t < TOKENS; ++t) {
                for (uint32 debt = 1; _payDebt(i, tokenAt(t), debt); ++debt) {}
            }
        }
    }
}
