"""Blocks and logs from a node: in ranges that it answers, and consistent with one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_utils.crypto import keccak

from ledger.chain.node import Node, NodeUnreachable, RpcRefused
from ledger.errors import LedgerError
from ledger.indexer.entries import Header, Log
from ledger.indexer.ranges import RangeSize
from ledger.indexer.raw_logs import RawLog, fault, read_logs
from ledger.indexer.scope import Scope

HEADERS_AT_ONCE = 100
MOST_BYTES = 32 << 20
"""Of logs in one answer, for the memory they take: where a chain grows dense, the range is halved.

A block of a billion gas has not that much of our contracts' entries.
"""
_NO_ENTRY = (keccak(text="AuthorityUpdated(address)"),)
"""The one event of the contracts that is not in their journals: OpenZeppelin's AccessManaged emits it."""
_BITS = 63
"""What the tables hold of block numbers, places and times; a shift by so many also finds what is negative."""
FINAL_DEPTH = 64
"""Blocks after which a block is taken for final where the node does not say."""


class ChainMoved(LedgerError):
    """Blocks changed while they were read: nothing is wrong, one starts over."""


@dataclass(frozen=True)
class Batch:
    """Blocks ``first`` to ``last``: their logs in the chain's order, and the headers that were looked at."""

    first: int
    last: Header
    headers: Mapping[int, Header]
    logs: Sequence[Log]


