"""What nodes do to who reads them: each fault spoils some answers, then the node is honest again.

A fault says how often it struck, so that no test passes because nothing happened.
"""

import itertools
import random
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from rpc_proxy import (
    Deliver,
    RpcProxy,
    garbage,
    halved,
    late,
    refusal,
    reset,
    status,
    truncated,
    whole,
)

from ledger.chain.node import TIMEOUT_SECONDS

Answer = dict[str, Any]
IMPATIENCE = 1.0
"""Seconds that the indexer gives a node for an answer, where the fault is to be late."""


class Fault:
    """``arm`` lets the proxy misbehave; ``struck`` counts how often it did.

    ``timeout`` is how long the indexer should wait for an answer.
    """

    def __init__(self, timeout: float = TIMEOUT_SECONDS) -> None:
        self.struck = 0
        self.timeout = timeout

    def arm(self, proxy: RpcProxy) -> None:
        raise NotImplementedError


class Answers(Fault):
    """Alters the results of a method, ``times`` times; ``alter`` gives None to leave one alone."""

    def __init__(self, method: str, alter: Callable[[Any, Any, Answer], Answer | None], times: int) -> None:
        super().__init__()
        self._method, self._alter, self._times = method, alter, times

    def arm(self, proxy: RpcProxy) -> None:
        proxy.alter = self._given

    def _given(self, method: str, params: Any, answer: Answer) -> Answer:
        if method != self._method or self.struck >= self._times or "result" not in answer:
            return answer
        altered = self._alter(answer["result"], params, answer)
        if altered is None:
            return answer
        self.struck += 1
        return altered


