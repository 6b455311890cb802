// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, CustomerId, DealId} from "../../shared/types/Ids.sol";
import {Deal, DealState} from "../types/Deals.sol";

/// @title The deals' records, and for each customer the queue of its registrations
/// @notice Expiry and exclusivity are functions of time, never stored states.
interface IDealQueue {
    error AlreadyRegistered(DealId deal, DealId earlier);
    error NotTheRegistrant(DealId deal, address account);
    error NotTheVendor(DealId deal, address account);
    error WrongState(DealId deal, DealState state, DealState wanted);
    /// @notice An earlier registration of the same customer is undecided, or another one is exclusive or won.
    error EarlierDeal(DealId deal, DealId other);

    /// @notice A deal's record; all zero when there is none.
    function dealOf(DealId deal) external view returns (Deal memory);

    /// @notice Whether a registration keeps later ones of the same customer waiting at this moment: registered,
    /// returned, approved and exclusive, or won. A deal that was not tagged again in its programme's grace is not, unless it
    /// is won.
    function isLive(DealId deal) external view returns (bool);

    /// @notice The agreement under which a deal was won; zero when it was not.
    function wonUnder(DealId deal) external view returns (AgreementId agreement);

    /// @notice The first registration of a customer, by priority.
    /// @param customer the first 12 bytes of `keccak256(abi.encode(programme, epoch, tag))`
    function firstOf(CustomerId customer) external view returns (DealId deal);

    /// @notice The registration of the same customer that comes next by priority. Those that are rejected, lost, withdrawn or
    /// no longer exclusive leave the queue when another deal's transaction passes them; one that is approved stands in it
    /// again when it is won or extended.
    function nextOf(DealId deal) external view returns (DealId next);

    /// @notice Where a deal's customer is; 0 unless its programme's rule is `Territory`.
    function territoryOf(DealId deal) external view returns (bytes32);
}
