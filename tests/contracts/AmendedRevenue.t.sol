// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

/// @dev What an amendment or an ending means for money: never anything for what was received before.
contract AmendedRevenueTest is DealWorld {
    address private _payer = address(0xACC);
    address private _account = address(0xBCC);
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _agreement = _join(_account);
        _fund(_payer, 1e18);
    }

    /// @dev The vendor alone is a payee from now on.
    function _withoutTheAccount(uint40 validFrom) private view returns (Terms memory terms) {
        terms = _successorOf(_termsWith(_account));
        terms.validFrom = validFrom;
        address[] memory payees = new address[](1);
        payees[0] = vendor;
        terms.payees = _equalShares(payees);
    }

    function _place(Terms memory terms, address account) private pure returns (uint256) {
        return terms.payees[0].account == account ? 0 : 1;
    }

    function _claimOf(Terms memory terms, address account) private returns (uint256) {
        Share memory share = _share(terms, _place(terms, account));
        return ledger.claim(account, address(dollar), share);
    }

    function test_attack_shareChangeBetweenRevenueAndClaim_theRemovedPayeeKeepsWhatItEarned() public {
        Terms memory first = _termsWith(_account);
        _pay(_payer, _agreement, 1000, "ref");
        Terms memory second = _withoutTheAccount(uint40(block.timestamp));
        AgreementId successor = _amend(second, first);
        _pay(_payer, successor, 500, "ref 2");
        vm.assertEq(_claimOf(first, _account), 500);
        vm.assertEq(_claimOf(first, vendor), 500);
        vm.assertEq(_claimOf(second, vendor), 500);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
    }

    function test_pay_revertsWithSuperseded() public {
        _pay(_payer, _agreement, 1, "ref");
        vm.warp(block.timestamp + 1);
        AgreementId successor = _amend(_withoutTheAccount(uint40(block.timestamp)), _termsWith(_account));
        bytes memory why = abi.encodeWithSelector(IPayments.Superseded.selector, successor);
        vm.expectRevert(why);
        _pay(_payer, _agreement, 1, "ref 2");
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](1));
        bundles[0].invoices[0] = _invoice(1, "ref 2");
        vm.expectRevert(why);
        vm.prank(_payer);
        ledger.payBatch(address(dollar), bundles);
    }

    function test_pay_revertsWithSuperseded_whenItWasNeverPaidBefore() public {
        vm.warp(block.timestamp + 1);
        AgreementId successor = _amend(_withoutTheAccount(uint40(block.timestamp)), _termsWith(_account));
        vm.expectRevert(abi.encodeWithSelector(IPayments.Superseded.selector, successor));
        _pay(_payer, _agreement, 1, "ref");
    }

    function test_pay_thePredecessorUntilTheSuccessorTakesEffect() public {
        uint40 from = uint40(block.timestamp) + 10 days;
        _pay(_payer, _agreement, 1, "ref");
        AgreementId successor = _amend(_withoutTheAccount(from), _termsWith(_account));
        vm.warp(from - 1);
        _pay(_payer, _agreement, 1, "ref 2");
        vm.expectRevert(abi.encodeWithSelector(IPayments.NotYetValid.selector, successor, uint256(from)));
        _pay(_payer, successor, 1, "ref 3");
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Superseded.selector, successor));
        _pay(_payer, _agreement, 1, "ref 3");
        _pay(_payer, successor, 1, "ref 3");
    }

    /// @dev A deal won before pays the version that it was won under, for ever.
    function test_pay_ofADealWonBeforeTheAmendment() public {
        DealId deal = _win(_account, "customer");
        AgreementId successor = _amend(_withoutTheAccount(uint40(block.timestamp)), _termsWith(_account));
        vm.warp(block.timestamp + 1000 days);
        vm.prank(_payer);
        ledger.pay(_agreement, address(dollar), Invoice(deal, 1000, "ref"));
        vm.assertEq(_claimOf(_termsWith(_account), _account), 500);
        vm.expectRevert(abi.encodeWithSelector(IPayments.DealNotWon.selector, successor, deal));
        vm.prank(_payer);
        ledger.pay(successor, address(dollar), Invoice(deal, 1000, "ref 2"));
    }

    /// @dev An agreement that ended by itself says so, until a renewal takes its place.
    function test_pay_afterTheEndAndAfterTheRenewal() public {
        vm.warp(START + 365 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IPayments.AgreementEnded.selector, _agreement, uint256(START + 365 days))
        );
        _pay(_payer, _agreement, 1, "ref");
        Terms memory renewal = _withoutTheAccount(uint40(block.timestamp) + 1 days);
        renewal.validUntil = OPEN_ENDED;
        AgreementId successor = _amend(renewal, _termsWith(_account));
        vm.expectRevert(
            abi.encodeWithSelector(IPayments.AgreementEnded.selector, _agreement, uint256(START + 365 days))
        );
        _pay(_payer, _agreement, 1, "ref");
        vm.warp(renewal.validFrom);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Superseded.selector, successor));
        _pay(_payer, _agreement, 1, "ref");
    }

    function test_endBook_byAStrangerReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IPayments.NotTheAgreementRegistry.selector, stranger));
        vm.prank(stranger);
        ledger.endBook(_agreement, address(dollar), START);
    }
}
