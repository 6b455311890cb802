// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Recoveries} from "./base/Recoveries.sol";
import {Registration} from "./base/Registration.sol";
import {IPartnerRegistry} from "./interfaces/IPartnerRegistry.sol";

/// @title Who the partners are
/// @notice See {IPartnerRegistry}.
contract PartnerRegistry is Registration, Recoveries, IPartnerRegistry {
    /// @param consortium the access manager that says who may attest, and who may begin a recovery
    constructor(address consortium) AccessManaged(consortium) {}
}
