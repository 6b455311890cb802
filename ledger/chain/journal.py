"""The chain of a contract's own log entries, as contracts/interfaces/IJournal.sol describes it.

Whoever holds an unbroken chain has missed no entry and altered none.
"""

from collections.abc import Sequence

from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.chain.keccak import keccak, keccaks
from ledger.errors import LedgerError

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
    return entry_hashes(address, [topics], [data], position)[0]


def entry_hashes(
    address: str | bytes, topics: Sequence[Sequence[bytes]], data: Sequence[bytes], position: int
) -> list[bytes]:
    """The hashes of several entries of one event, as `entry_hash`: each has as many topics as the first."""
    emitter = address if isinstance(address, bytes) else to_canonical_address(address)
    source = len(topics[0]).to_bytes(_WORD - len(emitter)) + emitter
    after = position + 2 * _WORD
    return keccaks(
        b"".join((source, *some, rest[:position], rest[after:]))
        for some, rest in zip(topics, data, strict=True)
    )


def next_head(head: bytes, seq: int, entry: bytes) -> bytes:
    """The 24-byte head after entry number ``seq``, from the head before it."""
    return keccak(head.ljust(_WORD, b"\0") + seq.to_bytes(_WORD) + entry)[:24]


def unpack_slot(slot: bytes) -> tuple[int, bytes]:
    """(seq, head) from a contract's storage slot 0."""
    return int.from_bytes(slot[24:]), slot[:24]


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

    def compare(self, seq: int, head: bytes) -> None:
        """Raises :class:`JournalBroken` unless the newest entry taken is the contract's newest."""
        if self.seq != seq:
            first = min(self.seq, seq) + 1
            raise JournalBroken(self.contract, first, f"{self.seq} entries are here, the contract has {seq}")
        if self.head != head:
            raise JournalBroken(
                self.contract, seq, f"its head here is 0x{self.head.hex()}, the contract's is 0x{head.hex()}"
            )
