"""JSON-RPC with one node: questions and answers, one or many at once, in time and as often as it allows."""

import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util.timeout import Timeout

from ledger.chain import refusals
from ledger.chain.connection import session_for
from ledger.errors import LedgerError

MAX_CALLS = 100
"""In one request; public nodes take no more."""
MAX_MESSAGE = 500
"""Characters of what a node says is wrong, which is shown and stored."""
RATE_SECONDS = 60.0
"""How long one goes on asking a node that says it is asked too often."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 8.0
_BUSY = (502, 503, 504)
"""HTTP's words for: not now."""

Read = Callable[[bytes], Any]
"""Makes something of an answer's bytes; raises ValueError when they are not JSON."""
Calls = Sequence[tuple[str, Sequence[Any]]]
"""Methods and their parameters."""


class NodeFailed(LedgerError):
    """What the node is asked is not known: it does not answer, or what it answers is not an answer."""


class NodeUnreachable(NodeFailed):
    """Nothing answers at the RPC URL, or what answers is not a node."""


class RateLimited(NodeUnreachable):
    """The node says that it is asked too often, and goes on saying so."""


class RpcRefused(NodeFailed):
    """The node answered a call with an error. ``code`` and ``data`` are its own."""

    def __init__(self, method: str, error: Any) -> None:
        details = error if isinstance(error, dict) else {"message": error}
        said = details.get("message", details)
        self.message = (said if isinstance(said, str) else json.dumps(said, default=str))[:MAX_MESSAGE]
        super().__init__(f"The node refused {method}: {self.message}.")
        self.method = method
        self.code = details.get("code")
        self.data = details.get("data")

    @property
    def is_revert(self) -> bool:
        """Whether the contract refused the call. Else it is the node, and what is asked is not known."""
        return refusals.reverted(self.code, self.message) or len(refusals.revert_data(self.data)) > 2


class AnswerInvalid(RpcRefused):
    """The node answered a call with what is not an answer to it."""

    def __init__(self, method: str, expected: str, got: Any) -> None:
        shown = json.dumps(got, default=str)
        shown = shown if len(shown) <= 80 else f"{shown[:80]}…"
        super().__init__(method, {"message": f"expected {expected}, got {shown}"})
        self.what = f"The node's answer to {method} cannot be read: {self.message}."
        self.args = (self.what,)


class _TooLarge(Exception):
    """An answer has more bytes than whoever asked has memory for."""


class _Reply(NamedTuple):
    answer: Any
    status: int
    wait: float | None
    """Seconds after which the node wants to be asked again, where it says so."""


