"""One node of one chain, behind its JSON-RPC URL. Whatever goes wrong there is one clear line."""

import time
from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import orjson
from eth_typing import ChecksumAddress

from ledger.artifacts.contracts import contract_abi
from ledger.chain import answers
from ledger.chain.blocks import Block, newest_block, read_block
from ledger.chain.rpc import (
    RATE_SECONDS,
    AnswerInvalid,
    Calls,
    NodeFailed,
    NodeUnreachable,
    Provider,
    RateLimited,
    Read,
    RpcRefused,
    place_of,
    result_of,
)
from ledger.errors import LedgerError
from ledger.terms.deployment import Deployment

if TYPE_CHECKING:  # importing it takes longer than all the rest together, and whoever only reads never does
    from web3 import Web3
    from web3.contract import Contract

__all__ = [
    "AnswerInvalid",
    "ChainMismatch",
    "Node",
    "NodeFailed",
    "NodeUnreachable",
    "Nodes",
    "RateLimited",
    "RpcRefused",
    "connect",
    "connect_any",
    "place_of",
]

TIMEOUT_SECONDS = 30.0
TURN_SECONDS = 2.0
"""How long a node that is asked too often is waited for, where there is another one."""


class ChainMismatch(LedgerError):
    """The node is of another chain than expected."""


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
        self._deadline: float | None = None

    @cached_property
    def w3(self) -> "Web3":
        """The node, as web3 speaks with it."""
        from ledger.chain.web3_door import web3_through

        return web3_through(self)

    @classmethod
    def at(cls, url: str, chain_id: int, timeout: float) -> "Node":
        """A node that is known already to answer, and to be of the chain."""
        return cls(url, Provider(url, timeout), chain_id)

    @property
    def timeout(self) -> float:
        """Seconds that it is given for each answer."""
        return self._provider.timeout

    def within(self, seconds: float) -> Self:
        """The same node for questions that, from now on, take so many seconds at most, all together.

        Whatever it does (hang, drip, ask for patience), NodeUnreachable is raised by then.
        """
        hurried = copy(self)
        hurried.__dict__.pop("w3", None)
        until = time.monotonic() + seconds
        hurried._deadline = until if self._deadline is None else min(until, self._deadline)
        return hurried

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
        return result_of(method, self.answer(method, params, most_bytes, read))

    def answer(
        self,
        method: str,
        params: Sequence[Any],
        most_bytes: int | None = None,
        read: Read = orjson.loads,
    ) -> dict[str, Any]:
        """A call's result or error, whichever came. Raises NodeUnreachable."""
        return self._provider.make_request(method, params, most_bytes, read, self._deadline)

    def rpc_batch(self, calls: Calls) -> list[Any]:
        """The results of any number of calls, in as few requests as the node takes.

        Raises as :meth:`rpc`, for the first that fails.
        """
        answers = self._provider.call_many(calls, self._deadline)
        return [result_of(method, answer) for (method, _), answer in zip(calls, answers, strict=True)]

    def number(self, method: str, params: Sequence[Any] = ()) -> int:
        """The result of a call that answers a number. Raises as :meth:`rpc`, AnswerInvalid for all else."""
        found = self.rpc(method, params)
        try:
            return answers.number(found)
        except ValueError as error:
            raise AnswerInvalid(method, "a number", found) from error

    def data(self, method: str, params: Sequence[Any] = ()) -> bytes:
        """The result of a call that answers bytes. Raises as :meth:`rpc`, AnswerInvalid for all else."""
        found = self.rpc(method, params)
        try:
            return answers.data(found)
        except ValueError as error:
            raise AnswerInvalid(method, "bytes", found) from error

    def block(self, which: int | str) -> Block | None:
        """A block by number or tag, None where the node has none. Raises as :meth:`number`."""
        return read_block(self, which)

    def newest(self) -> Block:
        """The newest block. Raises as :meth:`number`."""
        return newest_block(self)

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
        """Whether there is a contract at the address now. Raises as :meth:`data`."""
        return any(self.data("eth_getCode", [address, "latest"]))

    def timestamp(self) -> int:
        """Unix seconds of the newest block."""
        return self.newest().timestamp