class Transport(Fault):
    """Spoils the sending of answers to a method, or to all, ``times`` times."""

    def __init__(
        self,
        deliver: Deliver,
        times: int,
        method: str | None = "eth_getLogs",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(timeout)
        self._deliver, self._times, self._method = deliver, times, method

    def arm(self, proxy: RpcProxy) -> None:
        proxy.deliver = self._send

    def _send(self, connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
        if self.struck < self._times and (self._method is None or self._method in methods):
            self.struck += 1
            self._deliver(connection, methods, content)
        else:
            whole(connection, methods, content)


def logs(alter: Callable[[list[Any]], Any], times: int = 1) -> Callable[[], Fault]:
    """Alters lists of logs that hold at least two journal entries."""

    def given(result: Any, params: Any, answer: Answer) -> Answer | None:
        if len(result) < 2:
            return None
        changed = alter(result)
        return None if changed == result else answer | {"result": changed}

    return lambda: Answers("eth_getLogs", given, times)


def refused(when: Callable[[int, list[Any]], bool]) -> Callable[[], Fault]:
    """Refuses some ranges for good, by their blocks or logs, each time in other words."""
    words = itertools.cycle(
        [
            ("query returned more than 10000 results", -32005),
            ("block range is too wide", -32600),
            ("Log response size exceeded. this block range should work: [0x0, 0x1]", -32602),
            ("", 0),
            ("plus tard, s'il vous plaît", 35),
        ]
    )

    def given(result: Any, params: Any, answer: Answer) -> Answer | None:
        blocks = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
        if not when(blocks, result):
            return None
        return refusal(answer, *next(words))

    return lambda: Answers("eth_getLogs", given, 10_000)


def shuffled(logs: list[Any]) -> list[Any]:
    return random.Random(3).sample(logs, len(logs))


def of_another_block(logs: list[Any]) -> list[Any]:
    """The newest log names a block that is on no chain."""
    return [*logs[:-1], logs[-1] | {"blockHash": "0x" + "ab" * 32}]


def cut(most: int, kept: slice) -> Callable[[], Fault]:
    """At most so many logs of a range, always, without a word of those that are left out."""

    def given(found: list[Any]) -> list[Any]:
        is_range = len({log["blockNumber"] for log in found}) > 1
        return found[kept] if is_range and len(found) > most else found

    return logs(given, times=10_000)


def with_removed(place: int, **altered: str) -> Callable[[], Fault]:
    """A log of a branch that was given up is among them."""

    def given(found: list[Any]) -> list[Any]:
        again = found[-1] | {"removed": True, **altered}
        return [*found[:place], again, *found[place:]]

    return logs(given, times=10_000)


LOST = {"blockHash": "0x" + "cd" * 32, "transactionHash": "0x" + "ef" * 32}


def null_block(result: Any, params: Any, answer: Answer) -> Answer | None:
    return None if params[0] in ("latest", "finalized") else answer | {"result": None}


def header(change: Callable[[Answer], Answer], times: int = 1) -> Callable[[], Fault]:
    """Alters blocks, which then are not what their hashes stand for."""

    def given(result: Any, params: Any, answer: Answer) -> Answer | None:
        return answer | {"result": result | change(result)} if result else None

    return lambda: Answers("eth_getBlockByNumber", given, times)


def two_hours_early(block: Answer) -> Answer:
    return {"timestamp": hex(int(block["timestamp"], 16) - 7_200)}


TOO_MANY = status(429, b'{"jsonrpc":"2.0","id":1,"error":{"code":429,"message":"slow down"}}')

SHARPEST: dict[str, Callable[[], Fault]] = {
    "no log, once": logs(lambda found: []),
    "half of the logs, once": logs(lambda found: found[: len(found) // 2]),
    "logs twice": logs(lambda found: [*found, *found]),
    "logs of a wrong block hash": logs(of_another_block, times=3),
    "a header two hours early, once": header(two_hours_early),
    "ranges refused in any words": refused(lambda blocks, found: blocks > 3),
    "too many requests": lambda: Transport(TOO_MANY, 2),
    "logs cut to the newest five": cut(5, slice(-5, None)),
    "removed logs before the others": with_removed(0),
    "connections reset": lambda: Transport(reset, 3, method=None),
    "JSON cut short": lambda: Transport(halved, 2),
    "no answer in time": lambda: Transport(late(2 * IMPATIENCE), 1, timeout=IMPATIENCE),
}
"""In every run of the tests, while reading history."""
SHARPEST_LIVE = ("no log, once", "half of the logs, once", "logs of a wrong block hash", "connections reset")
"""In every run of the tests, while following."""
SHARPEST_APART = ("half of the logs, once", "ranges refused in any words")
"""In every run of the tests, while a process of its own reads history."""

ALL: dict[str, Callable[[], Fault]] = SHARPEST | {
    "logs cut to the oldest five": cut(5, slice(5)),
    "no log where there are more than five": cut(5, slice(0)),
    "removed logs of a lost branch": with_removed(2, **LOST),
    "the last log missing, once": logs(lambda found: found[:-1]),
    "the first log missing, twice": logs(lambda found: found[1:], times=2),
    "logs shuffled": logs(shuffled, times=100),
    "logs reversed": logs(lambda found: found[::-1], times=100),
    "an altered log": logs(lambda found: [found[0] | {"data": found[0]["data"] + "00" * 32}, *found[1:]]),
    "null for logs": logs(lambda found: None),
    "an object for logs": logs(lambda found: {"logs": found}),
    "logs without fields": logs(lambda found: [{}, *found]),
    "logs nobody asked for": logs(lambda found: [*found, found[0] | {"address": "0x" + "77" * 20}]),
    "results limited in number": refused(lambda blocks, found: len(found) > 4),
    "only single blocks": refused(lambda blocks, found: blocks > 1),
    "a null block, once": lambda: Answers("eth_getBlockByNumber", null_block, 1),
    "null blocks, often": lambda: Answers("eth_getBlockByNumber", null_block, 4),
    "headers two hours early, often": header(two_hours_early, times=4),
    "a header without a field": header(lambda _: {"mixHash": None}),
    "a header with another fork's field": header(lambda _: {"slotNumber": "0x1"}),
    "a header with a number that JSON writes": header(
        lambda block: {name: int(block[name], 16) for name in ("number", "gasUsed")}, times=100
    ),
    "too many requests, in HTML": lambda: Transport(status(429, b"<html>Too many</html>"), 4),
    "bad gateways": lambda: Transport(status(502, b"<html>Bad Gateway</html>"), 4, method=None),
    "unavailable": lambda: Transport(status(503, b""), 4, method=None),
    "internal errors": lambda: Transport(status(500, b'{"jsonrpc":"2.0","id":1,"error":"oh"}'), 4),
    "connections broken in the middle": lambda: Transport(truncated, 3),
    "garbage": lambda: Transport(garbage, 3, method=None),
    "headers cut short": lambda: Transport(halved, 2, method="eth_getBlockByNumber"),
    "heads cut short": lambda: Transport(halved, 2, method="eth_call"),
    "no answer in time, three times": lambda: Transport(
        late(2 * IMPATIENCE), 3, method=None, timeout=IMPATIENCE
    ),
}
