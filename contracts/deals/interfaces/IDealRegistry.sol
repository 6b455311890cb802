// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";
import {IDealDecisions} from "./IDealDecisions.sol";
import {IDealEpochs} from "./IDealEpochs.sol";
import {IDealIntake} from "./IDealIntake.sol";
import {IDealQueue} from "./IDealQueue.sol";
import {IDealReviews} from "./IDealReviews.sol";

// All that it has is in its slices.
// solhint-disable no-empty-blocks

/// @title Who brought which deal first
/// @notice A partner commits to a customer's tag without showing it, reveals it within an hour, and the programme's owner
/// (the vendor) decides. The commitment's journal number is the deal's priority. Expiry and exclusivity are functions
/// of time, never stored states.
///
/// Whether a deal keeps others off the same customer is the programme's rule: under `FirstRegistered` the first live
/// registration does; under `Territory` it does within its territory, which must be one that its agreement grants; under
/// `Open` none does, and conflicts are only recorded.
interface IDealRegistry is IJournal, IConsents, IDealQueue, IDealEpochs, IDealIntake, IDealDecisions, IDealReviews {}
