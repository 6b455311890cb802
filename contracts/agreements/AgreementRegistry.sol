// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "../revenue/interfaces/IRevenueLedger.sol";
import {Activation} from "./base/Activation.sol";
import {AgreementState} from "./base/AgreementState.sol";
import {Endings} from "./base/Endings.sol";
import {Programmes} from "./base/Programmes.sol";
import {IAgreementRegistry} from "./interfaces/IAgreementRegistry.sol";

/// @title What the partners agreed
/// @notice See {IAgreementRegistry}.
contract AgreementRegistry is Activation, Endings, Programmes, IAgreementRegistry {
    /// @param ledger where the revenue ledger is, or will be: the two name each other, and this one comes first
    constructor(IPartnerRegistry partners, IRevenueLedger ledger) AgreementState(partners, ledger) {}
}
