"""From a raw log to a typed event. Pure: needs the ABIs, no node.

Values come as the mirror keeps them: addresses as 20 bytes, bytes32 as bytes, numbers and enumerations as
int, an agreement's terms as :class:`~ledger.terms.agreement.Terms`, what everybody was paid as
:class:`~ledger.terms.payments.Part`, what a claim came of as
:class:`~ledger.terms.payments.Portion`, what was paid together as
:class:`~ledger.terms.payments.Invoice`. Names are Solidity's in snake case
(``expires_at``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from eth_abi.codec import ABIDecoder
from eth_abi.decoding import ContextFramesBytesIO, StringDecoder
from eth_abi.exceptions import DecodingError
from eth_abi.registry import BaseEquals, registry
from eth_utils.crypto import keccak

from ledger.artifacts.contracts import contract_abi
from ledger.errors import LedgerError
from ledger.journal.words import WORD, Words, is_word
from ledger.packed import PackedBytes, PackedNumbers
from ledger.terms.agreement import Terms
from ledger.terms.contracts import JOURNALS
from ledger.terms.deployment import Deployment
from ledger.terms.payments import Invoice, Part, Portion
from ledger.terms.solidity import snake


class _AnyStringDecoder(StringDecoder):
    """A contract takes any bytes for a string: what is not UTF-8 reads U+FFFD, and stops nobody."""

    def __init__(self) -> None:
        super().__init__("replace")  # type: ignore[no-untyped-call]  # eth_abi's coders have no types


class _Once(ContextFramesBytesIO):
    """A log's data, of which no more is read than there is, but for what tells where the rest stands.

    Solidity writes each value in a place of its own. Where many share one, a few bytes stand for any number.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)  # type: ignore[no-untyped-call]  # eth_abi's streams have no types
        self._left = 3 * len(data)

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self._left -= len(found)
        if self._left < 0:
            raise DecodingError("values share their place")
        return found


class _Decoder(ABIDecoder):
    stream_class = _Once


_registry = registry.copy()  # type: ignore[no-untyped-call]  # nor has its registry
_registry.unregister_decoder("string")
_registry.register_decoder(
    BaseEquals("string"),  # type: ignore[no-untyped-call]  # as above
    _AnyStringDecoder,
    label="string",
)
DECODER = _Decoder(_registry)
"""Reads what contracts put into a log's data, whatever bytes are in its strings."""


class EventUnreadable(LedgerError):
    """A log is of no event that the contract has, or its data are not that event's."""


@dataclass(slots=True)
class Event:
    """One entry of a contract's journal.

    ``contract_kind`` is the contract's name, ``args`` all arguments but the last two, ``seq`` and ``head``;
    ``position`` is where in the data the word of seq begins (see :func:`ledger.journal.heads.entry_hash`).
    """

    name: str
    contract_kind: str
    args: dict[str, Any]
    seq: int
    head: bytes
    position: int


@dataclass(slots=True)
class Events:
    """Entries of one event of one contract, column by column; the columns are as long as one another.

    ``args`` has, for each argument, its values; the rest is as in `Event`.
    """

    name: str
    args: dict[str, Sequence[Any]]
    seqs: PackedNumbers
    heads: PackedBytes
    position: int


class _Argument(NamedTuple):
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """How an event's arguments lie in topics and data, made from the ABI once.

    ``names`` are those of all arguments, the indexed first, without seq and head. ``words`` reads all of them
    at once, or those in topics alone where the ``dynamic`` are more than words.
    """

    name: str
    names: tuple[str, ...]
    words: Words
    dynamic: tuple[_Argument, ...]
    position: int


def decode(contract_kind: str, topics: Sequence[bytes], data: bytes) -> Event:
    """The event of a log of one of the ledger's contracts, given by its name.

    Raises EventUnreadable. Only journal events are known: filter logs by :func:`journal_topics`, because
    OpenZeppelin's AccessManaged also emits ``AuthorityUpdated``, which is not an entry.
    """
    shape = _shape_of(contract_kind, topics)
    try:
        values = _values(shape, topics, data)
    except (ValueError, OverflowError, DecodingError) as error:
        raise EventUnreadable(f"The data of a {shape.name} log are malformed: {error}.") from error
    args = dict(zip(shape.names, values, strict=False))  # the names end before seq and head
    return Event(shape.name, contract_kind, args, values[-2], values[-1], shape.position)


