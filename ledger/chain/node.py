"""One node of one chain, behind its JSON-RPC URL. Whatever goes wrong there is one clear line."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import requests
from eth_typing import ChecksumAddress
from urllib3.exceptions import HTTPError, ReadTimeoutError

from ledger.chain.artifacts import contract_abi
from ledger.chain.deployment import Deployment
from ledger.errors import LedgerError

if TYPE_CHECKING:  # importing it takes longer than all the rest together, and whoever only reads never does
    from web3 import Web3
    from web3.contract import Contract

TIMEOUT_SECONDS = 30.0
LONGEST_MESSAGE = 500
"""Characters of what a node says is wrong, which is shown and stored."""


class NodeUnreachable(LedgerError):
    """Nothing answers at the RPC URL, or what answers is no node."""


Read = Callable[[bytes], Any]
"""Makes something of an answer's bytes; raises ValueError when they are no JSON."""


class ChainMismatch(LedgerError):
    """The node is of another chain than expected."""


class RpcRefused(LedgerError):
    """The node answered a call with an error. ``code`` and ``data`` are its own."""

    def __init__(self, method: str, error: Any) -> None:
        details = error if isinstance(error, dict) else {"message": str(error)}
        self.message = str(details.get("message", details))[:LONGEST_MESSAGE]
        super().__init__(f"The node refused {method}: {self.message}.")
        self.code = details.get("code")
        self.data = details.get("data")


class _TooLarge(Exception):
    """An answer has more bytes than whoever asked has memory for."""


