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

    /// @notice What a contract is given as one of its others is none, or names others itself.
    error NotOfThisLedger(address given);

    constructor(IPartnerRegistry partners) {
        if (address(partners).code.length == 0) revert NotOfThisLedger(address(partners));
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

    /// @notice As {_walletOf}, where many accounts are asked about.
    /// @param moved {IAccountKeys.movedAccounts}
    function _walletAmong(uint256 moved, address account) internal view returns (address) {
        return (moved >> (uint160(account) & 0xff)) & 1 == 0 ? account : _walletOf(account);
    }
}
