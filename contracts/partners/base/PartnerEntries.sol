// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Journal} from "../../shared/base/Journal.sol";
import {IAccountKeys} from "../interfaces/IAccountKeys.sol";
import {IRecoveries} from "../interfaces/IRecoveries.sol";
import {IRegistration} from "../interfaces/IRegistration.sol";

/// @title The entries of the partner registry's journal
/// @notice The only place where they are encoded: one function for each event, with its arguments.
abstract contract PartnerEntries is Journal {
    function _emitPartnerRegistered(address account, string calldata name, string calldata uri) internal {
        (uint64 seq, bytes24 head) = _recordDynamic(
            abi.encode(_source(2), IRegistration.PartnerRegistered.selector, account),
            abi.encode(name, uri, uint256(0), uint256(0)),
            0x40
        );
        emit IRegistration.PartnerRegistered(account, name, uri, seq, head);
    }

    function _emitAttested(address account, uint8 level, uint40 expiresAt, bytes32 evidence) internal {
        _emit2(
            abi.encode(_source(2), IRegistration.PartnerAttested.selector, account, level, expiresAt, evidence, 0, 0)
        );
    }

    function _emitAttestationRevoked(address account, bytes32 reason) internal {
        _emit2(abi.encode(_source(2), IRegistration.AttestationRevoked.selector, account, reason, 0, 0));
    }

    function _emitRotated(address account, address wallet, address previous) internal {
        _emit3(abi.encode(_source(3), IAccountKeys.WalletRotated.selector, account, wallet, previous, 0, 0));
    }

    function _emitOwnerChanged(address account, address owner, address previous) internal {
        _emit3(abi.encode(_source(3), IAccountKeys.OwnerChanged.selector, account, owner, previous, 0, 0));
    }

    function _emitRecoveryProposed(address account, address wallet, uint40 executableAt, uint40 expiresAt) internal {
        bytes32 topic = IRecoveries.RecoveryProposed.selector;
        _emit3(abi.encode(_source(3), topic, account, wallet, executableAt, expiresAt, 0, 0));
    }

    function _emitRecoveryCancelled(address account, address wallet) internal {
        _emit3(abi.encode(_source(3), IRecoveries.RecoveryCancelled.selector, account, wallet, 0, 0));
    }

    function _emitRecovered(address account, address wallet, address previous) internal {
        _emit3(abi.encode(_source(3), IRecoveries.AccountRecovered.selector, account, wallet, previous, 0, 0));
    }
}
