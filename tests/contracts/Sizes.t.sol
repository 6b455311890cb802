// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

interface IForwarding {
    function SETTLEMENT() external view returns (address);
}

interface IArtifacts {
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @title No contract has grown to where the next change no longer fits (EIP-170, EIP-3860)
contract SizesTest is World {
    uint256 private constant LIMIT = 24_576;
    uint256 private constant LIMIT_OF_CREATION = 49_152;

    function test_sizes_leaveRoom() public view {
        vm.assertLe(address(ledger).code.length, LIMIT - 2000, "the revenue ledger has 2 kB of room");
        address settlement = IForwarding(address(ledger)).SETTLEMENT();
        vm.assertLe(settlement.code.length, LIMIT - 2000, "the settlement has 2 kB of room");
        vm.assertLe(address(partners).code.length, LIMIT - 2000, "the partner registry has 2 kB of room");
        vm.assertLe(address(agreements).code.length, LIMIT - 2000, "the agreement registry has 2 kB of room");
        vm.assertLe(address(deals).code.length, LIMIT - 2000, "the deal registry has 2 kB of room");
    }

    /// @dev The ledger brings the settlement's code along when it is created.
    function test_sizes_theLedgerCanBeCreated() public view {
        bytes memory creation = IArtifacts(address(vm)).getCode("RevenueLedger.sol:RevenueLedger");
        vm.assertLe(creation.length + 4 * 32, LIMIT_OF_CREATION, "both fit into one creation");
    }
}
