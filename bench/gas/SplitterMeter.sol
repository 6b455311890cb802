// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "@tests/support/Vm.sol";
import {IDollar, Meter} from "./Meter.sol";

interface ISplitter {
    function release(IDollar token, address account) external;
}

/// @title What splitters do: creation, payment (a transfer of the token to the splitter), release to one payee, to all
abstract contract SplitterMeter is Meter {
    /// @dev Creates the splitter and says what that transaction cost.
    function _create(address[] memory payees, uint256[] memory shares)
        internal
        virtual
        returns (address splitter, uint256 gas);

    /// @dev Pays every payee what is due and says what the transactions cost together.
    function _payOut(address splitter, address[] memory payees) internal virtual returns (uint256 gas) {
        for (uint256 i; i < payees.length; ++i) {
            ISplitter(splitter).release(dollar, payees[i]);
            gas += _spent();
        }
    }

    function test_gas_twoPayees() public {
        _measure(2);
        _measureYears(2);
    }

    function test_gas_tenPayees() public {
        _measure(10);
        _measureYears(10);
    }

    function test_gas_hundredPayees() public {
        _measure(100);
        _measureYears(100);
    }

    function _measure(uint256 count) private {
        (address[] memory payees, uint256[] memory shares) = _payees(count);
        (address splitter, uint256 gas) = _create(payees, shares);
        _report("create", count, "payees", gas);

        _pay(splitter);
        _report("pay for the first time", count, "payees", _spent());
        _pay(splitter);
        _report("pay", count, "payees", _spent());

        address payee = payees[count / 2];
        uint256 before = dollar.balanceOf(payee);
        ISplitter(splitter).release(dollar, payee);
        _report("claim for the first time", count, "payees", _spent());
        vm.assertEq(dollar.balanceOf(payee) - before, 2 * PAYMENT / count, "the payee's share");
        _pay(splitter);
        ISplitter(splitter).release(dollar, payee);
        _report("claim", count, "payees", _spent());

        _payOutRest(splitter, payees, payee);
        _pay(splitter);
        gas = _spent() + _payOut(splitter, payees);
        _report("one payment paid out to all", count, "payees", gas);
        vm.assertLt(dollar.balanceOf(splitter), count, "all but the rest is paid out");
    }

    function _measureYears(uint256 count) private {
        _report("a year, paid out once", count, "payees", _year(count, 12));
        _report("a year, paid out monthly", count, "payees", _year(count, 1));
    }

    /// @dev A splitter from its creation on: a payment each month, and a payout to all every so many months.
    function _year(uint256 count, uint256 months) private returns (uint256 gas) {
        (address[] memory payees, uint256[] memory shares) = _payees(count);
        address splitter;
        (splitter, gas) = _create(payees, shares);
        for (uint256 month = 1; month <= 12; ++month) {
            _pay(splitter);
            gas += _spent();
            if (month % months == 0) gas += _payOut(splitter, payees);
        }
    }

    /// @dev So that every payee has been paid before when the payout to all is measured.
    function _payOutRest(address splitter, address[] memory payees, address paid) private {
        for (uint256 i; i < payees.length; ++i) {
            if (payees[i] != paid) ISplitter(splitter).release(dollar, payees[i]);
        }
    }
}
