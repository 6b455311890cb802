// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {NonceCancelling} from "../../shared/base/NonceCancelling.sol";

/// @title Everything that the partner registry keeps
/// @notice Bundles prove words of it by their slots, which docs/bundle.md lists.
abstract contract PartnerState is NonceCancelling {
    struct Attestation {
        uint8 level;
        uint40 expiresAt;
    }

    struct Recovery {
        address wallet;
        uint40 executableAt;
    }

    /// @dev What an address is, in one word. In its low 160 bits: of an address that was taken as a wallet, for good, the
    /// account that took it; of any other the wallet that acts for it, zero while that is the address itself.
    mapping(address => uint256) internal _identity;
    mapping(address account => address owner) internal _owner;
    mapping(address account => Recovery) internal _recovery;
    mapping(address account => Attestation) internal _attestation;
    /// @dev What {IAccountKeys.movedAccounts} says.
    uint256 internal _moved;

    constructor() EIP712("Partnership Ledger Partners", "1") {}
}