def decode_alike(contract_kind: str, topics: Sequence[PackedBytes], data: PackedBytes) -> Events:
    """The events of one or more logs of one contract that begin with the same topic, all at once.

    ``topics`` has a column for each place. Raises EventUnreadable when `decode` would for any of them.
    """
    shape = _shape_of(contract_kind, [column[0] for column in topics[:1]])
    columns: list[Sequence[Any]]
    try:
        if shape.dynamic:
            each_topics = zip(*topics, strict=True)
            each = (_values(shape, some, rest) for some, rest in zip(each_topics, data, strict=True))
            columns = list(zip(*each, strict=True))
        else:
            columns = [*shape.words.columns(topics[1:], data)]
    except (ValueError, OverflowError, DecodingError) as error:
        raise EventUnreadable(f"The data of a {shape.name} log are malformed: {error}.") from error
    args = dict(zip(shape.names, columns, strict=False))  # the names end before seq and head
    seqs, heads = PackedNumbers.of(columns[-2]), PackedBytes.of(columns[-1])
    return Events(shape.name, args, seqs, heads, shape.position)


def decode_log(deployment: Deployment, log: Mapping[str, Any]) -> Event:
    """The event of a log as ``eth_getLogs`` returns it (JSON with hex strings, or web3's bytes).

    Raises EventUnreadable, also when the log is of a contract outside the deployment.
    """
    try:
        address, data = _bytes(log["address"]), _bytes(log["data"])
        topics = [_bytes(topic) for topic in log["topics"]]
    except (KeyError, TypeError, ValueError) as error:
        raise EventUnreadable(f"Expected a log of hexadecimal fields: {error}.") from error
    kind = deployment.kind_of(address)
    if kind not in JOURNALS:
        raise EventUnreadable(f"0x{address.hex()} is not a contract of this deployment that keeps a journal.")
    return decode(kind, topics, data)


def journal_topics(contract_kind: str) -> tuple[bytes, ...]:
    """The first topics of the events that are entries of this contract's journal."""
    return tuple(_shapes(contract_kind))


def topic_of(contract_kind: str, event: str) -> str:
    """First topic of one of these events, 0x hex. Raises LookupError when the contract has no such event."""
    for topic, shape in _shapes(contract_kind).items():
        if shape.name == event:
            return "0x" + topic.hex()
    raise LookupError(f"{contract_kind} has no journal event {event}")


def _shape_of(contract_kind: str, topics: Sequence[bytes]) -> _Shape:
    shape = _shapes(contract_kind).get(topics[0]) if topics else None
    if shape is None:
        shown = "0x" + topics[0].hex() if topics else "no topic"
        raise EventUnreadable(f"{contract_kind} has no journal event with {shown}.")
    return shape


def _values(shape: _Shape, topics: Sequence[bytes], data: bytes) -> list[Any]:
    """All arguments, seq and head among them."""
    if shape.dynamic:
        return shape.words.read(topics[1:], b"") + _dynamic(shape.dynamic, data)
    return shape.words.read(topics[1:], data)


@cache
def _shapes(contract_kind: str) -> dict[bytes, _Shape]:
    shapes = {}
    for item in contract_abi(contract_kind):
        if item["type"] != "event":
            continue
        inputs = item["inputs"]
        if [argument["name"] for argument in inputs[-2:]] != ["seq", "head"]:
            continue
        signature = f"{item['name']}({','.join(_canonical(argument) for argument in inputs)})"
        indexed = tuple(_arguments(inputs, indexed=True))
        plain = tuple(_arguments(inputs, indexed=False))
        static = all(is_word(argument.kind) for argument in plain)
        words = (*indexed, *plain) if static else indexed
        shapes[keccak(text=signature)] = _Shape(
            name=item["name"],
            names=tuple(argument.name for argument in (*indexed, *plain[:-2])),
            words=Words([argument.kind for argument in words], len(indexed)),
            dynamic=() if static else plain,
            position=(len(plain) - 2) * WORD,
        )
    return shapes


def _arguments(inputs: Sequence[Mapping[str, Any]], *, indexed: bool) -> Iterator[_Argument]:
    for argument in inputs:
        if argument["indexed"] is indexed:
            yield _Argument(snake(argument["name"]), _canonical(argument))


def _canonical(argument: Mapping[str, Any]) -> str:
    """The type as signatures and eth_abi write it: tuples spelt out."""
    kind = str(argument["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_canonical(part) for part in argument['components'])}){kind.removeprefix('tuple')}"


def _dynamic(arguments: Sequence[_Argument], data: bytes) -> list[Any]:
    values = DECODER.decode([argument.kind for argument in arguments], data)
    return [_value(argument, value) for argument, value in zip(arguments, values, strict=True)]


def _value(argument: _Argument, value: Any) -> Any:
    if argument.name == "terms":
        return Terms.from_abi(value)
    if argument.name == "parts":
        return tuple(map(Part.from_abi, value))
    if argument.name == "portions":
        return tuple(map(Portion._make, value))
    if argument.name == "invoices":
        return tuple(map(Invoice.from_abi, value))
    return bytes.fromhex(value[2:]) if argument.kind == "address" else value


def _bytes(value: str | bytes) -> bytes:
    if not isinstance(value, str | bytes):
        raise TypeError(f"{type(value).__name__} is not bytes")
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else bytes(value)
