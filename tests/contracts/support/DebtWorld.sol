// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../../contracts/agreements/types/Terms.sol";
import {Payment} from "../../../contracts/revenue/types/Payments.sol";
import {MoneyWorld} from "./MoneyWorld.sol";
import {vm} from "./Vm.sol";

/// @title A world with a payment of 100 that was released at once, of which something may be clawed back
abstract contract DebtWorld is MoneyWorld {
    Payment internal _payment;

    function setUp() public override {
        super.setUp();
        _keep(_heldTerms(0));
        _agree(_kept());
        _payment = _paid(_kept(), 100, "ref");
    }

    function _payMore(Terms memory terms, uint256 amount) internal {
        _pay(payer, agreements.agreementId(terms), amount, keccak256(abi.encode(_freshNonce())));
    }

    /// @dev What the version's own payees agreed to.
    function _owesByConsent(Terms memory terms, uint256 owed, uint256 served) internal view {
        vm.assertEq(uint256(_book(terms).agreed), owed);
        vm.assertEq(uint256(_book(terms).agreedServed), served);
    }

    function _owes(Terms memory terms, uint256 owed, uint256 served) internal view {
        vm.assertEq(uint256(_book(terms).owed), owed);
        vm.assertEq(uint256(_book(terms).served), served);
    }
}