class Fetcher:
    """Reads blocks and logs of one deployment. ``finality`` is ``finalized``, ``immediate`` or a depth."""

    def __init__(
        self,
        node: Node,
        scope: Scope,
        finality: str = "finalized",
        size: RangeSize | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.node = node
        self._scope = scope
        self._finality = finality
        self.size = size or RangeSize()
        self._most_bytes = most_bytes
        self._batches = True

    def newest(self) -> Header:
        """The newest block that the node has."""
        found = self.header("latest")
        if found is None:
            raise ChainMoved("The node has no newest block.", "Is it still starting?")
        return found

    def header(self, block: int | str) -> Header | None:
        """A block by number or tag, ``None`` where the node has none."""
        name = hex(block) if isinstance(block, int) else block
        return _header(self.node.rpc("eth_getBlockByNumber", [name, False]))

    def headers(self, numbers: Iterable[int]) -> dict[int, Header]:
        """Blocks by number, many in one request. Raises `ChainMoved` when one is gone."""
        wanted = sorted(set(numbers))
        found: dict[int, Header] = {}
        for start in range(0, len(wanted), HEADERS_AT_ONCE):
            part = wanted[start : start + HEADERS_AT_ONCE]
            for number, header in zip(part, self._ask_headers(part), strict=True):
                if header is None or header.number != number:
                    raise ChainMoved(f"The node has no block {number} any more.")
                found[number] = header
        return found

    def present(self, numbers: Sequence[int]) -> list[Header | None]:
        """At most `HEADERS_AT_ONCE` blocks by number, ``None`` for those that the node does not have."""
        return self._ask_headers(numbers)

    def final(self, newest: int) -> int:
        """Number of the newest block that will not change any more, by the deployment's finality."""
        if self._finality == "immediate":
            return newest
        if self._finality != "finalized":
            return max(0, newest - int(self._finality))
        try:
            header = self.header("finalized")
        except RpcRefused:
            header = None
        return max(0, newest - FINAL_DEPTH) if header is None else min(header.number, newest)

    def batch(self, first: int, newest: Header, window: int) -> Batch:
        """The next blocks from ``first`` on, up to ``newest`` or as many as the node answers at once.

        From block ``window`` on, every header is read. Raises `ChainMoved` when logs and headers are not of
        one chain.
        """
        while True:
            last = min(first + self.size.blocks - 1, newest.number)
            # Read before the logs: if the chain moves in between, this header is the older one, and the next
            # batch will not link to it.
            end = newest if last == newest.number else self.headers([last])[last]
            try:
                logs = self._logs(first, last)
            except RpcRefused:
                if not self.size.refused():
                    raise
                continue
            except NodeUnreachable:
                # Too large a range, or a node that is down: whoever asks again knows how patient to be.
                self.size.refused()
                raise
            self.size.answered(last - first + 1, len(logs))
            break
        looked_at = {first, *(log.block_number for log in logs), *range(max(first, window), last)}
        headers = self.headers(looked_at - {last}) | {last: end}
        _check_linked(headers)
        for log in logs:
            if headers[log.block_number].hash != log.block_hash:
                raise ChainMoved(f"Block {log.block_number} changed while it was read.")
        return Batch(first, end, headers, logs)

    def _ask_headers(self, numbers: Sequence[int]) -> list[Header | None]:
        calls = [("eth_getBlockByNumber", [hex(number), False]) for number in numbers]
        if self._batches:
            try:
                return [_header(answer) for answer in self.node.rpc_batch(calls)]
            except RpcRefused:
                self._batches = False  # not every node takes batches: one by one from here on
        return [_header(self.node.rpc(method, params)) for method, params in calls]

    def _logs(self, first: int, last: int) -> list[Log]:
        answer = self.node.rpc(
            "eth_getLogs",
            [
                {
                    "fromBlock": hex(first),
                    "toBlock": hex(last),
                    "address": ["0x" + contract.hex() for contract in self._scope.contracts],
                }
            ],
            most_bytes=self._most_bytes,
            read=read_logs,
        )
        if not isinstance(answer, list):
            raise RpcRefused("eth_getLogs", {"message": "it answered no list"})
        if answer and not isinstance(answer[0], RawLog):
            raise RpcRefused("eth_getLogs", {"message": f"its answer has what is no log: {fault(answer)}"})
        logs = [log for log in map(_log, answer) if log.topics[:1] != _NO_ENTRY]
        logs.sort(key=lambda log: (log.block_number, log.log_index))
        for log in logs:
            if log.contract not in self._scope.kinds or not first <= log.block_number <= last:
                raise RpcRefused("eth_getLogs", {"message": "it answered with logs that nobody asked for"})
        return logs


def _check_linked(headers: Mapping[int, Header]) -> None:
    for number, header in headers.items():
        before = headers.get(number - 1)
        if before is not None and header.parent_hash != before.hash:
            raise ChainMoved(f"Block {number} does not follow block {number - 1}.")


def _header(answer: Any) -> Header | None:
    if answer is None:
        return None
    try:
        number, timestamp = int(answer["number"], 16), int(answer["timestamp"], 16)
        if (number | timestamp) >> _BITS:
            raise ValueError("a number that no chain has")
        return Header(number, _hex(answer["hash"]), timestamp, _hex(answer["parentHash"]))
    except (KeyError, TypeError, ValueError) as error:
        raise RpcRefused(
            "eth_getBlockByNumber", {"message": f"its answer is no block ({error!r})"}
        ) from error


def _log(raw: RawLog) -> Log:
    try:
        number, log_index = int(raw.block_number, 16), int(raw.log_index, 16)
        transaction_index = int(raw.transaction_index, 16)
        if (number | transaction_index | log_index) >> _BITS:
            raise ValueError("a number that no chain has")
        return Log(
            _known_hex(raw.address),
            tuple([_from_hex(topic[2:]) for topic in raw.topics]),
            _from_hex(raw.data[2:]),
            number,
            _known_hex(raw.block_hash),
            _known_hex(raw.transaction_hash),
            transaction_index,
            log_index,
        )
    except ValueError as error:
        raise RpcRefused("eth_getLogs", {"message": f"its answer has what is no log ({error!r})"}) from error


_from_hex = bytes.fromhex


@lru_cache(1_024)  # one transaction's logs repeat its hashes and the contract's address
def _known_hex(value: str) -> bytes:
    return bytes.fromhex(value[2:])


def _hex(value: str) -> bytes:
    return bytes.fromhex(value[2:])
