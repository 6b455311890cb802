// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";

/// @title How an account whose keys are lost gets another wallet
/// @notice The consortium proposes, the owner has time to object, and then anyone completes it within another 30 days. What was
/// proposed and forgotten cannot be completed years later: it must be proposed, and wait in public, again.
interface IRecoveries {
    /// @notice The consortium began to recover an account whose keys are lost. A later proposal replaces an earlier one.
    /// @param executableAt from when on the recovery can be completed, in seconds
    /// @param expiresAt last second at which it can be completed
    event RecoveryProposed(
        address indexed account, address indexed wallet, uint40 executableAt, uint40 expiresAt, uint64 seq, bytes24 head
    );
    /// @notice The owner stopped a recovery, by saying so or by rotating the wallet itself.
    event RecoveryCancelled(address indexed account, address indexed wallet, uint64 seq, bytes24 head);
    /// @notice A recovery was completed: another wallet acts for the account and, by default, owns it.
    event AccountRecovered(address indexed account, address indexed wallet, address previous, uint64 seq, bytes24 head);

    error NoRecovery(address account);
    error RecoveryTooEarly(address account, uint256 executableAt);
    error RecoveryExpired(address account, uint256 expiresAt);

    /// @notice A recovery that waits: its wallet, from when on and until when it can be completed; zeros when there is none, or
    /// it has expired.
    function recoveryOf(address account) external view returns (address wallet, uint40 executableAt, uint40 expiresAt);

    /// @notice Seconds that a recovery waits in public.
    function RECOVERY_SECONDS() external view returns (uint256);

    /// @notice Seconds for which it can be completed after that.
    function RECOVERY_WINDOW_SECONDS() external view returns (uint256);

    /// @notice Begins the recovery of an account whose keys are lost. The owner has 14 days to cancel it.
    /// @dev Restricted to the role that the access manager gives. Reverts {WalletInvalid}, {WalletInUse}.
    function proposeRecovery(address account, address wallet) external;

    /// @notice Stops a recovery. Called by the owner.
    /// @dev Reverts {NotTheOwner}, {NoRecovery}.
    function cancelRecovery(address account) external;

    /// @notice The signed form of {cancelRecovery}, by the owner's key: `CancelRecovery(address account,uint256
    /// nonce,uint256 deadline)`.
    function cancelRecoveryWithAuthorization(address account, Authorization calldata authorization) external;

    /// @notice Completes a recovery from 14 to 44 days after it was proposed; the owner's place falls to the new wallet. Anyone may call.
    /// @param consent the new wallet's `AcceptWallet`; an empty signature when it is the caller
    /// @dev Reverts {NoRecovery}, {RecoveryTooEarly}, {RecoveryExpired}, {WalletInUse}, {AuthorizationExpired}, {NonceSpent},
    /// {SignatureInvalid}.
    function recover(address account, Authorization calldata consent) external;
}
