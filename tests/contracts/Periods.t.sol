// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {bound, vm} from "./support/Vm.sol";

contract PeriodsTest is MoneyWorld {
    /// @dev In each period of 30 days the first 100 are the first payee's alone; what comes above is shared 60 to 40.
    function _periodic(uint32 holdDays) private view returns (Terms memory terms) {
        terms = _heldTerms(holdDays);
        terms.tranches = new Tranche[](2);
        (terms.tranches[0].upTo, terms.tranches[0].periodSeconds) = (100, 30 days);
        (terms.tranches[1].upTo, terms.tranches[1].periodSeconds) = (type(uint256).max, 30 days);
        (terms.payees[0].weights, terms.payees[1].weights) = (new uint64[](2), new uint64[](2));
        (terms.payees[0].weights[0], terms.payees[0].weights[1]) = (1e18, 0.6e18);
        terms.payees[1].weights[1] = 0.4e18;
    }

    function _shareIn(Terms memory terms, uint256 payee, uint32 period) private view returns (Share memory share) {
        share = _share(terms, payee);
        share.period = period;
    }

    function _claimIn(Terms memory terms, uint256 payee, uint32 period) private returns (uint256) {
        Share memory share = _shareIn(terms, payee, period);
        return ledger.claim(terms.payees[payee].account, address(dollar), share);
    }

    function _releasedIn(Terms memory terms, uint32 period) private view returns (uint256) {
        return ledger.releasedIn(agreements.agreementId(terms), address(dollar), period);
    }

    function test_periods_eachBeginsItsTranchesAnew() public {
        Terms memory terms = _periodic(0);
        AgreementId agreement = _agree(terms);
        _paid(terms, 150, "a");
        vm.warp(START + 30 days - 1);
        _paid(terms, 50, "b");
        vm.warp(START + 30 days);
        _paid(terms, 110, "c");
        vm.warp(START + 95 days);
        _paid(terms, 40, "d");
        vm.assertEq(_releasedIn(terms, 0), 200);
        vm.assertEq(_releasedIn(terms, 1), 110);
        vm.assertEq(_releasedIn(terms, 2), 0);
        vm.assertEq(_releasedIn(terms, 3), 40);
        vm.assertEq(uint256(_book(terms).released), 350);
        vm.assertEq(_claimIn(terms, 0, 0), 160);
        vm.assertEq(_claimIn(terms, 0, 1), 106);
        vm.assertEq(_claimIn(terms, 0, 3), 40);
        vm.assertEq(_claimIn(terms, 1, 0), 40);
        vm.assertEq(_claimIn(terms, 1, 1), 4);
        vm.assertEq(ledger.claimedOf(agreement, address(dollar), 1, parties[0]), 106);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_periods_claimedInOneTransfer() public {
        Terms memory terms = _periodic(0);
        _agree(terms);
        Share[] memory shares = new Share[](3);
        for (uint32 i; i < 3; ++i) {
            vm.warp(START + i * 30 days);
            _paid(terms, 110, bytes32(uint256(i)));
            shares[i] = _shareIn(terms, 0, i);
        }
        vm.assertEq(ledger.claimAcross(parties[0], address(dollar), shares), 3 * 106);
    }

    /// @dev By the day it is released, not by the day it was paid.
    function test_periods_ofAHeldPayment() public {
        Terms memory terms = _periodic(10);
        _agree(terms);
        vm.warp(START + 18 days);
        _paid(terms, 150, "released on day 28 or 29");
        vm.warp(START + 25 days);
        _paid(terms, 110, "released on day 35 or 36");
        vm.warp(START + 100 days);
        vm.assertEq(ledger.claimableOf(parties[0], address(dollar), _shareIn(terms, 0, 0)), 130);
        vm.assertEq(ledger.claimableOf(parties[0], address(dollar), _shareIn(terms, 0, 1)), 106);
        vm.assertEq(_claimIn(terms, 0, 1), 106);
        vm.assertEq(_claimIn(terms, 0, 0), 130);
        vm.assertEq(_claimIn(terms, 1, 0), 20);
    }

    /// @dev What a ruling leaves belongs to the period of the day on which it would have been released.
    function test_periods_ofARuling() public {
        Terms memory terms = _periodic(10);
        _agree(terms);
        Payment memory payment = _paid(terms, 150, "ref");
        _dispute(terms, payment);
        vm.warp(START + 50 days);
        _rule(terms, payment, 30);
        vm.assertEq(_releasedIn(terms, 0), 120);
        vm.assertEq(_releasedIn(terms, 1), 0);
    }

    /// @dev What serves a debt is missing from the period that it would have been released in.
    function test_periods_ofADebt() public {
        Terms memory terms = _periodic(0);
        _agree(terms);
        Payment memory payment = _paid(terms, 150, "ref");
        _clawBack(terms, payment, 60);
        vm.warp(START + 31 days);
        _paid(terms, 160, "ref 2");
        vm.assertEq(_releasedIn(terms, 0), 150);
        vm.assertEq(_releasedIn(terms, 1), 100);
        vm.assertEq(_claimIn(terms, 0, 1), 100);
        vm.assertEq(_claimIn(terms, 1, 0), 20);
    }

    function test_claim_ofAPeriodWithNothingReverts() public {
        Terms memory terms = _periodic(0);
        _agree(terms);
        _paid(terms, 100, "ref");
        Share memory share = _shareIn(terms, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NothingToClaim.selector, parties[0]));
        ledger.claim(parties[0], address(dollar), share);
    }

    /// @dev A single tranche with a period is written out: an empty list would say that there is none.
    function test_periods_ofASingleTranche() public {
        Terms memory terms = _heldTerms(0);
        terms.tranches[0].periodSeconds = 7 days;
        _agree(terms);
        _paid(terms, 10, "ref");
        vm.warp(START + 7 days);
        _paid(terms, 100, "ref 2");
        vm.assertEq(_claimIn(terms, 0, 0), 6);
        vm.assertEq(_claimIn(terms, 0, 1), 60);
        Share memory share = _shareIn(terms, 1, 0);
        share.tranches = new Tranche[](0);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, share.agreement, parties[1]));
        ledger.claim(parties[1], address(dollar), share);
    }

    function test_releasedIn_withoutPeriodsIsTheBooks() public {
        Terms memory terms = _heldTerms(0);
        _agree(terms);
        _paid(terms, 10, "ref");
        vm.assertEq(_releasedIn(terms, 0), 10);
        vm.assertEq(_releasedIn(terms, 1), 0);
    }

    /// @dev Per period: released = earned + carry, with a carry of less than one unit per payee.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_periods_eachIsConserved(uint256 seed) public {
        Terms memory terms = _periodic(0);
        _agree(terms);
        uint256[6] memory totals;
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 amount = bound(seed, 1, 90);
            vm.warp(START + (i * 9 days) + seed % 9 days);
            uint256 period = (block.timestamp - START) / 30 days;
            if (period > 5) break;
            _paid(terms, amount, bytes32(i));
            totals[period] += amount;
        }
        for (uint32 i; i < 6; ++i) {
            vm.assertEq(_releasedIn(terms, i), totals[i]);
            uint256 owed = ledger.claimableOf(parties[0], address(dollar), _shareIn(terms, 0, i))
                + ledger.claimableOf(parties[1], address(dollar), _shareIn(terms, 1, i));
            vm.assertLe(owed, totals[i], "owes more than it received");
            vm.assertLe(totals[i] - owed, 1, "carry");
        }
    }
}