class Provider:
    """The way to one node. (web3's own retries, and lets errors of `requests` through.)"""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._place = place_of(url)
        self.timeout = timeout
        self._session = _session(url)
        self._ids = itertools.count(1)

    def make_request(
        self,
        method: str,
        params: Sequence[Any],
        most_bytes: int | None = None,
        read: Read = orjson.loads,
    ) -> dict[str, Any]:
        """The node's answer to one call: a result or an error, which it also is when it is too large."""
        call = _encoded(_call(next(self._ids), method, params))
        try:
            return self._answer(self._post(call, most_bytes, read))
        except _TooLarge:
            return {"error": {"message": f"its answer is larger than {most_bytes:,} bytes"}}

    def call_many(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """The answers of a JSON-RPC batch, in the order of the calls."""
        ids = [next(self._ids) for _ in calls]
        body = [_call(number, *call) for number, call in zip(ids, calls, strict=True)]
        answers = self._post(_encoded(body))
        if not isinstance(answers, list):  # a node that takes no batches answers with one error
            raise RpcRefused("a batch of calls", self._answer(answers).get("error", "it gave one answer"))
        by_id = {self._answer(answer).get("id"): answer for answer in answers}
        if any(number not in by_id for number in ids):
            raise NodeUnreachable(
                f"{self._place} left calls of a batch unanswered.", "Try again, or another node."
            )
        return [by_id[number] for number in ids]

    def _post(self, body: bytes, most_bytes: int | None = None, read: Read = orjson.loads) -> Any:
        try:
            with self._session.post(
                self._url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=self.timeout,
                stream=True,  # else requests gathers the megabytes of many logs from pieces of ten kilobytes
            ) as response:
                answer = response.raw.read(
                    None if most_bytes is None else most_bytes + 1, decode_content=True
                )
        except (requests.RequestException, HTTPError) as error:
            raise NodeUnreachable(
                f"No node answers at {self._place}: {_reason(error, self.timeout)}.",
                "Start one (`pledger node` runs a local one), or set PLEDGER_RPC_URL.",
            ) from error
        if most_bytes is not None and len(answer) > most_bytes:
            raise _TooLarge
        try:
            return read(answer)
        except ValueError:
            raise NodeUnreachable(
                f"{self._place} is no JSON-RPC node: it answered HTTP {response.status_code} and no JSON.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            ) from None

    def _answer(self, answer: Any) -> dict[str, Any]:
        if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
            raise NodeUnreachable(
                f"{self._place} is no JSON-RPC node: its answer has neither a result nor an error.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            )
        return answer


class Node:
    """A node that answers, of the chain ``chain_id``. Made by :func:`connect`.

    ``place`` is its URL as it may be shown and stored: without what may be a key.
    """

    alternatives = 0
    """How many other nodes :meth:`turn` can go on to."""

    def __init__(self, url: str, provider: Provider, chain_id: int) -> None:
        self.url = url
        self.place = place_of(url)
        self.chain_id = chain_id
        self._provider = provider
        self.__dict__.pop("w3", None)  # of the node before, when this one has been turned to

    @cached_property
    def w3(self) -> "Web3":
        """The node, as web3 speaks with it."""
        from ledger.chain.web3_door import web3_through

        return web3_through(self._provider)

    @classmethod
    def at(cls, url: str, chain_id: int, timeout: float) -> "Node":
        """A node that is known already to answer, and to be of the chain."""
        return cls(url, Provider(url, timeout), chain_id)

    @property
    def timeout(self) -> float:
        """Seconds that it is given for each answer."""
        return self._provider.timeout

    def rpc(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        most_bytes: int | None = None,
        read: Read = orjson.loads,
    ) -> Any:
        """The result of one JSON-RPC call, as the node gave it; more than ``most_bytes`` are not read.

        Raises RpcRefused when the node answers with an error, NodeUnreachable when it does not answer.
        """
        return _result(method, self._provider.make_request(method, params, most_bytes, read))

    def rpc_batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """The results of several calls in one request. Raises as :meth:`rpc`, for the first that fails."""
        if not calls:
            return []
        answers = self._provider.call_many(calls)
        return [_result(method, answer) for (method, _), answer in zip(calls, answers, strict=True)]

    def turn(self) -> bool:
        """Goes on to another node of the same chain. A lone node has none, and says False."""
        return False

    def contract(self, deployment: Deployment, name: str) -> "Contract":
        """One of the deployment's contracts, as web3 calls it."""
        return self.contract_at(deployment.address(name), contract_abi(name))

    def contract_at(self, address: ChecksumAddress, abi: Sequence[dict[str, Any]]) -> "Contract":
        """Any contract of which address and ABI are known."""
        return self.w3.eth.contract(address=address, abi=list(abi))

    def has_code(self, address: ChecksumAddress) -> bool:
        """Whether there is a contract at the address now."""
        return self.rpc("eth_getCode", [address, "latest"]) not in ("0x", "0x0", None)

    def timestamp(self) -> int:
        """Unix seconds of the newest block."""
        return int(self.rpc("eth_getBlockByNumber", ["latest", False])["timestamp"], 16)


def connect(rpc_url: str, expected_chain_id: int | None = None, timeout: float = TIMEOUT_SECONDS) -> Node:
    """A node that is known to answer, and to be of the expected chain when one is given.

    It is given ``timeout`` seconds for each answer. Raises NodeUnreachable or ChainMismatch.
    """
    provider, chain_id = reach(rpc_url, timeout, expected_chain_id)
    return Node(rpc_url, provider, chain_id)


class Nodes(Node):
    """Several nodes of one chain: one is asked until :meth:`turn` goes on to the next. Of `connect_any`."""

    def __init__(self, urls: Sequence[str], timeout: float, expected_chain_id: int | None) -> None:
        self._urls = tuple(dict.fromkeys(urls))
        self._timeout = timeout
        self.alternatives = len(self._urls) - 1
        failure = None
        for url in self._urls:
            try:
                provider, chain_id = reach(url, timeout, expected_chain_id)
            except (NodeUnreachable, RpcRefused) as error:
                failure = failure or error
                continue
            super().__init__(url, provider, chain_id)
            return
        raise failure or NodeUnreachable("No RPC URL is given.", "Set PLEDGER_RPC_URL to a node's RPC URL.")

    def turn(self) -> bool:
        """Goes on to the next node that answers and is of the same chain; False when no other one is."""
        here = self._urls.index(self.url)
        for url in (*self._urls[here + 1 :], *self._urls[:here]):
            try:
                provider, _ = reach(url, self._timeout, self.chain_id)
            except (NodeUnreachable, RpcRefused, ChainMismatch):
                continue
            super().__init__(url, provider, self.chain_id)
            return True
        return False


def connect_any(
    rpc_urls: Sequence[str], expected_chain_id: int | None = None, timeout: float = TIMEOUT_SECONDS
) -> Node:
    """The first of several nodes that answers; the others are there to `Node.turn` to.

    Raises as :func:`connect`: when none answers, for the first of them.
    """
    if len(rpc_urls) == 1:
        return connect(rpc_urls[0], expected_chain_id, timeout)
    return Nodes(rpc_urls, timeout, expected_chain_id)


def place_of(rpc_url: str) -> str:
    """An RPC URL without user, path and query: providers hide keys there."""
    try:
        parts = urlsplit(rpc_url)
    except ValueError:
        return "the RPC URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def reach(rpc_url: str, timeout: float, expected_chain_id: int | None) -> tuple[Provider, int]:
    """The way to a node that has just answered, and its chain id. Raises as :func:`connect`."""
    if not rpc_url.startswith(("http://", "https://")):
        raise NodeUnreachable(
            f"{rpc_url!r} is no RPC URL.", "It begins with http:// or https://, as http://127.0.0.1:8545."
        )
    provider, place = Provider(rpc_url, timeout), place_of(rpc_url)
    shown = _result("eth_chainId", provider.make_request("eth_chainId", []))
    try:
        chain_id = int(shown, 16)
    except (TypeError, ValueError):
        raise NodeUnreachable(
            f"{place} is no Ethereum node: its chain id is {shown!r}.",
            "Set PLEDGER_RPC_URL to a node's RPC URL.",
        ) from None
    if expected_chain_id is not None and chain_id != expected_chain_id:
        raise ChainMismatch(
            f"{place} is chain {chain_id}, but chain {expected_chain_id} is expected.",
            "Set PLEDGER_RPC_URL to a node of that chain.",
        )
    return provider, chain_id


def _session(url: str) -> requests.Session:
    """A session for one URL. What the environment says of proxies and certificates is asked once, not for
    each call, which would double a call's cost.
    """
    session = requests.Session()
    found = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = found["proxies"], found["verify"]
    session.auth = requests.utils.get_netrc_auth(url)
    session.trust_env = False
    return session


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


def _result(method: str, answer: Any) -> Any:
    if answer.get("error") is not None or "result" not in answer:
        raise RpcRefused(method, answer.get("error") or {"message": "it answered with no result"})
    return answer["result"]


def _reason(error: requests.RequestException | HTTPError, timeout: float) -> str:
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return f"no answer within {timeout:g} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.ConnectionError | HTTPError):
        return "the connection failed"
    return str(error)
