// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {Payment} from "../types/Payments.sol";

/// @title Refunds to other recipients, and by signature
/// @notice More of {IRefunds}, apart from it because another contract holds its code. A payer that cannot receive names who can.
interface ISignedRefunds {
    /// @notice As {IRefunds.refund}, to a recipient of the payer's choice.
    /// @dev As there, and {RecipientInvalid}.
    function refundTo(Payment calldata payment, address recipient, uint256 amount) external;

    /// @notice The signed form of {refundTo}, by the account whose wallet paid: `Refund(address account,address payer,bytes32
    /// invoiceRef,address recipient,uint256 amount,uint256 nonce,uint256 deadline)`.
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        address recipient,
        uint256 amount,
        Authorization calldata authorization
    ) external;
}
