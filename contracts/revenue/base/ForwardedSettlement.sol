// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RevenueSettlement} from "../RevenueSettlement.sol";
import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "../interfaces/IRevenueLedger.sol";
import {Authorization} from "../../shared/types/Authorization.sol";
import {Opening, Payee, Tranche} from "../../agreements/types/Terms.sol";

/// @title The entrances to {RevenueSettlement}
/// @notice Each function of the ledger that is carried out there, by name: nothing else of that contract can be reached.
abstract contract ForwardedSettlement is IRevenueLedger {
    /// @notice The contract whose code is run. It is created with the ledger and can never be another.
    RevenueSettlement public immutable SETTLEMENT;

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements) {
        SETTLEMENT = new RevenueSettlement(partners, agreements);
    }

    /// @inheritdoc IRevenueLedger
    function dispute(address, Payment calldata, bytes32, Opening calldata) external {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
    function disputeWithAuthorization(address, Payment calldata, bytes32, Opening calldata, Authorization calldata)
        external
    {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
    function rule(address, Payment calldata, uint256, bytes32, Opening calldata) external {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
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

    /// @inheritdoc IRevenueLedger
    function dropDispute(Payment calldata) external {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
    function payRefund(Payment calldata) external returns (uint256) {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
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

    /// @inheritdoc IRevenueLedger
    function ruleClawback(address, Payment calldata, uint256, bytes32, Opening calldata) external returns (uint32) {
        _forward();
    }

    /// @inheritdoc IRevenueLedger
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

    /// @inheritdoc IRevenueLedger
    function payDebt(bytes32, address, uint32) external returns (uint256) {
        _forward();
    }

    /// @dev Runs the same call there, on this contract's storage, and ends it with what comes back.
    function _forward() private {
        address rulings = address(SETTLEMENT);
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            calldatacopy(call_, 0, calldatasize())
            let done := delegatecall(gas(), rulings, call_, calldatasize(), 0, 0)
            returndatacopy(call_, 0, returndatasize())
            if iszero(done) { revert(call_, returndatasize()) }
            return(call_, returndatasize())
        }
    }
}
