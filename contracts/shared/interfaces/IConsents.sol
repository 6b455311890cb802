// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "./IAuthorizations.sol";

/// @title Actions that several must agree to
/// @notice Each of them consents by a signature over the action's EIP-712 struct, which then carries its `account`, a nonce
/// and a deadline; or by a transaction of its wallet ahead of the action, {consent}, which names the action by the hash that
/// the contract's own view functions give. In a list of consents an empty signature stands for the second: the account's
/// wallet is the caller, or has called {consent} before, and still is the account's wallet.
interface IConsents is IAuthorizations {
    /// @notice An account consented to an action by its own transaction.
    event Consented(address indexed account, bytes32 indexed action, uint64 seq, bytes24 head);
    /// @notice An account took back a consent by transaction that was not used yet.
    event ConsentWithdrawn(address indexed account, bytes32 indexed action, uint64 seq, bytes24 head);

    error ConsentMissing(address account, bytes32 action);
    error ConsentsMissing(uint256 needed, uint256 given);

    /// @notice Whether the account's current wallet has consented to the action by transaction.
    function hasConsented(address account, bytes32 action) external view returns (bool);

    /// @notice Consents to an action by the wallet's own transaction.
    /// @dev Reverts {NotTheWallet}.
    function consent(address account, bytes32 action) external;

    /// @notice Takes a consent back.
    /// @dev Reverts {NotTheWallet}, {ConsentMissing}.
    function withdrawConsent(address account, bytes32 action) external;
}
