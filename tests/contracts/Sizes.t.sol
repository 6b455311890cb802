// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

interface IForwarding {
    function SETTLEMENT() external view returns (address);
    function DEBTS() external view returns (address);
}

/// @title No contract has grown to where the next change no longer fits (EIP-170)
contract SizesTest is World {
    uint256 private constant LIMIT = 24_576;

    function test_sizes_leaveRoom() public view {
        vm.assertLe(address(ledger).code.length, LIMIT - 2000, "the revenue ledger has 2 kB of room");
        IForwarding forwarding = IForwarding(address(ledger));
        vm.assertLe(forwarding.SETTLEMENT().code.length, LIMIT - 2000, "the settlement has 2 kB of room");
        vm.assertLe(forwarding.DEBTS().code.length, LIMIT - 2000, "what runs debts has 2 kB of room");
        vm.assertLe(address(partners).code.length, LIMIT - 2000, "the partner registry has 2 kB of room");
        vm.assertLe(address(agreements).code.length, LIMIT - 2000, "the agreement registry has 2 kB of room");
        vm.assertLe(address(deals).code.length, LIMIT - 900, "the deal registry has 0.9 kB of room");
    }
}
