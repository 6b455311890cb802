// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {bound, vm} from "./support/Vm.sol";

contract WaterfallTest is MoneyWorld {
    function setUp() public override {
        super.setUp();
        _agree(_waterfallTerms());
    }

    /// @dev The first recoups 1000, then 70 to 30 up to 5000, then half and half.
    function _waterfallTerms() private view returns (Terms memory terms) {
        terms = _heldTerms(0);
        terms.tranches = new Tranche[](3);
        terms.tranches[0].upTo = 1000;
        terms.tranches[1].upTo = 5000;
        terms.tranches[2].upTo = type(uint256).max;
        (terms.payees[0].weights, terms.payees[1].weights) = (new uint64[](3), new uint64[](3));
        (terms.payees[0].weights[0], terms.payees[0].weights[1], terms.payees[0].weights[2]) = (1e18, 0.7e18, 0.5e18);
        (terms.payees[1].weights[1], terms.payees[1].weights[2]) = (0.3e18, 0.5e18);
    }

    function _payTo(uint256 total) private {
        uint256 more = total - _book(_waterfallTerms()).released;
        if (more != 0) _paid(_waterfallTerms(), more, bytes32(total));
    }

    function _earned(uint256 payee) private view returns (uint256) {
        uint256 claimed = ledger.claimedOf(
            agreements.agreementId(_waterfallTerms()), address(dollar), 0, _waterfallTerms().payees[payee].account
        );
        return claimed + _claimable(_waterfallTerms(), payee);
    }

    function test_waterfall_recoupFirstThen70To30ThenHalf() public {
        uint256[7] memory totals = [uint256(1), 999, 1000, 1001, 5000, 5002, 105_000];
        uint256[7] memory first = [uint256(1), 999, 1000, 1000, 3800, 3801, 53_800];
        uint256[7] memory second = [uint256(0), 0, 0, 0, 1200, 1201, 51_200];
        for (uint256 i; i < 7; ++i) {
            _payTo(totals[i]);
            vm.assertEq(_earned(0), first[i]);
            vm.assertEq(_earned(1), second[i]);
        }
    }

    /// @dev A cap is a tranche: beyond it, a payee's weight is zero.
    function test_waterfall_aCapIsATranche() public {
        Terms memory terms = _waterfallTerms();
        (terms.payees[0].weights[2], terms.payees[1].weights[2]) = (0, 1e18);
        _agree(terms);
        _paid(terms, 1_000_000, "ref");
        vm.assertEq(_claim(terms, 0), 3800);
        _paid(terms, 1_000_000, "ref 2");
        vm.assertEq(_claimable(terms, 0), 0);
        vm.assertEq(_claim(terms, 1), 2_000_000 - 3800);
    }

    function test_waterfall_claimsBetweenPaymentsChangeNothing() public {
        uint256 paidOut;
        for (uint256 total = 333; total < 9000; total += 333) {
            _payTo(total);
            if (total % 2 == 0) paidOut += _claim(_waterfallTerms(), 0);
        }
        _payTo(9000);
        paidOut += _claim(_waterfallTerms(), 0);
        vm.assertEq(paidOut, 1000 + 2800 + 2000);
        vm.assertEq(_claim(_waterfallTerms(), 1), 1200 + 2000);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_claim_revertsWithShareInvalid_forAnotherTranchesOrPeriod() public {
        _payTo(100);
        bytes memory why = abi.encodeWithSelector(
            IRevenueBooks.ShareInvalid.selector, agreements.agreementId(_waterfallTerms()), parties[0]
        );
        for (uint256 i; i < 4; ++i) {
            Share memory share = _share(_waterfallTerms(), 0);
            if (i == 0) share.tranches[0].upTo += 1;
            if (i == 1) share.tranches = new Tranche[](0);
            if (i == 2) share.tranches[1].periodSeconds = 1 days;
            if (i == 3) share.period = 1;
            vm.expectRevert(why);
            ledger.claim(parties[0], address(dollar), share);
            vm.expectRevert(why);
            ledger.claimableOf(parties[0], address(dollar), share);
        }
    }

    /// @dev At any total the payees together have earned all of it but less than one unit each.
    function testFuzz_waterfall_isConserved(uint128 total, uint64[4] memory cuts, uint128[2] memory boundaries) public {
        Terms memory terms = _waterfallTerms();
        terms.tranches[0].upTo = bound(boundaries[0], 1, 1e20);
        terms.tranches[1].upTo = terms.tranches[0].upTo + bound(boundaries[1], 1, 1e20);
        for (uint256 i; i < 3; ++i) {
            terms.payees[0].weights[i] = uint64(bound(cuts[i], 0, 1e18));
            terms.payees[1].weights[i] = uint64(1e18 - terms.payees[0].weights[i]);
        }
        _agree(terms);
        uint256 amount = bound(total, 1, 1e21);
        _paid(terms, amount, "ref");
        uint256 owed = _claimable(terms, 0) + _claimable(terms, 1);
        vm.assertLe(owed, amount, "owes more than it received");
        vm.assertLe(amount - owed, 1, "carry");
    }
}
