// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Division} from "../../contracts/revenue/types/Divisions.sol";
import {Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Divisions} from "./support/Divisions.sol";
import {GasWorld} from "./support/GasWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @title What an agreement of two parties costs with more and more payees: what splitters are compared by
contract GasOfManyPayeesTest is GasWorld {
    function test_gas_tenPayees() public {
        _measure(10, "10 payees");
    }

    function test_gas_hundredPayees() public {
        _measure(100, "100 payees");
    }

    function test_gas_thousandPayees() public {
        _measure(1000, "1,000 payees");
    }

    function test_gas_payOutToTwo() public {
        _payOutAndReport(_terms(_two), "2 payees");
    }

    function test_gas_payOutToTen() public {
        _payOutAndReport(_termsOf(10), "10 payees");
    }

    function test_gas_payOutToHundred() public {
        _payOutAndReport(_termsOf(100), "100 payees");
    }

    function test_gas_payEverybodyTwo() public {
        _payEverybody(_terms(_two), "2 payees", 88_000);
    }

    function test_gas_payEverybodyTen() public {
        _payEverybody(_termsOf(10), "10 payees", 190_000);
    }

    function test_gas_payEverybodyHundred() public {
        _payEverybody(_termsOf(100), "100 payees", 1_330_000);
    }

    function test_gas_payEverybodyThousand() public {
        _payEverybody(_termsOf(1000), "1,000 payees", 12_800_000);
    }

    /// @dev The first round of a total looks at everybody; a later one does so only after somebody was paid alone.
    function _payEverybody(Terms memory terms, string memory payees, uint256 limit) private {
        for (uint256 i; i < terms.payees.length; ++i) {
            dollar.mint(terms.payees[i].account, 1);
        }
        terms.programme = _programme(_two[0], 1);
        AgreementId agreement = _activate(_two, terms);
        Division memory division = Divisions.all(terms, 0, 0);
        _payAndSpend(agreement);
        ledger.distribute(agreement, address(dollar), division);
        _report(string.concat("pay everybody, the first time, ", payees), 1, 2 ** 24);
        _payAndSpend(agreement);
        ledger.distribute(agreement, address(dollar), division);
        _report(string.concat("pay everybody, ", payees), 1, limit);
        Invoice memory invoice = _invoice(1000 * DOLLARS + 1, _ref());
        vm.prank(_payer.account);
        ledger.payAndDistribute(agreement, address(dollar), invoice, division);
        _report(string.concat("pay an invoice and everybody, ", payees), 1, 2 ** 24);
        _payAndSpend(agreement);
        ledger.claim(terms.payees[0].account, address(dollar), Plans.share(terms, agreement, 0));
        _report(string.concat("claim after everybody was paid, ", payees), 1, 0);
        ledger.distribute(agreement, address(dollar), division);
        _report(string.concat("pay everybody after a claim, ", payees), 1, 2 ** 24);
    }

    function _measure(uint256 count, string memory payees) private {
        Terms memory terms = _termsOf(count);
        terms.programme = _programme(_two[0], 1);
        AgreementId agreement = _activate(_two, terms);
        _report(string.concat("agreement co-signed by 2 parties, ", payees), 1, 0);
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        _report(string.concat("pay the first invoice of an agreement, no hold, ", payees), 1, 0);
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        _report(string.concat("pay an invoice, no hold, ", payees), 1, 83_000);
        dollar.mint(terms.payees[count / 2].account, 1);
        _claimAndReport(terms, agreement, count / 2, payees, count <= 100 ? 72_200 : 0);
    }

    /// @dev One payment and the claims of all its payees, each of whom has been paid before; and whole years.
    function _payOutAndReport(Terms memory terms, string memory payees) private {
        for (uint256 i; i < terms.payees.length; ++i) {
            dollar.mint(terms.payees[i].account, 1);
        }
        _yearAndReport(terms, "a year, claimed once by all, ", 12, payees);
        Share[] memory shares = _yearAndReport(terms, "a year, claimed monthly by all, ", 1, payees);
        uint256 gas = _payAndSpend(shares[0].agreement);
        gas += _claimAll(terms, shares);
        vm.snapshotValue("gas", string.concat("one payment claimed by all, ", payees), gas);
    }

    /// @dev An agreement from its activation on: a payment each month, and the claims of all every so many months.
    function _yearAndReport(Terms memory terms, string memory action, uint256 months, string memory payees)
        private
        returns (Share[] memory shares)
    {
        terms.salt = bytes32(months);
        AgreementId agreement = _activate(_two, terms);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        shares = new Share[](terms.payees.length);
        for (uint256 i; i < shares.length; ++i) {
            shares[i] = Plans.share(terms, agreement, i);
        }
        for (uint256 month = 1; month <= 12; ++month) {
            gas += _payAndSpend(agreement);
            if (month % months == 0) gas += _claimAll(terms, shares);
        }
        vm.snapshotValue("gas", string.concat(action, payees), gas);
    }

    function _payAndSpend(AgreementId agreement) private returns (uint256 gas) {
        _pay(_payer.account, agreement, 1000 * DOLLARS + 1, _ref());
        gas = vm.lastCallGas().gasTotalUsed;
    }

    /// @return gas of all the claims
    function _claimAll(Terms memory terms, Share[] memory shares) private returns (uint256 gas) {
        for (uint256 i; i < shares.length; ++i) {
            ledger.claim(terms.payees[i].account, address(dollar), shares[i]);
            gas += vm.lastCallGas().gasTotalUsed;
        }
    }

    /// @dev Terms of two parties and that many payees of equal shares. Their addresses rise in equal steps and are
    /// otherwise as random as others are: a zero byte of calldata is cheaper.
    function _termsOf(uint256 count) private view returns (Terms memory) {
        uint256 step = type(uint160).max / count;
        address[] memory accounts = new address[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = address(uint160(i * step + uint256(keccak256(abi.encode("payee", i))) % step));
        }
        return _terms(_accounts(_two), _equalShares(accounts));
    }
}
