"""A journal in a bundle: the entries that matter in full, of the others only what the journal's chain needs.

Whoever has the head after the last entry, from the contract's storage, knows with it that each entry stands
at its place and none is left out: 32 bytes an entry, where a receipt's proof takes kilobytes and a header.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import rlp
from rlp.exceptions import DecodingError

from ledger.chain.events import Event, EventUnreadable, decode
from ledger.chain.journal import START_HEAD, entry_hash, next_head
from ledger.proof.errors import ProofInvalid

_HASH_BYTES = 32


@dataclass(frozen=True)
class Raw:
    """An entry as the chain logged it."""

    topics: Sequence[bytes]
    data: bytes


def write(contract: str, entries: Iterable[Raw], matters: Callable[[Event], bool], address: bytes) -> bytes:
    """All entries of a contract's journal, from the first on: RLP of a list in which an entry that matters is
    the pair of its topics and its data, and any other its hash.
    """
    items: list[bytes | list[object]] = []
    for raw in entries:
        event = decode(contract, raw.topics, raw.data)
        if matters(event):
            items.append([list(raw.topics), raw.data])
        else:
            items.append(entry_hash(address, raw.topics, raw.data, event.position))
    return bytes(rlp.encode(items))


def read(contract: str, content: bytes, address: bytes, seq: int, head: bytes) -> list[Event]:
    """The entries that are given in full, of a journal that must end with this number and head.

    Raises ProofInvalid naming the first entry that does not stand where it must.
    """
    part = f"Journal of {contract}"
    try:
        items = rlp.decode(content)
    except DecodingError as error:
        raise ProofInvalid(part, "it is no RLP") from error
    if not isinstance(items, list) or len(items) != seq:
        raise ProofInvalid(part, f"it must have {seq} entries")
    events = []
    at = START_HEAD
    for number, (entry, event) in enumerate(_entries(contract, items, address, part), 1):
        at = next_head(at, number, entry)
        if event is not None:
            if (event.seq, event.head) != (number, at):
                raise ProofInvalid(f"{part}, entry {number}", "its contents do not make its number and head")
            events.append(event)
    if at != head:
        raise ProofInvalid(part, f"its entries make the head 0x{at.hex()}, the contract's is 0x{head.hex()}")
    return events


def _entries(
    contract: str, items: Sequence[object], address: bytes, part: str
) -> Iterator[tuple[bytes, Event | None]]:
    for number, item in enumerate(items, 1):
        if isinstance(item, bytes):
            if len(item) != _HASH_BYTES:
                raise ProofInvalid(f"{part}, entry {number}", "its hash has not 32 bytes")
            yield item, None
            continue
        topics, data = _pair(item, f"{part}, entry {number}")
        try:
            event = decode(contract, topics, data)
        except EventUnreadable as error:
            raise ProofInvalid(f"{part}, entry {number}", error.what) from error
        yield entry_hash(address, topics, data, event.position), event


def _pair(item: object, part: str) -> tuple[list[bytes], bytes]:
    match item:
        case [list() as topics, bytes() as data] if all(_is_word(topic) for topic in topics):
            return topics, data
    raise ProofInvalid(part, "it is no pair of topics and data")


def _is_word(topic: object) -> bool:
    return isinstance(topic, bytes) and len(topic) == _HASH_BYTES
