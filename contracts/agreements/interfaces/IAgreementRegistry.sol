// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsents} from "../../shared/interfaces/IConsents.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";
import {IActivation} from "./IActivation.sol";
import {IEndings} from "./IEndings.sol";
import {IProgrammes} from "./IProgrammes.sol";
import {IStandings} from "./IStandings.sol";

// All that it has is in its slices.
// solhint-disable no-empty-blocks

/// @title What the partners agreed
/// @notice An agreement is in force when every party has accepted the same terms: by signing
/// `Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)`, by calling {accept}, or by activating it
/// itself. Its id is a hash over its terms, the chain and the registry, see {Plan}.
///
/// Terms that name a predecessor amend it: all parties of both accept, the predecessor takes no revenue from then on except
/// that of deals won before, and its open deals go on under the successor. Nothing is ever split anew. An agreement ends as
/// it expires, by all parties' consent, by one party's notice, or by its arbiter's ruling.
interface IAgreementRegistry is IJournal, IConsents, IStandings, IActivation, IEndings, IProgrammes {}
