"""Blocks and logs from a node: in ranges that it answers, and consistent with one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from eth_utils.crypto import keccak

from ledger.chain.block_logs import block_logs
from ledger.chain.blocks import told_final
from ledger.chain.manager_logs import ManagerLog, manager_logs
from ledger.chain.node import Node, NodeUnreachable, RateLimited, RpcRefused
from ledger.chain.ranges import RangeSize
from ledger.chain.state import BlockGone
from ledger.errors import LedgerError
from ledger.indexer.entries import Header
from ledger.indexer.headers import HeaderReader
from ledger.indexer.logs import Logs, logs_of
from ledger.indexer.powers import PowerRow, power_row
from ledger.indexer.raw_logs import RawLog, fault, read_logs
from ledger.indexer.scope import Scope
from ledger.packed import PackedBytes

HEADERS_AT_ONCE = 100
MOST_BYTES = 32 << 20
"""Of logs in one answer, for the memory they take: where a chain grows dense, the range is halved.

A block of a billion gas has not that much of our contracts' entries.
"""
_NO_ENTRY = keccak(text="AuthorityUpdated(address)")
"""The one event of contracts with a journal that is not in it: OpenZeppelin's AccessManaged emits it."""
FINAL_DEPTH = 64
"""Blocks after which a block is taken for final where the node does not say."""


class ChainMoved(LedgerError):
    """Blocks changed while they were read: nothing is wrong, one starts over."""


@dataclass(frozen=True)
class Batch:
    """Blocks ``first`` to ``last``: their journals' logs, those of the access manager, and the headers that
    were looked at.
    """

    first: int
    last: Header
    headers: Mapping[int, Header]
    logs: Sequence[Logs]
    powers: Sequence[Logs] = ()


