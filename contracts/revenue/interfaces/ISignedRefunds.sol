// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {Payment} from "../types/Payments.sol";

/// @title Refunds by signature
/// @notice The signed form of {IRefunds.refund}, apart from it because another contract holds its code.
interface ISignedRefunds {
    /// @notice The signed form of {refund}, by the account whose wallet paid: `Refund(address account,address payer,bytes32
    /// invoiceRef,uint256 amount,uint256 nonce,uint256 deadline)`.
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        uint256 amount,
        Authorization calldata authorization
    ) external;
}
