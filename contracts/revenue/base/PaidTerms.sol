// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {Opening} from "../../agreements/types/Terms.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
import {bookIdOf} from "../types/BookIds.sol";
import {Payment} from "../types/Payments.sol";
import {RevenueBooks} from "./RevenueBooks.sol";

/// @title The terms that a payment was made under
/// @notice What rulings go by, on disputes as on debts.
abstract contract PaidTerms is RevenueBooks {
    function _requireArbiter(address account, Payment calldata payment, Opening calldata opening) internal view {
        _requireOpened(payment, opening);
        if (account == address(0) || account != opening.conditions.arbiter) {
            revert IRevenueBooks.NotTheArbiter(payment.agreement, account);
        }
    }

    function _requireOpened(Payment calldata payment, Opening calldata opening) internal view {
        if (Plan.rootOf(opening) != _rootOf(payment)) revert IRevenueBooks.TermsMismatch(payment.agreement);
    }

    function _rootOf(Payment calldata payment) internal view returns (bytes32) {
        return _roots[bookIdOf(payment.agreement, payment.token)];
    }
}
