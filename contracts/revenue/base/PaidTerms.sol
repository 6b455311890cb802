// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Plan} from "../../agreements/libraries/Plan.sol";
import {Opening} from "../../agreements/types/Terms.sol";
import {IRevenueBooks} from "../interfaces/IRevenueBooks.sol";
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
        bytes32 conditionsHash = Plan.conditionsHash(opening.conditions);
        if (_idOf(opening.planRoot, conditionsHash) != payment.agreement) {
            revert IRevenueBooks.TermsMismatch(payment.agreement);
        }
    }
}
