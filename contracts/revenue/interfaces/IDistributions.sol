// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId} from "../../shared/types/Ids.sol";
import {Division, Part} from "../types/Divisions.sol";

/// @title Paying everybody at once
/// @notice One call pays all payees of an agreement what they have earned and not been paid: by anyone, each to its wallet.
/// A payee that cannot be paid keeps nobody from being paid: its part is set aside for it to claim.
interface IDistributions {
    /// @notice Payees were paid what they had earned and not been paid yet.
    /// @param parts of those who were paid something, in the order of the plan
    event Distributed(
        AgreementId indexed agreement, address indexed token, uint32 period, Part[] parts, uint64 seq, bytes24 head
    );
    /// @notice A payee could not be paid. It claims this, or the next call that pays everybody tries again.
    /// @param amount all that is set aside for it now, in token base units
    event SetAside(
        AgreementId indexed agreement,
        address indexed account,
        address token,
        uint32 period,
        uint256 amount,
        uint64 seq,
        bytes24 head
    );

    /// @notice The lists are not the agreement's plan, whole and in its order, or it has no such period.
    error PlanInvalid(AgreementId agreement);
    /// @notice All that is released was paid out to everybody before.
    error NothingToDistribute(AgreementId agreement);
    /// @notice Not one payee could be paid or had anything coming: the token is paused, for one.
    error NobodyPaid(AgreementId agreement);
    /// @notice With less gas left than this a payee's payment might fail for want of gas alone.
    error GasTooLow(uint256 left, uint256 needed);

    /// @notice Pays all payees what they have earned under an agreement and not been paid, each to its wallet. Anyone may
    /// call. What is due is released first.
    /// @dev A plan too long for one call is paid in parts: each call brings the whole plan and goes on behind the last payee
    /// reached; a call that may reach all payees pays them all up to now, whatever was begun. Reverts {PlanInvalid},
    /// {NothingToDistribute}, {NobodyPaid} (when it reaches all), {GasTooLow}.
    /// @return amount what was paid out, in token base units
    function distribute(AgreementId agreement, address token, Division calldata division)
        external
        returns (uint256 amount);
}
