// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "../deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {ConsentGiving} from "../shared/base/ConsentGiving.sol";
import {BookViews} from "./base/BookViews.sol";
import {Disputes} from "./base/Disputes.sol";
import {Distributions} from "./base/Distributions.sol";
import {RevenueState} from "./base/RevenueState.sol";
import {SignedRefunds} from "./base/SignedRefunds.sol";

/// @title What the revenue ledger leaves to another contract's code: consents, refunds, disputes, paying everybody, what books say
/// @notice In a contract of its own because all does not fit into one. The ledger runs its code on the ledger's own storage, see
/// {ForwardedSettlement}; called by itself it knows no payment. The code of each slice of {IRevenueLedger} is in a base of its
/// own: to move one between the contracts is to move its base.
contract RevenueSettlement is ConsentGiving, SignedRefunds, Disputes, Distributions, BookViews {
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals)
        RevenueState(partners, agreements, deals)
    {}
}