class Fetcher:
    """Reads blocks and logs of one deployment. ``finality`` is ``finalized``, ``immediate`` or a depth;
    ``any_hash`` as for `HeaderReader`. What asks for blocks raises `HeaderFalse` for one that is not as its
    hash says.
    """

    def __init__(
        self,
        node: Node,
        scope: Scope,
        finality: str = "finalized",
        size: RangeSize | None = None,
        most_bytes: int = MOST_BYTES,
        *,
        any_hash: bool = False,
    ) -> None:
        self.node = node
        self._scope = scope
        self._finality = finality
        self.size = size or RangeSize()
        self._most_bytes = most_bytes
        self._headers = HeaderReader(any_hash=any_hash)

    def newest(self) -> Header:
        """The newest block that the node has."""
        found = self.header("latest")
        if found is None:
            raise ChainMoved("The node has no newest block.", "Is it still starting?")
        return found

    def header(self, block: int | str) -> Header | None:
        """A block by number or tag, ``None`` where the node has none."""
        name = hex(block) if isinstance(block, int) else block
        return self._headers.read(self.node.rpc("eth_getBlockByNumber", [name, False]))

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
        told = told_final(self.node)
        return max(0, newest - FINAL_DEPTH) if told is None else min(told, newest)

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
            except RateLimited:
                raise  # it would refuse any range
            except NodeUnreachable:
                # Too large a range, or a node that is down: whoever asks again knows how patient to be.
                self.size.refused()
                raise
            self.size.answered(last - first + 1, sum(map(len, logs)))
            break
        looked_at = {first, *range(max(first, window), last)}
        looked_at.update(*(alike.block_numbers.different()[0] for alike in logs))
        headers = self.headers(looked_at - {last}) | {last: end}
        _check_linked(headers)
        for alike in logs:
            _check_in(headers, alike)
        manager = self._scope.manager
        return Batch(
            first,
            end,
            headers,
            [alike for alike in logs if alike.contract != manager],
            [alike for alike in logs if alike.contract == manager],
        )

    def powers(self, first: int, last: int) -> tuple[list[PowerRow], dict[int, Header]]:
        """All changes of who may do what in these blocks, and the blocks that carry them.

        Raises `ChainMoved`, `PowersRejected` for what no access manager emits, and what the node raises.
        """
        try:
            found = list(self._manager_logs(first, last))
        except BlockGone as error:
            raise ChainMoved(error.what) from error
        headers = self.headers({log.block_number for log in found})
        for log in found:
            if headers[log.block_number].hash != log.block_hash:
                raise ChainMoved(f"Block {log.block_number} changed while it was read.")
        return [power_row(self._scope, log) for log in found], headers

    def _manager_logs(self, first: int, last: int) -> Iterator[ManagerLog]:
        """Each block that has some by itself, and what is between them: of a range with several, a node that
        cuts its answers short leaves some out.
        """
        found = manager_logs(self.node, "0x" + self._scope.manager.hex(), first, last)
        begin = first
        for number in sorted({log.block_number for log in found}):
            if begin < number:
                yield from self._manager_logs(begin, number - 1)
            yield from manager_logs(self.node, "0x" + self._scope.manager.hex(), number, number)
            begin = number + 1
        if first < begin <= last:
            yield from self._manager_logs(begin, last)

    @property
    def any_hash(self) -> bool:
        """Whether the chain's hashes are made otherwise."""
        return self._headers.any_hash

    def _ask_headers(self, numbers: Sequence[int]) -> list[Header | None]:
        calls = [("eth_getBlockByNumber", [hex(number), False]) for number in numbers]
        return [self._headers.read(answer) for answer in self.node.rpc_batch(calls)]

    def _logs(self, first: int, last: int) -> list[Logs]:
        asked = [*self._scope.contracts, self._scope.manager]
        answer = self._raw_logs(asked, first, last)
        if not isinstance(answer, list):
            raise RpcRefused("eth_getLogs", {"message": "it answered no list"})
        if answer and not isinstance(answer[0], RawLog):
            raise RpcRefused("eth_getLogs", {"message": f"its answer has what is not a log: {fault(answer)}"})
        try:
            # Logs of a branch that was given up are told again, as removed: they are not the chain's.
            there = [log for log in answer if log.removed is not True]
            logs = [alike for alike in logs_of(there) if not _says_nothing(alike)]
        except (ValueError, OverflowError) as error:
            raise RpcRefused(
                "eth_getLogs", {"message": f"its answer has what is not a log ({error})"}
            ) from error
        for alike in logs:
            numbers = alike.block_numbers.different()[0]
            if alike.contract not in asked or numbers[0] < first or numbers[-1] > last:
                raise RpcRefused("eth_getLogs", {"message": "it answered with logs that nobody asked for"})
        return logs

    def _raw_logs(self, contracts: Sequence[bytes], first: int, last: int) -> Any:
        asked = {"address": ["0x" + contract.hex() for contract in contracts]}
        if self.size.by_receipts:
            with suppress(RpcRefused):  # then what it says of its logs says more
                found = block_logs(
                    self.node, asked, first, any_hash=self.any_hash, most_bytes=self._most_bytes
                )
                return read_logs(orjson.dumps({"result": found}))["result"]
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        return self.node.rpc("eth_getLogs", [span | asked], most_bytes=self._most_bytes, read=read_logs)


def _check_linked(headers: Mapping[int, Header]) -> None:
    for number, header in headers.items():
        before = headers.get(number - 1)
        if before is not None and header.parent_hash != before.hash:
            raise ChainMoved(f"Block {number} does not follow block {number - 1}.")


def _says_nothing(logs: Logs) -> bool:
    return bool(logs.topics) and logs.topics[0][0] == _NO_ENTRY


def _check_in(headers: Mapping[int, Header], logs: Logs) -> None:
    """Raises `ChainMoved` unless each log is of the block that is there."""
    numbers, which = logs.block_numbers.different()
    there = PackedBytes.of([headers[number].hash for number in numbers]).picked(which)
    moved = (there.matrix != logs.block_hashes.matrix).any(axis=1)
    if moved.any():
        raise ChainMoved(f"Block {logs.block_numbers[int(np.argmax(moved))]} changed while it was read.")
