// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A dollar for the local testnet
/// @notice Worth nothing: anyone may mint any amount. Never part of a real deployment.
contract TestDollar is ERC20, ERC20Permit {
    constructor() ERC20("Test Dollar", "tUSD") ERC20Permit("Test Dollar") {}

    /// @notice Gives an account new test dollars.
    /// @param amount in base units of 6 decimals
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    /// @notice Base units have 6 decimals, as most dollar tokens have.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
