// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Book, Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, NO_DEAL} from "../../contracts/shared/types/Ids.sol";
import {InflatingToken} from "./support/HostileTokens.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {Vm, bound, vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

contract HoldsTest is MoneyWorld {
    uint40 private constant MIDNIGHT = START / 1 days * 1 days + 1 days;

    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _agreement = _agree(_held());
    }

    function _held() private view returns (Terms memory) {
        return _heldTerms(30);
    }

    function _heldOn(uint40 maturesAt) private view returns (uint256) {
        return ledger.heldUntil(_agreement, address(dollar), maturesAt);
    }

    function test_hold_aPaymentWaitsInTheBucketOfItsDay() public {
        Payment memory payment = _paid(_held(), 1000, "ref");
        _isRecorded(payment, 1);
        vm.assertEq(uint256(payment.maturesAt), START / 1 days * 1 days + 31 days);
        vm.assertEq(_heldOn(payment.maturesAt), 1000);
        vm.assertEq(_heldOn(payment.maturesAt + 1), 0);
        vm.assertEq(_heldOn(payment.maturesAt + 2), 0);
        Book memory book = _book(_held());
        vm.assertTrue(book.open);
        vm.assertEq(uint256(book.released), 0);
        vm.assertEq(uint256(book.holdDays), 30);
        vm.assertEq(_claimable(_held(), 0), 0);
    }

    function test_hold_isReleasedAsItsDayBegins() public {
        Payment memory payment = _paid(_held(), 1000, "ref");
        vm.warp(payment.maturesAt - 1);
        vm.assertEq(_claimable(_held(), 0), 0);
        vm.assertEq(_mature(_held(), 100), 0);
        vm.warp(payment.maturesAt);
        vm.assertEq(_claimable(_held(), 0), 600);
        vm.assertEq(_claim(_held(), 0), 600);
        vm.assertEq(uint256(_book(_held()).released), 1000);
        vm.assertEq(_heldOn(payment.maturesAt), 0);
        vm.assertEq(_claim(_held(), 1), 400);
    }

    /// @dev The day after one that was released, for which nothing is held.
    function test_mature_countsNoDayOnWhichNothingIsHeld() public {
        Payment memory payment = _paid(_held(), 1000, "ref");
        vm.warp(payment.maturesAt);
        vm.assertEq(_mature(_held(), 100), 1);
        vm.warp(payment.maturesAt + 1 days);
        vm.assertEq(_mature(_held(), 100), 0);
    }

    function test_hold_atMidnightIsExactlyTheHold() public {
        vm.warp(MIDNIGHT);
        vm.assertEq(uint256(_paid(_held(), 1, "midnight").maturesAt), MIDNIGHT + 30 days);
        vm.assertEq(_heldOn(MIDNIGHT + 30 days), 1);
        vm.warp(MIDNIGHT + 1);
        _paid(_held(), 2, "a second later");
        vm.assertEq(_heldOn(MIDNIGHT + 31 days), 2);
        vm.warp(MIDNIGHT + 1 days - 1);
        _paid(_held(), 3, "last second");
        vm.assertEq(_heldOn(MIDNIGHT + 31 days), 5);
    }

    /// @dev A thirty days' hold is thirty days for each of them: what came late is not released with what came early.
    function test_attack_100OnDay1And900OnDay29UnderA30DayHold() public {
        Payment memory first = _paid(_held(), 100, "day 1");
        vm.warp(START + 28 days);
        Payment memory second = _paid(_held(), 900, "day 29");
        vm.warp(first.maturesAt);
        vm.assertEq(_claim(_held(), 0), 60);
        Share memory share = _share(_held(), 0);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NothingToClaim.selector, parties[0]));
        ledger.claim(parties[0], address(dollar), share);
        vm.assertEq(_heldOn(second.maturesAt), 900);
        _refund(second, 900);
        vm.warp(second.maturesAt + 100 days);
        vm.assertEq(_claimable(_held(), 0), 0);
        vm.assertEq(_claim(_held(), 1), 40);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_mature_releasesTheOldestDaysFirstAndNoMoreThanAsked() public {
        for (uint256 i; i < 5; ++i) {
            vm.warp(START + i * 2 days);
            _paid(_held(), 10 ** i, bytes32(i));
        }
        vm.warp(START + 300 days);
        vm.assertEq(_mature(_held(), 0), 0);
        vm.assertEq(uint256(_book(_held()).released), 0);
        vm.assertEq(_mature(_held(), 2), 2);
        vm.assertEq(uint256(_book(_held()).released), 11);
        vm.assertEq(_mature(_held(), 100), 3);
        vm.assertEq(uint256(_book(_held()).released), 11_111);
        vm.assertEq(_mature(_held(), 100), 0);
    }

    function test_mature_ofNothingIsNothing() public {
        vm.assertEq(_mature(_held(), 10), 0);
        vm.assertEq(ledger.mature(AgreementId.wrap("none"), address(dollar), 10), 0);
    }

    function test_mature_anEmptiedDayIsPassedOver() public {
        Payment memory payment = _paid(_held(), 1000, "ref");
        _refund(payment, 1000);
        vm.warp(START + 1 days);
        _paid(_held(), 7, "ref 2");
        vm.warp(START + 100 days);
        vm.recordLogs();
        vm.assertEq(_mature(_held(), 100), 2);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        vm.assertEq(uint256(_book(_held()).released), 7);
    }

    /// @dev The first payment of a book, at midnight: the next day is the first that is ever released.
    function test_noStuckMoney_aHoldOfOneDayFromMidnight() public {
        vm.warp(MIDNIGHT);
        Terms memory terms = _heldTerms(1);
        _agree(terms);
        vm.warp(_paid(terms, 1000, "ref").maturesAt);
        vm.assertEq(block.timestamp, MIDNIGHT + 1 days);
        vm.assertEq(_claim(terms, 0), 600);
    }

    function test_mature_saysWhatWasReleasedAndOfWhichDay() public {
        Payment memory payment = _paid(_held(), 1000, "ref");
        vm.warp(payment.maturesAt);
        vm.recordLogs();
        _mature(_held(), 100);
        Vm.Log memory entry = vm.getRecordedLogs()[0];
        vm.assertEq(entry.topics[0], IRevenueBooks.Matured.selector);
        assertSame(entry.topics[1], _agreement);
        vm.assertEq(entry.topics[2], bytes32(uint256(uint160(address(dollar)))));
        (uint40 maturesAt, uint256 amount) = abi.decode(entry.data, (uint40, uint256));
        vm.assertEq(uint256(maturesAt), uint256(payment.maturesAt));
        vm.assertEq(amount, 1000);
    }

    /// @dev More days than one claim releases: the rest waits for the next claim, and a view says what a claim pays.
    function test_noStuckMoney_aClaimReleasesABoundedNumberOfDays() public {
        for (uint256 i; i < 70; ++i) {
            vm.warp(START + i * 1 days);
            _paid(_held(), 100, bytes32(i));
        }
        vm.warp(START + 200 days);
        vm.assertEq(_claimable(_held(), 0), 64 * 60);
        vm.assertEq(_claim(_held(), 0), 64 * 60);
        vm.assertEq(_claimable(_held(), 0), 6 * 60);
        vm.assertEq(_claim(_held(), 0), 6 * 60);
        vm.assertEq(_claim(_held(), 1), 70 * 40);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_hold_ofABatchIsOneBucket() public {
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](3));
        for (uint256 i; i < 3; ++i) {
            bundles[0].invoices[i] = _invoice(10 + i, bytes32(i));
        }
        vm.prank(payer);
        ledger.payBatch(address(dollar), bundles);
        vm.assertEq(_heldOn(_maturity(30)), 33);
        // One entry tells of them; each is a payment of its own all the same.
        Payment memory second =
            Payment(payer, bytes32(uint256(1)), _agreement, address(dollar), NO_DEAL, 11, _maturity(30), 0, 0);
        _refund(second, 4);
        _dispute(_held(), second);
        _isRecorded(second, 2);
        vm.warp(_maturity(30));
        vm.assertEq(_claim(_held(), 0), 13); // of the first and the third
    }

    /// @dev The first payment may come long after the agreement began, and the next one long after that.
    function test_hold_daysFarApart() public {
        vm.warp(START + 9 * 365 days);
        _paid(_held(), 10, "ref");
        vm.warp(START + 20 * 365 days);
        _paid(_held(), 10, "ref 2");
        vm.assertEq(_claim(_held(), 0), 6);
        vm.warp(START + 40 * 365 days);
        vm.assertEq(_claim(_held(), 0), 6);
    }

    function test_hold_aBucketTooLargeReverts() public {
        _paid(_held(), type(uint128).max, "ref");
        dollar.mint(payer, 1);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.TotalTooLarge.selector, uint256(type(uint128).max) + 1));
        _pay(payer, _agreement, 1, "ref 2");
    }

    /// @dev Only a token of absurd supply gets there; what was released before stays claimable all the same.
    function test_noStuckMoney_aTotalTooLargeKeepsNobodyFromWhatWasReleased() public {
        InflatingToken token = new InflatingToken(type(uint128).max);
        Terms memory terms = _heldTerms(1);
        terms.tokens[0] = address(token);
        AgreementId agreement = _agree(terms);
        for (uint256 i; i < 2; ++i) {
            vm.prank(payer);
            ledger.pay(agreement, address(token), _invoice(1, bytes32(i)));
            vm.warp(block.timestamp + 1 days);
        }
        vm.warp(block.timestamp + 10 days);
        uint256 first = uint256(type(uint128).max) * 6 / 10;
        Share memory share = _share(terms, 0);
        vm.assertEq(ledger.claimableOf(parties[0], address(token), share), first);
        vm.assertEq(ledger.mature(agreement, address(token), 10), 1);
        vm.assertEq(ledger.claimableOf(parties[0], address(token), share), first);
    }

    /// @dev However days, payments and calls fall, the sum of what is held and what is released is what was paid, and
    /// nothing is released before its hold is over.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_hold_isReleasedOnItsDay(uint256 seed, uint32 holdDays) public {
        Terms memory terms = _heldTerms(uint32(bound(holdDays, 1, 40)));
        terms.salt = "fuzz";
        AgreementId agreement = _agree(terms);
        uint256[12] memory maturesAt;
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + seed % 3 days);
            maturesAt[i] = _paid(terms, 1 << (8 * i), bytes32(i)).maturesAt;
            vm.assertGe(maturesAt[i], block.timestamp + terms.holdSeconds, "too early");
            vm.assertLt(maturesAt[i], block.timestamp + terms.holdSeconds + 1 days, "too late");
            if (seed % 7 < 2) ledger.mature(agreement, address(dollar), seed % 7);
        }
        for (uint256 k; k < 20; ++k) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + seed % 5 days);
            ledger.mature(agreement, address(dollar), 100);
            uint256 due;
            for (uint256 i; i < 12; ++i) {
                if (maturesAt[i] <= block.timestamp) due += 1 << (8 * i);
            }
            vm.assertEq(uint256(_book(terms).released), due);
        }
    }
}
