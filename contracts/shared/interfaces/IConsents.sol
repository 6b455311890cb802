// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "./IAuthorizations.sol";

/// @title Actions that several must agree to
/// @notice Each of them consents by a signature over the action's EIP-712 struct, which then carries its `account`, a nonce
/// and a deadline; or by a transaction of its wallet ahead of the action, to the very words of it and until a deadline: see
/// {IEndings.consentToEnd}, {IDealDecisions.consentToExtension} and {IDebts.consentToClawback}. Each leaves an entry that
/// says those words, and the hash by which the contract knows the action.
///
/// In a list of consents an empty signature stands for the second: the account's wallet is the caller, or has consented by
/// transaction, and still is the account's wallet. Where neither is so, a wallet that is a contract is asked by ERC-1271
/// with the empty signature, which stands for one that it keeps on chain, as a Safe does.
interface IConsents is IAuthorizations {
    /// @notice An account took back a consent by transaction.
    event ConsentWithdrawn(address indexed account, bytes32 indexed action, uint64 seq, bytes24 head);

    error ConsentMissing(address account, bytes32 action);
    error ConsentsMissing(uint256 needed, uint256 given);

    /// @notice Whether the account's current wallet has consented to the action by transaction, and that still counts.
    function hasConsented(address account, bytes32 action) external view returns (bool);

    /// @notice Takes a consent by transaction back, or clears one whose deadline has passed.
    /// @dev Reverts {NotTheWallet}, {ConsentMissing}.
    function withdrawConsent(address account, bytes32 action) external;
}
