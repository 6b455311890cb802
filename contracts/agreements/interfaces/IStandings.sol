// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedBook} from "../../revenue/types/PackedBook.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {Standing} from "../types/Standing.sol";

/// @title What became of each agreement
/// @notice Whether there is one, its successor and its end; and what other contracts ask to know of it.
interface IStandings {
    error NotAParty(AgreementId agreement, address account);
    error AgreementUnknown(AgreementId agreement);
    /// @notice What was opened is not what the agreement's id binds.
    error TermsMismatch(AgreementId agreement);

    /// @notice What became of an agreement.
    function standingOf(AgreementId agreement) external view returns (Standing memory);

    /// @notice The agreement that stands in this one's place now: itself, or the newest successor in effect.
    function currentOf(AgreementId agreement) external view returns (AgreementId);

    /// @notice The agreement that an active one amends; 0 when there is none.
    function predecessorOf(AgreementId agreement) external view returns (AgreementId);

    /// @notice Whether the agreement was put in force. What has become of it since, {standingOf} says.
    function isActive(AgreementId agreement) external view returns (bool);

    /// @notice What a payment in this token needs to know of an agreement, as the revenue ledger's book begins; zero when
    /// the agreement does not take the token.
    function newBookOf(AgreementId agreement, address token) external view returns (PackedBook);
}
