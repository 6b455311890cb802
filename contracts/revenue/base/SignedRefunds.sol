// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {IRefunds} from "../interfaces/IRefunds.sol";
import {ISignedRefunds} from "../interfaces/ISignedRefunds.sol";
import {PaymentHash} from "../libraries/PaymentHash.sol";
import {Payment} from "../types/Payments.sol";
import {Refunds} from "./Refunds.sol";

/// @title Refunds by signature
/// @notice See {ISignedRefunds}.
abstract contract SignedRefunds is Refunds, ISignedRefunds {
    /// @inheritdoc ISignedRefunds
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        uint256 amount,
        Authorization calldata authorization
    ) external nonReentrant {
        if (PARTNERS.accountOf(payment.payer) != account) {
            revert IRefunds.NotThePayer(payment.payer, account);
        }
        _spend(account, PaymentHash.refund(account, payment, amount, authorization), authorization);
        _refund(payment, _walletOf(account), amount);
    }
}
