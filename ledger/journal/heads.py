"""The chain of a contract's own log entries, as contracts/shared/interfaces/IJournal.sol describes it.

Whoever holds an unbroken chain has missed no entry and altered none.
"""

from collections.abc import Sequence

import numpy as np
from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.errors import LedgerError
from ledger.keccak import keccak, keccaks
from ledger.packed import PackedBytes, PackedNumbers, side_by_side

START_HEAD = bytes(24)
"""Head before the first entry; the first entry's seq is 1."""

_WORD = 32


class JournalBroken(LedgerError):
    """An entry is missing, altered or out of order: the first one at which the chain no longer holds."""

    def __init__(self, contract: str, seq: int, why: str) -> None:
        super().__init__(
            f"The journal of {contract} is broken at entry {seq}: {why}.",
            "Ask another node for the logs from there on.",
        )
        self.contract = contract
        self.seq = seq
        self.why = why


def entry_hash(address: str | bytes, topics: Sequence[bytes], data: bytes, position: int) -> bytes:
    """The hash of one entry: its emitter, topics and data without the two words of seq and head.

    ``position``: byte offset in ``data`` of the word of seq; the word of head follows it.
    """
    before, after = data[:position], data[position + 2 * _WORD :]
    return keccak(b"".join((_source(address, len(topics)), *topics, before, after)))


def entry_hashes(
    address: str | bytes, topics: Sequence[PackedBytes], data: PackedBytes, position: int
) -> PackedBytes:
    """The hashes of several entries of one event, as `entry_hash`; ``topics`` has a column for each place."""
    before, after = data.matrix[:, :position], data.matrix[:, position + 2 * _WORD :]
    source = _source(address, len(topics))
    hashed = side_by_side(len(data), (source, *topics, PackedBytes(before), PackedBytes(after)))
    return PackedBytes.of(keccaks(hashed))


def _source(address: str | bytes, topics: int) -> bytes:
    """The word that says who emitted an entry, and with how many topics."""
    emitter = address if isinstance(address, bytes) else to_canonical_address(address)
    return topics.to_bytes(_WORD - len(emitter)) + emitter


def next_head(head: bytes, seq: int, entry: bytes) -> bytes:
    """The 24-byte head after entry number ``seq``, from the head before it."""
    return keccak(head.ljust(_WORD, b"\0") + seq.to_bytes(_WORD) + entry)[:24]


def unpack_slot(slot: bytes) -> tuple[int, bytes]:
    """(seq, head) from a contract's storage slot 0; the number's highest bit is not part of it."""
    return int.from_bytes(slot[24:]) & (2**63 - 1), slot[:24]


class Journal:
    """Follows one contract's journal from a known point, the beginning unless told otherwise.

    ``seq`` and ``head`` are those of the newest entry taken.
    """

    def __init__(self, contract: str, seq: int = 0, head: bytes = START_HEAD) -> None:
        self.contract = to_checksum_address(contract)
        self._emitter = to_canonical_address(contract)
        self.seq = seq
        self.head = head

    def take(self, topics: Sequence[bytes], data: bytes, position: int, seq: int, head: bytes) -> bytes:
        """Checks the next entry and moves on to it; ``seq`` and ``head`` are the event's own last words.

        Returns the entry's hash. Raises :class:`JournalBroken`, and stays put, when it does not follow.
        """
        entry = entry_hash(self._emitter, topics, data, position)
        self.take_hashed(entry, seq, head)
        return entry

    def take_hashed(self, entry: bytes, seq: int, head: bytes) -> None:
        """As `take`, of an entry whose hash is known."""
        expected = self.seq + 1
        if seq != expected:
            raise JournalBroken(self.contract, expected, f"the next entry there is has number {seq}")
        recomputed = next_head(self.head, seq, entry)
        if recomputed != head:
            raise JournalBroken(
                self.contract, seq, f"its head is 0x{head.hex()}, but its contents give 0x{recomputed.hex()}"
            )
        self.seq, self.head = seq, head

    def take_all(self, entries: PackedBytes, seqs: PackedNumbers, heads: PackedBytes) -> None:
        """As `take_hashed`, of several entries, one after the other.

        Whether each follows from the head that the one before it *says* shows the same, since the first that
        does not is the same: so that all are asked at once.
        """
        count = len(entries)
        if not count:
            return
        numbers = seqs.words[:, -1]
        before = np.vstack((np.frombuffer(self.head, np.uint8), heads.matrix[:-1]))
        zeros = bytes(_WORD - len(self.head)), bytes(_WORD - seqs.width)
        links = side_by_side(count, (PackedBytes(before), zeros[0], zeros[1], seqs, entries))
        follow = (numbers == np.arange(count, dtype=np.uint64) + np.uint64(self.seq + 1)) & (
            PackedBytes.of(keccaks(links)).matrix[:, : len(self.head)] == heads.matrix
        ).all(axis=1)
        if follow.all():
            self.seq, self.head = self.seq + count, heads[-1]
            return
        for each in zip(entries, seqs, heads, strict=True):
            self.take_hashed(*each)
        raise AssertionError("one of them does not follow")

    def compare(self, seq: int, head: bytes) -> None:
        """Raises :class:`JournalBroken` unless the newest entry taken is the contract's newest."""
        if self.seq != seq:
            first = min(self.seq, seq) + 1
            raise JournalBroken(self.contract, first, f"{self.seq} entries are here, the contract has {seq}")
        if self.head != head:
            raise JournalBroken(
                self.contract, seq, f"its head here is 0x{self.head.hex()}, the contract's is 0x{head.hex()}"
            )
