// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title The chain of a contract's own log entries
/// @notice Every event of the contract ends with `uint64 seq, bytes24 head`: its number, from 1, and the head after it.
///
/// `head' = bytes24(keccak256(abi.encode(head, seq, entry)))`, starting from a head of zero, where `entry` is keccak256 over
/// - one word: the number of topics, shifted left by 160 bits, or-ed with the contract's address;
/// - the topics, the event's signature hash among them;
/// - the event's data without the words of `seq` and `head`. (In an event without strings, lists or structs that is the
///   data before those two words.)
///
/// Whoever holds an unbroken chain has missed no entry and altered none. One event is not an entry: OpenZeppelin's
/// `AuthorityUpdated`, which says who may name the consortium's roles and touches nothing that the ledger records.
interface IJournal {
    /// @notice Number and head of the newest entry; both zero before the first.
    /// @dev Packed in storage slot 0, the head in the high 192 bits, so that one storage proof shows it.
    function journal() external view returns (uint64 seq, bytes24 head);
}
