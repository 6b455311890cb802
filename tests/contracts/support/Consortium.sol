// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @dev OpenZeppelin's access manager, named here so that it is compiled with the tests.
contract Consortium is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
