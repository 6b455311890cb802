// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {IDealReviews} from "../../contracts/deals/interfaces/IDealReviews.sol";
import {DealState} from "../../contracts/deals/types/Deals.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {Vm, vm} from "./support/Vm.sol";

contract ReviewsTest is DealWorld {
    address private _one = address(0x1111);

    function _review(address reviewer, DealId deal, uint8 rating) private {
        vm.prank(reviewer);
        deals.review(reviewer, deal, rating, "comment");
    }

    function _revoke(address reviewer, DealId deal) private {
        vm.prank(reviewer);
        deals.revokeReview(reviewer, deal);
    }

    function _requireReview(DealId deal, address reviewer, uint256 rating, bytes32 comment, bool revoked) private view {
        (uint8 given, bytes32 said, bool takenBack) = deals.reviewOf(deal, reviewer);
        vm.assertEq(uint256(given), rating);
        vm.assertEq(said, comment);
        vm.assertTrue(takenBack == revoked);
    }

    function test_review_eachSideOfAWonDealRatesTheOther() public {
        DealId deal = _win(_one, "tag");
        vm.recordLogs();
        _review(_one, deal, 5);
        _review(vendor, deal, 1);
        _requireReview(deal, _one, 5, "comment", false);
        _requireReview(deal, vendor, 1, "comment", false);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(address(uint160(uint256(logs[0].topics[3]))), vendor);
        vm.assertEq(address(uint160(uint256(logs[1].topics[3]))), _one);
    }

    function test_review_revertsWithAlreadyReviewed() public {
        DealId deal = _win(_one, "tag");
        _review(_one, deal, 5);
        bytes memory why = abi.encodeWithSelector(IDealReviews.AlreadyReviewed.selector, deal, _one);
        vm.expectRevert(why);
        _review(_one, deal, 4);
        _revoke(_one, deal);
        _requireReview(deal, _one, 0, 0, true);
        vm.expectRevert(why);
        _review(_one, deal, 4);
    }

    function test_review_revertsWithRatingInvalid() public {
        DealId deal = _win(_one, "tag");
        uint8[3] memory ratings = [uint8(0), 6, 255];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDealReviews.RatingInvalid.selector, ratings[i]));
            _review(_one, deal, ratings[i]);
        }
    }

    function test_review_revertsWithWrongState() public {
        DealId deal = _register(_one, "tag");
        vm.expectRevert(
            abi.encodeWithSelector(IDealQueue.WrongState.selector, deal, DealState.Registered, DealState.Won)
        );
        _review(_one, deal, 5);
    }

    function test_review_revertsWithNotACounterparty() public {
        DealId deal = _win(_one, "tag");
        vm.expectRevert(abi.encodeWithSelector(IDealReviews.NotACounterparty.selector, deal, stranger));
        _review(stranger, deal, 5);
        vm.expectRevert(abi.encodeWithSelector(IDealReviews.NotACounterparty.selector, bytes32("none"), _one));
        _review(_one, DealId.wrap("none"), 5);
        DealId committed = _commit(_revealOf(_one, "other"));
        vm.expectRevert(abi.encodeWithSelector(IDealReviews.NotACounterparty.selector, committed, _one));
        _review(_one, committed, 5);
    }

    function test_review_revertsWithNotTheWallet() public {
        DealId deal = _win(_one, "tag");
        bytes memory why = abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _one, vendor);
        vm.expectRevert(why);
        vm.prank(vendor);
        deals.review(_one, deal, 5, 0);
        vm.expectRevert(why);
        vm.prank(vendor);
        deals.revokeReview(_one, deal);
    }

    function test_revokeReview_revertsWithNotReviewed() public {
        DealId deal = _win(_one, "tag");
        bytes memory why = abi.encodeWithSelector(IDealReviews.NotReviewed.selector, deal, _one);
        vm.expectRevert(why);
        _revoke(_one, deal);
        _review(_one, deal, 5);
        _revoke(_one, deal);
        vm.expectRevert(why);
        _revoke(_one, deal);
    }
}
