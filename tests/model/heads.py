"""A contract's journal, as IJournal describes it: what its newest head must be after the entries expected."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak


def abi_type(item: Mapping[str, Any]) -> str:
    """A parameter's type as encoders take it: structs as lists of their fields' types."""
    if not item["type"].startswith("tuple"):
        return str(item["type"])
    fields = ",".join(abi_type(field) for field in item["components"])
    return f"({fields}){item['type'].removeprefix('tuple')}"


class Journal:
    """``seq`` and ``head`` are those of the newest entry; ``entries`` are those written here, in order."""

    def __init__(self, address: str, abi: Sequence[Mapping[str, Any]], seq: int, head: bytes) -> None:
        self.address, self.seq, self.head = address, seq, head
        self.entries: list[tuple[str, dict[str, Any]]] = []
        self._events = {item["name"]: item["inputs"] for item in abi if item["type"] == "event"}

    def __deepcopy__(self, memo: object) -> "Journal":
        other = copy(self)
        other.entries = list(self.entries)
        return other

    def write(self, event: str, **values: Any) -> None:
        """The next entry; ``values`` are the event's parameters by Solidity's names, without seq and head."""
        inputs = self._events[event]
        named = [item["name"] for item in inputs[:-2]]
        if set(named) != set(values):
            raise ValueError(f"{event} has {named}, not {sorted(values)}")
        self.seq += 1
        entry = self._entry(event, inputs, values)
        self.head = keccak(self.head.ljust(32, b"\0") + self.seq.to_bytes(32) + entry)[:24]
        self.entries.append((event, values))

    def _entry(self, event: str, inputs: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> bytes:
        """keccak256 over emitter and number of topics, the topics, and the data without seq and head."""
        signature = f"{event}({','.join(abi_type(item) for item in inputs)})"
        topics = [keccak(signature.encode())]
        topics += [
            encode([abi_type(item)], [values[item["name"]]]) for item in inputs[:-2] if item["indexed"]
        ]
        plain = [item for item in inputs[:-2] if not item["indexed"]]
        types = [abi_type(item) for item in plain] + ["uint64", "bytes24"]
        data = encode(types, [*(values[item["name"]] for item in plain), 0, bytes(24)])
        place = 32 * len(plain)
        source = len(topics).to_bytes(12) + to_canonical_address(self.address)
        return keccak(source + b"".join(topics) + data[:place] + data[place + 64 :])
