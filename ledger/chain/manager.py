"""The access manager's events: from a raw log to a change of powers. Pure: needs its ABI, no node."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from eth_abi.abi import encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.artifacts.contracts import contract_abi
from ledger.journal.events import DECODER, EventUnreadable
from ledger.terms.contracts import MANAGER

_NAMES = {
    "roleId": "role",
    "admin": "other_role",
    "guardian": "other_role",
    "since": "effective_at",
    "schedule": "effective_at",
    "newMember": "new_member",
    "operationId": "operation",
    "data": "calldata",
}
"""What the arguments are called here, where it is not as in Solidity."""


class _Shape(NamedTuple):
    name: str
    topics: Sequence[tuple[str, str]]
    data: Sequence[tuple[str, str]]


def decode_change(topics: Sequence[bytes], data: bytes) -> tuple[str, dict[str, Any]]:
    """An event's name and arguments: addresses as 20 bytes, other bytes as bytes, times in seconds.

    Raises EventUnreadable for what no access manager emits.
    """
    shape = _shapes().get(topics[0] if topics else b"")
    if shape is None:
        raise EventUnreadable("The access manager has an event that this program does not know.")
    if len(topics) != len(shape.topics) + 1:
        raise EventUnreadable(f"A {shape.name} log has {len(topics)} topics.")
    try:
        values = DECODER.decode([kind for _, kind in shape.topics], b"".join(topics[1:]))
        values += DECODER.decode([kind for _, kind in shape.data], data)
    except (ValueError, OverflowError, DecodingError) as error:
        raise EventUnreadable(f"The data of a {shape.name} log are malformed: {error}.") from error
    args = {
        name: _plain(kind, value)
        for (name, kind), value in zip((*shape.topics, *shape.data), values, strict=True)
    }
    if shape.name == "OperationScheduled" and args["operation"] != operation_id(
        args["caller"], args["target"], args["calldata"]
    ):
        raise EventUnreadable("A scheduled operation has another number than its contents make.")
    return shape.name, args


def operation_id(caller: bytes, target: bytes, calldata: bytes) -> bytes:
    """The number that the manager gives an operation: the hash of all of it."""
    who, whom = to_checksum_address(caller), to_checksum_address(target)
    return keccak(encode(["address", "address", "bytes"], [who, whom, calldata]))


def _plain(kind: str, value: Any) -> Any:
    if kind == "address":
        return to_canonical_address(value)
    if kind == "string":
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")  # no database keeps a zero in a text
    return value


@cache
def _shapes() -> dict[bytes, _Shape]:
    found = {}
    for event in contract_abi(MANAGER):
        if event["type"] != "event":
            continue
        kinds = [each["type"] for each in event["inputs"]]
        indexed, other = (
            [
                (_NAMES.get(each["name"], each["name"]), each["type"])
                for each in event["inputs"]
                if each["indexed"] is which
            ]
            for which in (True, False)
        )
        found[keccak(text=f"{event['name']}({','.join(kinds)})")] = _Shape(event["name"], indexed, other)
    return found
