// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "../deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {ConsentGiving} from "../shared/base/ConsentGiving.sol";
import {Debts} from "./base/Debts.sol";
import {RevenueState} from "./base/RevenueState.sol";

/// @title What the revenue ledger leaves to another contract's code: debts
/// @notice As {RevenueSettlement}, and apart from it for the same reason.
contract RevenueDebts is ConsentGiving, Debts {
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals)
        RevenueState(partners, agreements, deals)
    {}
}
