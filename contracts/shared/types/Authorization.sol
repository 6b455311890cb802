// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What anyone carries who executes an action for an account.
/// @param nonce unordered: any number the account has neither spent nor cancelled on this contract
/// @param deadline last second at which the signature counts (inclusive)
/// @param signature of the account's current wallet over the action's EIP-712 struct: 65 bytes of an externally owned
/// account, or whatever the wallet's ERC-1271 `isValidSignature` accepts
struct Authorization {
    uint256 nonce;
    uint256 deadline;
    bytes signature;
}
