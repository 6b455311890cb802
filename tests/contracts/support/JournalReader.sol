// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IActivation} from "../../../contracts/agreements/interfaces/IActivation.sol";
import {IProgrammes} from "../../../contracts/agreements/interfaces/IProgrammes.sol";
import {IRegistration} from "../../../contracts/partners/interfaces/IRegistration.sol";
import {IClaims} from "../../../contracts/revenue/interfaces/IClaims.sol";
import {IDistributions} from "../../../contracts/revenue/interfaces/IDistributions.sol";
import {IPayments} from "../../../contracts/revenue/interfaces/IPayments.sol";
import {IJournal} from "../../../contracts/shared/interfaces/IJournal.sol";
import {Vm, vm} from "./Vm.sol";

/// @title Recomputes a contract's journal from nothing but its raw log entries
/// @dev All it knows of an event is where in the data the words of seq and head are.
library JournalReader {
    error Gap(address emitter, uint64 seq, uint64 expected);
    error HeadDiffers(address emitter, uint64 seq);

    struct Chain {
        uint64 seq;
        bytes24 head;
    }

    /// @dev Where the word of seq begins, in bytes: after the words of the other arguments that are not indexed.
    /// In an event of values alone the two words are the last.
    function positionOf(bytes32 eventSignature, uint256 size) internal pure returns (uint256) {
        if (eventSignature == IRegistration.PartnerRegistered.selector) return 0x40;
        if (eventSignature == IActivation.AgreementActivated.selector) return 0x20;
        if (eventSignature == IProgrammes.ProgrammeCreated.selector) return 0x60;
        if (eventSignature == IDistributions.Distributed.selector) return 0x40;
        if (eventSignature == IClaims.ClaimedAcross.selector) return 0x40;
        if (eventSignature == IPayments.PaymentsReceived.selector) return 0x60;
        return size - 0x40;
    }

    function entryOf(Vm.Log memory entry) internal pure returns (bytes32) {
        uint256 position = positionOf(entry.topics[0], entry.data.length);
        bytes memory preimage = abi.encodePacked((entry.topics.length << 160) | uint160(entry.emitter), entry.topics);
        return keccak256(
            bytes.concat(
                preimage,
                _slice(entry.data, 0, position),
                _slice(entry.data, position + 0x40, entry.data.length - position - 0x40)
            )
        );
    }

    /// @notice Takes the next entry of a contract. Reverts when a number is missing or the entry is not what its head
    /// says.
    function take(Chain storage chain, Vm.Log memory entry) internal {
        // OpenZeppelin's own event, emitted when a contract is deployed: no part of the journal.
        if (entry.topics[0] == IAccessManaged.AuthorityUpdated.selector) return;
        uint256 position = positionOf(entry.topics[0], entry.data.length);
        uint64 seq = uint64(uint256(_word(entry.data, position)));
        bytes24 head = bytes24(_word(entry.data, position + 0x20));
        if (seq != chain.seq + 1) revert Gap(entry.emitter, seq, chain.seq + 1);
        if (head != bytes24(keccak256(abi.encode(chain.head, seq, entryOf(entry))))) {
            revert HeadDiffers(entry.emitter, seq);
        }
        (chain.seq, chain.head) = (seq, head);
    }

    /// @notice Holds what was recomputed against what the contract says, and against its storage slot 0.
    function requireNewest(Chain storage chain, address emitter) internal view {
        (uint64 seq, bytes24 head) = IJournal(emitter).journal();
        vm.assertEq(uint256(chain.seq), uint256(seq));
        vm.assertEq(bytes32(chain.head), bytes32(head));
        bytes32 slot = vm.load(emitter, 0) & ~bytes32(uint256(1 << 63)); // the switch beside the number
        vm.assertEq(slot, bytes32(head) | bytes32(uint256(seq)));
    }

    function _word(bytes memory data, uint256 position) private pure returns (bytes32 word) {
        assembly {
            word := mload(add(add(data, 0x20), position))
        }
    }

    function _slice(bytes memory data, uint256 from, uint256 size) private pure returns (bytes memory part) {
        part = new bytes(size);
        assembly {
            mcopy(add(part, 0x20), add(add(data, 0x20), from), size)
        }
    }
}
