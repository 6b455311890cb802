// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {Opening, Payee, Tranche} from "../../agreements/types/Terms.sol";
import {IDealRegistry} from "../../deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {IAuthorizations} from "../../shared/interfaces/IAuthorizations.sol";
import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {RevenueSettlement} from "../RevenueSettlement.sol";
import {IDebts} from "../interfaces/IDebts.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {ISignedRefunds} from "../interfaces/ISignedRefunds.sol";
import {Payment} from "../types/Payments.sol";
import {RevenueState} from "./RevenueState.sol";

/// @title The entrances to {RevenueSettlement}
/// @notice Each function of the ledger that is carried out there, by name: nothing else of that contract can be reached.
abstract contract ForwardedSettlement is RevenueState, ISignedRefunds, IDisputes, IDebts {
    /// @notice The contract whose code is run. It is created with the ledger and can never be another.
    RevenueSettlement public immutable SETTLEMENT;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals) {
        SETTLEMENT = new RevenueSettlement(partners, agreements, deals);
    }

    /// @inheritdoc IAuthorizations
    function cancelNonce(address, uint256) external {
        _forward();
    }

    /// @inheritdoc IAuthorizations
    function cancelNonceWithAuthorization(address, uint256, Authorization calldata) external {
        _forward();
    }

    /// @inheritdoc IConsents
    function consent(address, bytes32) external {
        _forward();
    }

    /// @inheritdoc IConsents
    function withdrawConsent(address, bytes32) external {
        _forward();
    }

    /// @inheritdoc ISignedRefunds
    function refundTo(Payment calldata, address, uint256) external {
        _forward();
    }

    /// @inheritdoc ISignedRefunds
    function refundWithAuthorization(address, Payment calldata, address, uint256, Authorization calldata) external {
        _forward();
    }

    /// @inheritdoc IDisputes
    function dispute(address, Payment calldata, bytes32, Opening calldata) external {
        _forward();
    }

    /// @inheritdoc IDisputes
    function disputeWithAuthorization(address, Payment calldata, bytes32, Opening calldata, Authorization calldata)
        external
    {
        _forward();
    }

    /// @inheritdoc IDisputes
    function rule(address, Payment calldata, uint256, bytes32, Opening calldata) external {
        _forward();
    }

    /// @inheritdoc IDisputes
    function ruleWithAuthorization(
        address,
        Payment calldata,
        uint256,
        bytes32,
        Opening calldata,
        Authorization calldata
    ) external {
        _forward();
    }

    /// @inheritdoc IDisputes
    function dropDispute(Payment calldata) external {
        _forward();
    }

    /// @inheritdoc IDisputes
    function payRefund(Payment calldata) external returns (uint256) {
        _forward();
    }

    /// @inheritdoc IDisputes
    function payRefundTo(Payment calldata, address) external returns (uint256) {
        _forward();
    }

    /// @inheritdoc IDisputes
    function payRefundWithAuthorization(address, Payment calldata, address, Authorization calldata)
        external
        returns (uint256)
    {
        _forward();
    }

    /// @inheritdoc IDebts
    function clawBackByConsent(
        Payment calldata,
        uint256,
        bytes32,
        Tranche[] calldata,
        Payee[] calldata,
        Authorization[] calldata
    ) external returns (uint32) {
        _forward();
    }

    /// @inheritdoc IDebts
    function ruleClawback(address, Payment calldata, uint256, bytes32, Opening calldata) external returns (uint32) {
        _forward();
    }

    /// @inheritdoc IDebts
    function ruleClawbackWithAuthorization(
        address,
        Payment calldata,
        uint256,
        bytes32,
        Opening calldata,
        Authorization calldata
    ) external returns (uint32) {
        _forward();
    }

    /// @inheritdoc IDebts
    function payDebt(AgreementId, address, uint32) external returns (uint256) {
        _forward();
    }

    /// @inheritdoc IDebts
    function payDebtTo(AgreementId, address, uint32, address) external returns (uint256) {
        _forward();
    }

    /// @inheritdoc IDebts
    function payDebtWithAuthorization(address, AgreementId, address, uint32, address, Authorization calldata)
        external
        returns (uint256)
    {
        _forward();
    }

    /// @dev Runs the same call there, on this contract's storage, and ends it with what comes back.
    function _forward() internal {
        address settlement = address(SETTLEMENT);
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            calldatacopy(call_, 0, calldatasize())
            let done := delegatecall(gas(), settlement, call_, calldatasize(), 0, 0)
            returndatacopy(call_, 0, returndatasize())
            if iszero(done) { revert(call_, returndatasize()) }
            return(call_, returndatasize())
        }
    }
}
