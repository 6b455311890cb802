// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {DealDecisions} from "./base/DealDecisions.sol";
import {DealIntake} from "./base/DealIntake.sol";
import {DealReviews} from "./base/DealReviews.sol";
import {DealStorage} from "./base/DealStorage.sol";
import {DealViews} from "./base/DealViews.sol";
import {IDealRegistry} from "./interfaces/IDealRegistry.sol";

/// @title Who brought which deal first
/// @notice See {IDealRegistry}.
contract DealRegistry is DealIntake, DealDecisions, DealReviews, DealViews, IDealRegistry {
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements) DealStorage(partners, agreements) {}
}
