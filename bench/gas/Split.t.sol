// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "@tests/support/Vm.sol";
import {IDollar, Meter} from "./Meter.sol";
import {SplitterMeter} from "./SplitterMeter.sol";

interface ISplit {
    function initialize(
        address admin,
        string calldata contractURI,
        address[] calldata trustedForwarders,
        address[] calldata payees,
        uint256[] calldata shares
    ) external;

    function distribute(IDollar token) external;
}

interface IFactory {
    function deployProxyByImplementation(address implementation, bytes calldata data, bytes32 salt)
        external
        returns (address);
}

/// @title thirdweb Split: a clone of one implementation, made by the cheapest of its factories, without a forwarder
contract SplitGasTest is SplitterMeter {
    IFactory private _factory;
    address private _implementation;
    uint256 private _created;

    constructor() Meter("Split") {}

    function setUp() public override {
        super.setUp();
        _factory = IFactory(vm.deployCode("TWStatelessFactory.sol:TWStatelessFactory", abi.encode(address(0))));
        _implementation = vm.deployCode("Split.sol:Split", "");
    }

    function _create(address[] memory payees, uint256[] memory shares)
        internal
        override
        returns (address splitter, uint256 gas)
    {
        string memory uri = "https://partners.example/agreements/7";
        bytes memory data = abi.encodeCall(ISplit.initialize, (payer, uri, new address[](0), payees, shares));
        splitter = _factory.deployProxyByImplementation(_implementation, data, keccak256(abi.encode(_created++)));
        gas = _spent();
    }

    function _payOut(address splitter, address[] memory) internal override returns (uint256) {
        ISplit(splitter).distribute(dollar);
        return _spent();
    }
}
