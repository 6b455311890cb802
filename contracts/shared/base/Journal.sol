// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJournal} from "../interfaces/IJournal.sol";

/// @title The chain of a contract's own log entries
/// @notice See {IJournal}.
/// @dev Must be the first base of each contract, so that the journal is storage slot 0.
abstract contract Journal is IJournal {
    /// @dev The highest bit of the number's 64 is no part of it, but a switch of the contract's own: what writes an entry reads
    /// and writes this word anyway.
    uint256 private constant SWITCH = 1 << 63;

    uint256 private _journal;

    /// @inheritdoc IJournal
    function journal() public view returns (uint64 seq, bytes24 head) {
        uint256 newest = _journal;
        return (uint64(newest & (SWITCH - 1)), bytes24(bytes32(newest)));
    }

    function _isSwitchedOn() internal view returns (bool) {
        return _journal & SWITCH != 0;
    }

    function _switch(bool on) internal {
        _journal = on ? _journal | SWITCH : _journal & ~SWITCH;
    }

    /// @dev First word of an entry: which contract, and how many topics, so that no topic can pass for data.
    function _source(uint256 topics) internal view returns (uint256) {
        return (topics << 160) | uint160(address(this));
    }

    /// @dev Appends an entry and returns what its event ends with.
    function _record(bytes32 entry) internal returns (uint64 seq, bytes24 head) {
        uint256 newest = _journal;
        assembly ("memory-safe") {
            let words := mload(0x40)
            seq := add(and(newest, 0x7fffffffffffffff), 1)
            // abi.encode(head, seq, entry), where a head is the high 24 bytes of its word
            mstore(words, and(newest, not(0xffffffffffffffff)))
            mstore(add(words, 0x20), seq)
            mstore(add(words, 0x40), entry)
            head := and(keccak256(words, 0x60), not(0xffffffffffffffff))
        }
        _journal = uint256(bytes32(head)) | (newest & SWITCH) | seq;
    }

    /// @notice Appends an entry and emits its event from the same bytes. For events without strings, lists or structs.
    /// @param words `abi.encode(_source(2), topic0, topic1, data..., 0, 0)`, the zeros where seq and head will be
    function _emit2(bytes memory words) internal returns (uint64 seq) {
        uint256 from;
        (from, seq) = _complete(words);
        assembly ("memory-safe") {
            log2(add(from, 0x60), sub(mload(words), 0x60), mload(add(from, 0x20)), mload(add(from, 0x40)))
        }
    }

    /// @dev {_emit2} with one more topic.
    function _emit3(bytes memory words) internal returns (uint64 seq) {
        uint256 from;
        (from, seq) = _complete(words);
        assembly ("memory-safe") {
            log3(
                add(from, 0x80),
                sub(mload(words), 0x80),
                mload(add(from, 0x20)),
                mload(add(from, 0x40)),
                mload(add(from, 0x60))
            )
        }
    }

    /// @dev {_emit2} with two more topics.
    function _emit4(bytes memory words) internal returns (uint64 seq) {
        uint256 from;
        (from, seq) = _complete(words);
        assembly ("memory-safe") {
            log4(
                add(from, 0xa0),
                sub(mload(words), 0xa0),
                mload(add(from, 0x20)),
                mload(add(from, 0x40)),
                mload(add(from, 0x60)),
                mload(add(from, 0x80))
            )
        }
    }

    /// @dev Records the entry that all but the last two words make, and writes its seq and head into those.
    function _complete(bytes memory words) private returns (uint256 from, uint64 seq) {
        bytes32 entry;
        bytes24 head;
        assembly ("memory-safe") {
            from := add(words, 0x20)
            entry := keccak256(from, sub(mload(words), 0x40))
        }
        (seq, head) = _record(entry);
        assembly ("memory-safe") {
            let last := add(words, mload(words))
            mstore(last, head)
            mstore(sub(last, 0x20), seq)
        }
    }

    /// @notice Appends the entry of an event that has strings, lists or structs in its data.
    /// @param topics `abi.encode(_source(n), topic0, ...)`
    /// @param data the event's data with zero in place of seq and head
    /// @param position where in `data` the word of seq begins, in bytes
    function _recordDynamic(bytes memory topics, bytes memory data, uint256 position)
        internal
        returns (uint64 seq, bytes24 head)
    {
        bytes32 entry;
        assembly ("memory-safe") {
            let size := mload(topics)
            let rest := sub(mload(data), add(position, 0x40))
            let from := mload(0x40) // scratch beyond the free pointer: hashed, then forgotten
            mcopy(from, add(topics, 0x20), size)
            mcopy(add(from, size), add(data, 0x20), position)
            mcopy(add(from, add(size, position)), add(data, add(0x60, position)), rest)
            entry := keccak256(from, add(size, add(position, rest)))
        }
        return _record(entry);
    }
}
