// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../interfaces/IAuthorizations.sol";
import {IConsents} from "../interfaces/IConsents.sol";
import {Authorization} from "../types/Authorization.sol";
import {Authorizations} from "./Authorizations.sol";

/// @title Actions that several must agree to
/// @notice How {IConsents} works. What of it is called from outside is in {ConsentGiving}.
abstract contract Consents is Authorizations {
    /// @dev The wallet that consented, and the last second at which that counts.
    struct Consent {
        address wallet;
        uint40 deadline;
    }

    mapping(bytes32 action => mapping(address account => Consent)) internal _consents;

    /// @notice Keeps the consent of the account, whose wallet is the caller. A later one to the same replaces it.
    /// @param deadline last second at which it can be used
    function _keepConsent(address account, bytes32 action, uint40 deadline) internal {
        _requireWallet(account);
        if (block.timestamp > deadline) revert IAuthorizations.AuthorizationExpired(account, deadline);
        _consents[action][account] = Consent(msg.sender, deadline);
    }

    /// @notice Requires one side's consent to an action, and uses it up.
    /// @param signedAction hash of the EIP-712 struct that the account signs, nonce and deadline included
    /// @return until last second at which the consent would have counted
    function _useConsent(address account, bytes32 action, bytes32 signedAction, Authorization calldata authorization)
        internal
        returns (uint256 until)
    {
        if (authorization.signature.length == 0) {
            address wallet = _walletOf(account);
            if (msg.sender == wallet) return type(uint256).max;
            Consent storage consent = _consents[action][account];
            until = consent.deadline;
            if (block.timestamp <= until && consent.wallet == wallet) {
                delete _consents[action][account];
                return until;
            }
            // A wallet that keeps its signatures on chain is asked whether it has this one; of others none is there.
            if (!_isKeptOnChain(wallet, _hashTypedDataV4(signedAction), authorization.signature)) {
                revert IConsents.ConsentMissing(account, action);
            }
        }
        _spend(account, signedAction, authorization);
        return authorization.deadline;
    }
}
