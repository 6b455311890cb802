// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../../contracts/agreements/types/Terms.sol";
import {Share} from "../../../contracts/revenue/types/Books.sol";
import {AgreementId} from "../../../contracts/shared/types/Ids.sol";
import {Plans} from "./Plans.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A ledger in use, and the meter that its actions are put on: whole transactions, the 21,000 and the calldata
/// included
/// @dev Run with `--isolate`, so that each call is a transaction of its own. The state is what a ledger in use has:
/// journals and books exist, payers hold tokens and have given the ledger its allowance, payees hold tokens.
abstract contract GasWorld is World {
    uint256 internal constant DOLLARS = 1e6;

    Partner[] internal _two;
    Partner internal _payer;
    uint256 private _refs;

    function setUp() public virtual override {
        super.setUp();
        // Whatever a transaction does costs 21,000: less means that this is not one, and nothing would be measured.
        dollar.transfer(stranger, 0);
        if (vm.lastCallGas().gasTotalUsed < 21_000) vm.skip(true);
        Partner[] memory two = _partners(2);
        _two.push(two[0]);
        _two.push(two[1]);
        _payer = _partner("payer");
        _fund(_payer.account, type(uint128).max);
        vm.prank(_payer.account);
        partners.register(_payer.account, "Payer", "");
        for (uint256 i; i < 100; ++i) {
            dollar.mint(_partner(vm.toString(i)).account, 1);
        }
        _useLedger();
    }

    /// @dev A payment under somebody else's agreement: the journals have heads, the ledger holds tokens.
    function _useLedger() private {
        Terms memory terms = _terms(_two);
        terms.salt = "in use";
        _pay(_payer.account, _agree(terms), DOLLARS, "in use");
    }

    /// @dev Two claims of one payee after a payment each: the first one opens what the ledger keeps of the payee.
    function _claimAndReport(
        Terms memory terms,
        AgreementId agreement,
        uint256 payee,
        string memory payees,
        uint256 limit
    ) internal {
        Share memory share = Plans.share(terms, agreement, payee);
        address account = terms.payees[payee].account;
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        ledger.claim(account, address(dollar), share);
        _report(string.concat("claim for the first time, one tranche, ", payees), 1, 0);
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        ledger.claim(account, address(dollar), share);
        _report(string.concat("claim, one tranche, ", payees), 1, limit);
    }

    function _ref() internal returns (bytes32) {
        return keccak256(abi.encode("invoice", _refs++));
    }

    /// @dev Records the last call's gas, divided among what it did, and holds it against the limit (0: none is set).
    function _report(string memory action, uint256 count, uint256 limit) internal {
        uint256 each = (vm.lastCallGas().gasTotalUsed + count - 1) / count;
        vm.snapshotValue("gas", action, each);
        if (limit != 0) vm.assertLe(each, limit, action);
    }
}