def connect(
    rpc_url: str,
    expected_chain_id: int | None = None,
    timeout: float = TIMEOUT_SECONDS,
    patience: float | None = None,
) -> Node:
    """A node that is known to answer, and to be of the expected chain when one is given.

    It is given ``timeout`` seconds for each answer, and for the first one all together no more than
    ``patience``. Raises NodeUnreachable or ChainMismatch.
    """
    provider, chain_id = reach(rpc_url, timeout, expected_chain_id, deadline=_until(patience))
    return Node(rpc_url, provider, chain_id)


class Nodes(Node):
    """Several nodes of one chain: one is asked until :meth:`turn` goes on to the next. Of `connect_any`."""

    def __init__(self, urls: Sequence[str], timeout: float, expected_chain_id: int | None) -> None:
        self._urls = tuple(dict.fromkeys(urls))
        self.alternatives = len(self._urls) - 1
        url, provider, chain_id = first_reached(self._urls, timeout, expected_chain_id)
        super().__init__(url, provider, chain_id)

    def turn(self) -> bool:
        """Goes on to the next node that answers and is of the same chain; False when no other one is."""
        found = next_reached(self._urls, self.url, self.timeout, self.chain_id, self._deadline)
        if found is None:
            return False
        self.url, self._provider = found
        self.place = place_of(self.url)
        return True


def connect_any(
    rpc_urls: Sequence[str], expected_chain_id: int | None = None, timeout: float = TIMEOUT_SECONDS
) -> Node:
    """The first of several nodes that answers; the others are there to `Node.turn` to.

    Raises as :func:`connect`: when none answers, for the first of them.
    """
    if len(rpc_urls) == 1:
        return connect(rpc_urls[0], expected_chain_id, timeout)
    return Nodes(rpc_urls, timeout, expected_chain_id)


def first_reached(
    urls: Sequence[str], timeout: float, expected_chain_id: int | None, patience: float | None = None
) -> tuple[str, Provider, int]:
    """The first of several nodes that answers, each within ``patience`` seconds, with its chain id. Raises as
    :func:`connect_any`.
    """
    failure: LedgerError | None = None
    for url in urls:
        try:
            return url, *reach(url, timeout, expected_chain_id, TURN_SECONDS, _until(patience))
        except (NodeUnreachable, RpcRefused) as error:
            failure = failure or error
    raise failure or NodeUnreachable("No RPC URL is given.", "Set PLEDGER_RPC_URL to a node's RPC URL.")


def _until(patience: float | None) -> float | None:
    return None if patience is None else time.monotonic() + patience


def next_reached(
    urls: Sequence[str], after: str, timeout: float, chain_id: int, deadline: float | None = None
) -> tuple[str, Provider] | None:
    """The next node after one that answers and is of the chain, round to the one before it."""
    here = urls.index(after)
    for url in (*urls[here + 1 :], *urls[:here]):
        try:
            return url, reach(url, timeout, chain_id, TURN_SECONDS, deadline)[0]
        except (NodeUnreachable, RpcRefused, ChainMismatch):
            continue
    return None


def reach(
    rpc_url: str,
    timeout: float,
    expected_chain_id: int | None,
    rate_seconds: float = RATE_SECONDS,
    deadline: float | None = None,
) -> tuple[Provider, int]:
    """The way to a node that has just answered, and its chain id. Raises as :func:`connect`."""
    if not rpc_url.startswith(("http://", "https://")):
        raise NodeUnreachable(
            f"{rpc_url!r} is not an RPC URL.", "It begins with http:// or https://, as http://127.0.0.1:8545."
        )
    provider = Provider(rpc_url, timeout, rate_seconds)
    shown = result_of("eth_chainId", provider.make_request("eth_chainId", [], deadline=deadline))
    try:
        chain_id = answers.number(shown, 64)
    except ValueError:
        raise NodeUnreachable(
            f"{provider.place} is not an Ethereum node: its chain id is {repr(shown)[:80]}.",
            "Set PLEDGER_RPC_URL to a node's RPC URL.",
        ) from None
    if expected_chain_id is not None and chain_id != expected_chain_id:
        raise ChainMismatch(
            f"{provider.place} is chain {chain_id}, but chain {expected_chain_id} is expected.",
            "Set PLEDGER_RPC_URL to a node of that chain.",
        )
    return provider, chain_id
