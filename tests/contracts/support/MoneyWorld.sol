// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CLAWBACK_ALLOWED, Terms} from "../../../contracts/agreements/types/Terms.sol";
import {Book, Share} from "../../../contracts/revenue/types/Books.sol";
import {Payment} from "../../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {Plans} from "./Plans.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world with a payer, an arbiter and two parties that share 60 to 40
abstract contract MoneyWorld is World {
    address internal payer = address(0xACC);
    address internal arbiter = address(0xA4B1);
    address[] internal parties;
    bytes private _keptTerms;

    function setUp() public virtual override {
        super.setUp();
        parties = _accounts(_partners(2));
        _fund(payer, type(uint128).max);
    }

    /// @dev 60 % and 40 %, held for as many days, with an arbiter, and with clawback.
    function _heldTerms(uint32 holdDays) internal view virtual returns (Terms memory terms) {
        uint64[] memory weights = new uint64[](2);
        (weights[0], weights[1]) = (0.6e18, 0.4e18);
        terms = _terms(parties, _payees(parties, weights));
        terms.holdSeconds = holdDays * 1 days;
        terms.arbiter = arbiter;
        terms.clawback = CLAWBACK_ALLOWED;
    }

    /// @dev Keeps terms for later; the compiler cannot copy them to storage as they are.
    function _keep(Terms memory terms) internal {
        _keptTerms = abi.encode(terms);
    }

    function _kept() internal view returns (Terms memory) {
        return abi.decode(_keptTerms, (Terms));
    }

    /// @dev When a payment of now is released: the beginning of the first day at least the hold later.
    function _maturity(uint256 holdDays) internal view returns (uint40) {
        if (holdDays == 0) return uint40(block.timestamp);
        uint256 day = (block.timestamp + holdDays * 1 days) / 1 days;
        if (day * 1 days < block.timestamp + holdDays * 1 days) ++day;
        return uint40(day * 1 days);
    }

    /// @dev Pays, and says what a refund or a ruling has to name.
    function _paid(Terms memory terms, uint256 amount, bytes32 invoiceRef) internal returns (Payment memory payment) {
        payment.payer = payer;
        payment.invoiceRef = invoiceRef;
        payment.agreement = agreements.agreementId(terms);
        payment.token = address(dollar);
        payment.amount = amount;
        payment.maturesAt = _maturity(terms.holdSeconds / 1 days);
        _pay(payer, payment.agreement, amount, invoiceRef);
    }

    function _refund(Payment memory payment, uint256 amount) internal {
        vm.prank(payment.payer);
        ledger.refund(payment, amount);
        payment.refunded += amount;
    }

    function _dispute(Terms memory terms, Payment memory payment) internal {
        vm.prank(terms.parties[0]);
        ledger.dispute(terms.parties[0], payment, "not-delivered", Plans.opening(terms));
        payment.disputedAt = uint40(block.timestamp);
    }

    function _rule(Terms memory terms, Payment memory payment, uint256 refunded) internal {
        vm.prank(terms.arbiter);
        ledger.rule(terms.arbiter, payment, refunded, "half-delivered", Plans.opening(terms));
        payment.refunded += refunded;
    }

    function _clawBack(Terms memory terms, Payment memory payment, uint256 amount) internal returns (uint32 debt) {
        vm.prank(terms.arbiter);
        debt = ledger.ruleClawback(terms.arbiter, payment, amount, "returned", Plans.opening(terms));
        payment.refunded += amount;
    }

    /// @dev What the record of a payment must be, apart from the contracts' own library.
    /// @param status 1: never disputed, 2: in dispute, 3: its dispute is over
    function _recordOf(Payment memory payment, uint256 status) internal pure returns (bytes32) {
        bytes memory words = abi.encode(
            payment.agreement, payment.token, payment.deal, payment.amount, payment.maturesAt, payment.refunded
        );
        if (status != 1) words = bytes.concat(words, abi.encode(payment.disputedAt));
        return (keccak256(words) >> 8 << 8) | bytes32(status);
    }

    function _isRecorded(Payment memory payment, uint256 status) internal view {
        vm.assertEq(ledger.paymentOf(payment.payer, payment.invoiceRef), _recordOf(payment, status));
    }

    function _book(Terms memory terms) internal view returns (Book memory) {
        return ledger.bookOf(agreements.agreementId(terms), address(dollar));
    }

    function _claimable(Terms memory terms, uint256 payee) internal view returns (uint256) {
        return ledger.claimableOf(terms.payees[payee].account, address(dollar), _share(terms, payee));
    }

    function _claim(Terms memory terms, uint256 payee) internal returns (uint256) {
        Share memory share = _share(terms, payee);
        return ledger.claim(terms.payees[payee].account, address(dollar), share);
    }

    function _mature(Terms memory terms, uint256 most) internal returns (uint256) {
        return ledger.mature(agreements.agreementId(terms), address(dollar), most);
    }

    /// @dev Consents that say nothing: each payee has consented by transaction, or calls.
    function _silent(uint256 count) internal pure returns (Authorization[] memory) {
        return new Authorization[](count);
    }
}