class Provider:
    """The way to one node. (web3's own retries, and lets errors of `requests` through.)

    ``timeout``: seconds for an answer, from asking to its last byte. ``rate_seconds``: how long it waits for
    a node that is asked too often.
    """

    def __init__(self, url: str, timeout: float, rate_seconds: float = RATE_SECONDS) -> None:
        self._url = url
        self.place = place_of(url)
        self.timeout = timeout
        self.rate_seconds = rate_seconds
        self._session = session_for(url)
        self._ids = itertools.count(1)
        self._most_calls = MAX_CALLS

    def make_request(
        self,
        method: str,
        params: Sequence[Any],
        most_bytes: int | None = None,
        read: Read = orjson.loads,
        deadline: float | None = None,
    ) -> dict[str, Any]:
        """The node's answer to one call: a result or an error, which it also is when it is too large.

        ``deadline``, of time.monotonic(), is for all of it.
        """
        call = _encoded(_call(next(self._ids), method, params))
        pauses = _Pauses(self, deadline)
        try:
            while True:
                reply = self._post(call, deadline, most_bytes, read)
                if not self._limits(reply, method):
                    return self._one(reply)
                pauses.wait(reply.wait, _said(reply.answer))
        except _TooLarge:
            return {"error": {"message": f"its answer is larger than {most_bytes:,} bytes"}}

    def call_many(self, calls: Calls, deadline: float | None = None) -> list[dict[str, Any]]:
        """The answers to several calls, in their order, in as few requests as the node takes."""
        answers: list[dict[str, Any]] = []
        while len(answers) < len(calls):
            some = calls[len(answers) : len(answers) + self._most_calls]
            if len(some) == 1:
                answers.append(self.make_request(*some[0], deadline=deadline))
                continue
            found = self._batch(some, deadline)
            if found is None:
                self._most_calls = len(some) // 2  # it takes fewer at once, or none
            else:
                answers += found
        return answers

    def _batch(self, calls: Calls, deadline: float | None) -> list[dict[str, Any]] | None:
        """One request's answers; None when the node does not answer each call.

        Some refuse a batch with an error in the place of the list, others with a list of that error alone.
        """
        ids = [next(self._ids) for _ in calls]
        body = _encoded([_call(number, *call) for number, call in zip(ids, calls, strict=True)])
        pauses = _Pauses(self, deadline)
        while True:
            reply = self._post(body, deadline)
            methods = {method for method, _ in calls}
            answers = reply.answer if isinstance(reply.answer, list) else [reply.answer]
            limited = [each for each in answers if self._limits(reply._replace(answer=each), *methods)]
            if limited or (not answers and self._limits(reply)):
                pauses.wait(reply.wait, _said(limited[0] if limited else None))
                continue
            if not isinstance(reply.answer, list):
                self._one(reply)  # else it is not a node
                return None
            by_id = {_id(answer): answer for answer in answers if _is_answer(answer)}
            found = [by_id.get(number) for number in ids]
            return [each for each in found if each is not None] if all(found) else None

    def _limits(self, reply: _Reply, *methods: str) -> bool:
        if reply.status == 429 or (reply.status == 503 and reply.wait is not None):
            return True
        error = reply.answer.get("error") if isinstance(reply.answer, dict) else None
        if error is None:
            return False
        refused = RpcRefused("", error)
        return any(refusals.limits_rate(method, refused.code, refused.message) for method in methods)

    def _post(
        self,
        body: bytes,
        deadline: float | None,
        most_bytes: int | None = None,
        read: Read = orjson.loads,
    ) -> _Reply:
        seconds = self.timeout if deadline is None else min(self.timeout, deadline - time.monotonic())
        if seconds <= 0:
            raise NodeUnreachable(f"No node answers at {self.place}: the time for it is used up.")
        whole: Any = Timeout(total=seconds)  # requests hands it on as it is, and its types do not say so
        try:
            with self._session.post(
                self._url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=whole,
                stream=True,  # else requests gathers the megabytes of many logs from pieces of ten kilobytes
            ) as response:
                content = response.raw.read(
                    None if most_bytes is None else most_bytes + 1, decode_content=True
                )
        except (requests.RequestException, HTTPError) as error:
            raise NodeUnreachable(
                f"No node answers at {self.place}: {_reason(error, seconds)}.",
                "Start one (`pledger node` runs a local one), or set PLEDGER_RPC_URL.",
            ) from error
        if most_bytes is not None and len(content) > most_bytes:
            raise _TooLarge
        status = response.status_code
        wait = refusals.retry_after(response.headers.get("Retry-After"), time.time())
        try:
            return _Reply(read(content), status, wait)
        except ValueError:
            if status in (429, *_BUSY):
                return _Reply(None, status, wait)
            raise NodeUnreachable(
                f"{self.place} is not a JSON-RPC node: it answered HTTP {status} and no JSON.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            ) from None

    def _one(self, reply: _Reply) -> dict[str, Any]:
        if reply.answer is None and reply.status in _BUSY:
            raise NodeUnreachable(
                f"{self.place} does not answer now: HTTP {reply.status}.", "Try again later, or another node."
            )
        if not _is_answer(reply.answer):
            raise NodeUnreachable(
                f"{self.place} is not a JSON-RPC node: its answer has neither a result nor an error.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            )
        answer: dict[str, Any] = reply.answer
        return answer


class _Pauses:
    """How one goes on asking a node that is asked too often: as it says, and less and less often."""

    def __init__(self, provider: Provider, deadline: float | None) -> None:
        self._place = provider.place
        self._until = time.monotonic() + provider.rate_seconds
        if deadline is not None:
            self._until = min(self._until, deadline)
        self._pause = _SHORTEST_PAUSE

    def wait(self, seconds: float | None, said: str) -> None:
        """Raises RateLimited when it would take too long."""
        pause = max(seconds or 0.0, self._pause)
        if time.monotonic() + pause > self._until:
            wish = f", and wants to be left alone for {seconds:g} seconds" if seconds else ""
            raise RateLimited(
                f"{self._place} is asked too often{f' ({said})' if said else ''}{wish}.",
                "Try again later, or name another node in PLEDGER_RPC_URL.",
            )
        time.sleep(pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)


def place_of(rpc_url: str) -> str:
    """An RPC URL without user, path and query: providers hide keys there."""
    try:
        parts = urlsplit(rpc_url)
    except ValueError:
        return "the RPC URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def result_of(method: str, answer: Mapping[str, Any]) -> Any:
    """The result in an answer. Raises RpcRefused when it has none."""
    if answer.get("error") is not None or "result" not in answer:
        raise RpcRefused(method, answer.get("error") or {"message": "it answered with no result"})
    return answer["result"]


def _is_answer(answer: Any) -> bool:
    return isinstance(answer, dict) and ("result" in answer or "error" in answer)


def _id(answer: Mapping[str, Any]) -> int | None:
    """Which call of a batch it answers. Some nodes write numbers as text."""
    number = answer.get("id")
    if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) < 20:
        return int(number)
    return number if isinstance(number, int) else None


def _said(answer: Any) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return "" if error is None else RpcRefused("", error).message


def _call(number: int, method: str, params: Sequence[Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


def _encoded(body: Any) -> bytes:
    return json.dumps(body, default=_plain).encode()


def _plain(value: Any) -> Any:
    """What web3 puts into parameters beside JSON's own types."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a JSON-RPC call")


def _reason(error: requests.RequestException | HTTPError, timeout: float) -> str:
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return f"no answer within {timeout:.3g} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.ConnectionError | HTTPError):
        return "the connection failed"
    return str(error)
