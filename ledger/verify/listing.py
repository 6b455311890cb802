"""A journal in a bundle: the entries that matter in full, of the others only what the journal's chain needs.

Whoever has the head after the last entry, from the contract's storage, knows with it that each entry stands
at its place and none is left out: 32 bytes an entry, where a receipt's proof takes kilobytes and a header.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import rlp
from rlp.exceptions import DecodingError

from ledger.journal.events import Event, EventUnreadable, decode
from ledger.journal.heads import START_HEAD, entry_hash, next_head
from ledger.journal.payments import payments_in
from ledger.proof.errors import ProofInvalid
from ledger.terms.ids import PaymentKey

_HASH_BYTES = 32
_HELD_ON = b"\x01"
_ENDINGS: tuple[list[bytes], ...] = ([], [_HELD_ON])
"""What may follow the data of an entry in full."""


class Raw(Protocol):
    """An entry as the chain logged it, and the time of its block in seconds since 1970."""

    @property
    def topics(self) -> Sequence[bytes]: ...
    @property
    def data(self) -> bytes: ...
    @property
    def block_timestamp(self) -> int: ...


@dataclass(frozen=True)
class Listed:
    """An entry that is given in full. ``held_on``: of a ruling, that its day had not come, so that what it
    left was held on. Entries do not say so themselves; what is held and released as of the block does.
    """

    event: Event
    held_on: bool = False


def write(
    contract: str,
    entries: Iterable[Raw],
    matters: Callable[[Event], bool],
    address: bytes,
    take: Callable[[Event, int], object] | None = None,
    due: Mapping[PaymentKey, int] = MappingProxyType({}),
) -> bytes:
    """Entries of a contract's journal, one after the other: RLP of a list in which an entry that matters is
    the list of its topics and its data, and of one more byte when it is a ruling that came before its day,
    and any other its hash. ``take`` is given each entry that matters, with its time; ``due`` says when
    payments of before the first entry are released.
    """
    items: list[bytes | list[object]] = []
    days = dict(due)
    for raw in entries:
        event = decode(contract, raw.topics, raw.data)
        if matters(event):
            if take is not None:
                take(event, raw.block_timestamp)
            held_on = _is_held_on(event, raw.block_timestamp, days)
            items.append([list(raw.topics), raw.data, *([_HELD_ON] if held_on else [])])
        else:
            items.append(entry_hash(address, raw.topics, raw.data, event.position))
    return bytes(rlp.encode(items))


def _is_held_on(event: Event, at: int, days: dict[PaymentKey, int]) -> bool:
    """Remembers when each payment is due, and says of a ruling whether it came before that."""
    days.update({each.key: each.matures_at for each in payments_in(event)})
    return event.name == "DisputeRuled" and at < days[event.args["payer"], event.args["invoice_ref"]]


def read(
    contract: str,
    content: bytes,
    address: bytes,
    seq: int,
    head: bytes,
    start: tuple[int, bytes] = (0, START_HEAD),
) -> list[Listed]:
    """The entries that are given in full, of a journal that must end with this number and head and goes on
    from ``start``, a number and its head.

    Raises ProofInvalid naming the first entry that does not stand where it must.
    """
    part = f"Journal of {contract}"
    try:
        items = rlp.decode(content)
    except DecodingError as error:
        raise ProofInvalid(part, "it is not RLP") from error
    before, at = start
    if not isinstance(items, list) or len(items) != seq - before:
        raise ProofInvalid(part, f"it must have {seq - before} entries")
    found = []
    for number, (entry, listed) in enumerate(_entries(contract, items, address, part, before), before + 1):
        at = next_head(at, number, entry)
        if listed is not None:
            if (listed.event.seq, listed.event.head) != (number, at):
                raise ProofInvalid(f"{part}, entry {number}", "its contents do not make its number and head")
            found.append(listed)
    if at != head:
        raise ProofInvalid(part, f"its entries make the head 0x{at.hex()}, the contract's is 0x{head.hex()}")
    return found


def _entries(
    contract: str, items: Sequence[object], address: bytes, part: str, before: int
) -> Iterator[tuple[bytes, Listed | None]]:
    for number, item in enumerate(items, before + 1):
        match item:
            case bytes() if len(item) == _HASH_BYTES:
                yield item, None
            case [list() as topics, bytes() as data, *more] if (
                all(map(_is_word, topics)) and more in _ENDINGS
            ):
                try:
                    event = decode(contract, topics, data)
                except EventUnreadable as error:
                    raise ProofInvalid(f"{part}, entry {number}", error.what) from error
                if more and event.name != "DisputeRuled":
                    raise ProofInvalid(f"{part}, entry {number}", "it is not a ruling")
                yield entry_hash(address, topics, data, event.position), Listed(event, bool(more))
            case _:
                raise ProofInvalid(f"{part}, entry {number}", "it is neither a hash nor an entry")


def _is_word(topic: object) -> bool:
    return isinstance(topic, bytes) and len(topic) == _HASH_BYTES
