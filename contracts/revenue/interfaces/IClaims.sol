// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Portion, Share} from "../types/Books.sol";

/// @title Claiming
/// @notice A payee's entitlement is a function of the total released, and each claims for itself or has anyone do it.
interface IClaims {
    /// @notice A payee was paid what it had earned and not yet claimed.
    event Claimed(
        AgreementId indexed agreement,
        address indexed account,
        address token,
        uint32 period,
        address recipient,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );

    /// @notice A payee was paid in one transfer what it had earned under several agreements, or in several periods.
    /// @param portions of those of which it was paid something, in the order of the claim
    event ClaimedAcross(
        address indexed account, address indexed token, address recipient, Portion[] portions, uint64 seq, bytes24 head
    );

    error NothingToClaim(address account);
    error RecipientInvalid();

    /// @notice Releases held payments whose day has come, the oldest day first. Anyone may call; claims do it too.
    /// @param most days to release at most
    /// @return days_ how many were
    function mature(AgreementId agreement, address token, uint256 most) external returns (uint256 days_);

    /// @notice Pays an account what it earned under an agreement, to its wallet. Anyone may call.
    /// @return amount 0 when it only released days that all served debts: claim again, there may be more behind them
    /// @dev Reverts {ShareInvalid}, {NothingToClaim} (and no day was released).
    function claim(address account, address token, Share calldata share) external returns (uint256 amount);

    /// @notice As {claim}, across agreements and in one transfer.
    /// @dev Agreements with nothing to claim are passed over. One entry says what came of which: {ClaimedAcross}, or
    /// {Claimed} where it was but one.
    function claimAcross(address account, address token, Share[] calldata shares) external returns (uint256 amount);

    /// @notice As {claimAcross}, to a recipient of the account's choice. Called by the account's wallet.
    /// @dev Also reverts {NotTheWallet}, {RecipientInvalid}.
    function claimTo(address account, address recipient, address token, Share[] calldata shares)
        external
        returns (uint256 amount);

    /// @notice The signed form of {claimTo}: `ClaimTo(address account,address recipient,address token,Source[]
    /// sources,uint256 nonce,uint256 deadline)Source(bytes32 agreement,uint32 period)`, the sources in the order of `shares`.
    function claimToWithAuthorization(
        address account,
        address recipient,
        address token,
        Share[] calldata shares,
        Authorization calldata authorization
    ) external returns (uint256 amount);
}
