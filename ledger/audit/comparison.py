"""Two operators' mirrors beside each other: agreement, or the first entry in which they differ.

A head binds all entries before it: the first that differs is found by halving, with one entry of each side a
step.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from ledger.audit.checkpoint import Head, SignedCheckpoint
from ledger.errors import LedgerError
from ledger.journal.events import EventUnreadable, decode
from ledger.journal.heads import START_HEAD, entry_hash, next_head
from ledger.terms.contracts import JOURNALS


class NotComparable(LedgerError):
    """Two checkpoints are not of the same ledger, or what is needed beside them cannot be had."""


@dataclass(frozen=True)
class SideEntry:
    """An entry as an operator shows it, with what the journal does not bind: where on the chain it is."""

    seq: int
    head: bytes
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    block_hash: bytes
    block_timestamp: int
    transaction_hash: bytes
    log_index: int


_FIELDS = [field.name for field in fields(SideEntry)]


class Side(Protocol):
    """One operator: a file, an API or a database. ``name`` is what it is called in messages."""

    @property
    def name(self) -> str: ...
    @property
    def signed(self) -> SignedCheckpoint: ...
    @property
    def has_entries(self) -> bool:
        """Whether it can be asked for entries; a file cannot, and raises NotComparable."""

    def entry(self, contract: str, seq: int) -> SideEntry | None:
        """One entry; None when it has none of this number. Raises LedgerError."""

    def entries(self, contract: str, upto: int) -> Iterator[SideEntry]:
        """All entries up to a number, that one first. Raises LedgerError."""


@dataclass(frozen=True)
class Difference:
    """The first difference in words. ``seq`` is None when it is in no entry, or nobody can say in which."""

    contract: str | None
    seq: int | None
    why: str

    def __str__(self) -> str:
        where = "" if self.contract is None else f"{self.contract}"
        if self.seq is not None:
            where += f" entry {self.seq}"
        return f"{where}: {self.why}" if where else self.why


@dataclass(frozen=True)
class Comparison:
    """``block`` is the older one's: agreement is up to it. ``digests``: whether these were compared too,
    which takes two mirrors at the same block.
    """

    block: int
    entries: int
    digests: bool
    difference: Difference | None


def _nobody(_done: int, _total: int) -> None:
    """Nobody listens."""


def compare(one: Side, other: Side, told: Callable[[int, int], None] = _nobody) -> Comparison:
    """Compares two operators as of the older of their checkpoints. ``told`` hears of entries looked at, and
    all, when every single one must be.

    Raises NotComparable when they are of different chains or deployments, or when an entry is needed that
    neither a file nor anybody else can show.
    """
    _require_same_ledger(one, other)
    older, newer = sorted((one, other), key=lambda side: side.signed.checkpoint.block)
    block = older.signed.checkpoint.block
    same_block = block == newer.signed.checkpoint.block
    entries = sum(_head(older, contract).seq for contract in JOURNALS)
    for contract in JOURNALS:
        difference = _journals(older, newer, contract)
        if difference is not None:
            return Comparison(block, entries, same_block, difference)
    return Comparison(block, entries, same_block, _besides(older, newer, told) if same_block else None)


def _require_same_ledger(one: Side, other: Side) -> None:
    ours, theirs = one.signed.checkpoint, other.signed.checkpoint
    if ours.chain_id != theirs.chain_id:
        raise NotComparable(
            f"{one.name} is of chain {ours.chain_id}, {other.name} of chain {theirs.chain_id}.",
            "Compare two operators of the same chain.",
        )
    for contract in JOURNALS:
        here, there = _head(one, contract).address, _head(other, contract).address
        if here != there:
            raise NotComparable(
                f"They are of different deployments: {contract} is {here} for {one.name}, "
                f"{there} for {other.name}.",
                "Compare two operators of the same deployment.",
            )


def _journals(older: Side, newer: Side, contract: str) -> Difference | None:
    ours, theirs = _head(older, contract), _head(newer, contract)
    common = min(ours.seq, theirs.seq)
    if _head_at(older, contract, common) != _head_at(newer, contract, common):
        return _first(older, newer, contract, common)
    if ours.seq > theirs.seq:
        why = f"{older.name} has it at block {older.signed.checkpoint.block}, {newer.name} has not"
        return Difference(contract, common + 1, f"{why} at block {newer.signed.checkpoint.block}")
    same_block = older.signed.checkpoint.block == newer.signed.checkpoint.block
    if same_block and theirs.seq > ours.seq:
        return Difference(
            contract, common + 1, f"{newer.name} has it, {older.name} has not, at the same block"
        )
    return None


def _first(older: Side, newer: Side, contract: str, seq: int) -> Difference:
    """The heads after entry ``seq`` differ: the first entry after which they do."""
    for side in (older, newer):
        if not side.has_entries:
            return Difference(
                contract,
                None,
                f"the heads differ after entry {seq}; {side.name} is a file, so that the first such entry "
                "cannot be found: name its operator's API or database",
            )
    alike, unlike = 0, seq
    while unlike - alike > 1:
        middle = (alike + unlike) // 2
        if _head_at(older, contract, middle) == _head_at(newer, contract, middle):
            alike = middle
        else:
            unlike = middle
    before = _head_at(older, contract, alike)
    shown = [_shown(side, contract, unlike, before) for side in (older, newer)]
    return Difference(contract, unlike, "; ".join(shown))


def _shown(side: Side, contract: str, seq: int, before: bytes | None) -> str:
    """An entry in words, and whether its contents make its head."""
    entry = side.entry(contract, seq)
    if entry is None:
        return f"{side.name} does not show it"
    try:
        event = decode(contract, entry.topics, entry.data)
        hashed = entry_hash(_head(side, contract).address, entry.topics, entry.data, event.position)
    except EventUnreadable as error:
        return f"{side.name} has 0x{entry.head.hex()}, and contents that are not an entry ({error.what})"
    said = f"{side.name} has {event.name} with the head 0x{entry.head.hex()}"
    if before is not None and next_head(before, seq, hashed) != entry.head:
        said += ", which its contents do not make"
    return said


def _besides(older: Side, newer: Side, told: Callable[[int, int], None]) -> Difference | None:
    """All heads agree at the same block: the block's hash and the digests are left."""
    ours, theirs = older.signed.checkpoint, newer.signed.checkpoint
    if ours.block_hash != theirs.block_hash:
        return Difference(
            None,
            None,
            f"block {ours.block} is 0x{ours.block_hash.hex()} for {older.name}, "
            f"0x{theirs.block_hash.hex()} for {newer.name}: one of them followed a branch that was given up",
        )
    if ours.digest == theirs.digest:
        return None
    if older.has_entries and newer.has_entries:
        for contract in JOURNALS:
            unlike = _first_unlike(older, newer, contract, told)
            if unlike is not None:
                return unlike
    return Difference(
        None,
        None,
        f"the digests differ, 0x{ours.digest.hex()} and 0x{theirs.digest.hex()}, and no head does: "
        "`pledger audit` names the table of the one whose tables are not what its entries make",
    )


def _first_unlike(
    older: Side, newer: Side, contract: str, told: Callable[[int, int], None]
) -> Difference | None:
    """The first entry that is shown otherwise, though the heads are the same."""
    upto = _head(older, contract).seq
    found = None
    for ours, theirs in zip(older.entries(contract, upto), newer.entries(contract, upto), strict=False):
        told(upto - ours.seq + 1, upto)
        names = [name for name in _FIELDS if getattr(ours, name) != getattr(theirs, name)]
        if names:
            found = Difference(contract, ours.seq, f"the heads are the same, {_listed(names)} not")
    return found


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _head(side: Side, contract: str) -> Head:
    return side.signed.checkpoint.journals[contract]


def _head_at(side: Side, contract: str, seq: int) -> bytes | None:
    """The head after an entry: the signed one where it is the newest."""
    newest = _head(side, contract)
    if seq == 0:
        return START_HEAD
    if seq == newest.seq:
        return newest.head
    entry = side.entry(contract, seq)
    return None if entry is None else entry.head
