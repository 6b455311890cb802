// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

// They are constants of the contracts, and named as such.
// solhint-disable func-name-mixedcase

/// @title Which others a contract was created with, as their constructors ask one another
/// @notice Each has the functions of those that it was given.
interface INamesOthers {
    /// @notice Where the partners are.
    function PARTNERS() external view returns (address);

    /// @notice Where the agreements are.
    function AGREEMENTS() external view returns (address);

    /// @notice Where revenue is recorded.
    function LEDGER() external view returns (address);
}
