// SPDX-License-Identifier: MIT
pragma solidity 0.8.29;

// What is measured beside our own contracts; forge leaves an artifact of each.
import {EAS} from "@ethereum-attestation-service/eas-contracts/contracts/EAS.sol";
import {SchemaRegistry} from "@ethereum-attestation-service/eas-contracts/contracts/SchemaRegistry.sol";
import {PaymentSplitter} from "@openzeppelin/contracts/finance/PaymentSplitter.sol";
import {TWStatelessFactory} from "@thirdweb-dev/contracts/infra/TWStatelessFactory.sol";
import {Split} from "@thirdweb-dev/contracts/prebuilts/split/Split.sol";
