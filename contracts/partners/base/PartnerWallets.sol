// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorizations} from "../../shared/base/Authorizations.sol";
import {IAccountKeys} from "../interfaces/IAccountKeys.sol";
import {IPartnerRegistry} from "../interfaces/IPartnerRegistry.sol";

/// @title For contracts that ask the partner registry which wallet acts for an account
/// @notice See {IPartnerRegistry.walletOf}.
abstract contract PartnerWallets is Authorizations {
    /// @notice Where the partners are.
    IPartnerRegistry public immutable PARTNERS;

    constructor(IPartnerRegistry partners) {
        PARTNERS = partners;
    }

    /// @dev `PARTNERS.walletOf(account)`, in the scratch space: it is asked once for each signature.
    function _walletOf(address account) internal view override returns (address wallet) {
        address partners = address(PARTNERS);
        bytes4 selector = IAccountKeys.walletOf.selector;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, account)
            if iszero(staticcall(gas(), partners, 0x00, 0x24, 0x00, 0x20)) { revert(0x00, 0x00) }
            wallet := mload(0x00)
        }
    }
}
