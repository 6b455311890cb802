// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "@tests/support/Vm.sol";
import {Meter} from "./Meter.sol";
import {SplitterMeter} from "./SplitterMeter.sol";

interface ICode {
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @title OpenZeppelin PaymentSplitter 4.9: each split is a contract of its own, deployed with its payees
contract PaymentSplitterGasTest is SplitterMeter {
    constructor() Meter("PaymentSplitter") {}

    /// @dev forge keeps no account of the last creation. Isolated, it charges the whole transaction to the creating
    /// contract, beside the CREATE instruction's own price (EIP-3860), which is taken off again: exact to 40 gas.
    function _create(address[] memory payees, uint256[] memory shares)
        internal
        override
        returns (address splitter, uint256 gas)
    {
        bytes memory code = ICode(address(vm)).getCode("PaymentSplitter.sol:PaymentSplitter");
        bytes memory creation = bytes.concat(code, abi.encode(payees, shares));
        uint256 instruction = 32_000 + 2 * ((creation.length + 31) / 32);
        gas = gasleft();
        assembly ("memory-safe") {
            splitter := create(0, add(creation, 0x20), mload(creation))
        }
        gas -= gasleft() + instruction;
        vm.assertTrue(splitter != address(0), "the splitter is created");
    }
}
