// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../types/Authorization.sol";

/// @title Actions in two forms
/// @notice Every action of a partner is called by the account's wallet itself, or by anyone who carries an
/// {Authorization} signed by that wallet over an EIP-712 struct that names every argument, the nonce and the deadline.
/// A signature counts only if made by the wallet that is current when it is executed.
interface IAuthorizations {
    /// @notice The account withdrew a signature it may have given away.
    event NonceCancelled(address indexed account, uint256 nonce, uint64 seq, bytes24 head);

    error NotTheWallet(address account, address caller);
    error AuthorizationExpired(address account, uint256 deadline);
    error NonceSpent(address account, uint256 nonce);
    error SignatureInvalid(address account, address wallet);

    /// @notice Whether the account has spent or cancelled this nonce on this contract.
    function nonceSpent(address account, uint256 nonce) external view returns (bool);

    /// @notice Makes every signature of the account that carries this nonce worthless on this contract.
    /// @dev Reverts {NotTheWallet}, {NonceSpent}.
    function cancelNonce(address account, uint256 nonce) external;

    /// @notice The signed form of {cancelNonce}: `CancelNonce(address account,uint256 cancelled,uint256 nonce,uint256
    /// deadline)`.
    function cancelNonceWithAuthorization(address account, uint256 cancelled, Authorization calldata authorization)
        external;
}
