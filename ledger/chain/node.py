"""One node of one chain, behind its JSON-RPC URL. Whatever goes wrong there is one clear line."""

import itertools
import json
from collections.abc import Sequence
from typing import Any, cast

import orjson
import requests
from eth_typing import ChecksumAddress
from web3 import Web3
from web3.contract import Contract
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.chain.artifacts import contract_abi
from ledger.chain.deployment import Deployment
from ledger.errors import LedgerError

TIMEOUT_SECONDS = 60


class NodeUnreachable(LedgerError):
    """Nothing answers at the RPC URL, or what answers is no node."""


class ChainMismatch(LedgerError):
    """The node is of another chain than expected."""


class RpcRefused(LedgerError):
    """The node answered a call with an error. ``code`` and ``data`` are its own."""

    def __init__(self, method: str, error: Any) -> None:
        details = error if isinstance(error, dict) else {"message": str(error)}
        self.message = str(details.get("message", details))
        super().__init__(f"The node refused {method}: {self.message}.")
        self.code = details.get("code")
        self.data = details.get("data")


class _Provider(JSONBaseProvider):
    """web3's door to the node. Its own HTTP provider retries, and lets errors of `requests` through."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._session = requests.Session()
        self._ids = itertools.count(1)

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        return cast(RPCResponse, self._answer(self._post(self.encode_rpc_request(method, params))))

    def call_many(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """The answers of a JSON-RPC batch, in the order of the calls."""
        ids = [next(self._ids) for _ in calls]
        body = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            for number, (method, params) in zip(ids, calls, strict=True)
        ]
        answers = self._post(json.dumps(body).encode())
        if not isinstance(answers, list):  # a node that takes no batches answers with one error
            raise RpcRefused("a batch of calls", self._answer(answers).get("error", "it gave one answer"))
        by_id = {self._answer(answer).get("id"): answer for answer in answers}
        if any(number not in by_id for number in ids):
            raise NodeUnreachable(
                f"{self._url} left calls of a batch unanswered.", "Try again, or another node."
            )
        return [by_id[number] for number in ids]

    def _post(self, body: bytes) -> Any:
        try:
            response = self._session.post(
                self._url, data=body, headers={"Content-Type": "application/json"}, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            raise NodeUnreachable(
                f"No node answers at {self._url}: {_reason(error)}.",
                "Start one (`pledger node` runs a local one), or set PLEDGER_RPC_URL.",
            ) from error
        try:
            return orjson.loads(response.content)
        except ValueError:
            raise NodeUnreachable(
                f"{self._url} is no JSON-RPC node: it answered HTTP {response.status_code} and no JSON.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            ) from None

    def _answer(self, answer: Any) -> dict[str, Any]:
        if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
            raise NodeUnreachable(
                f"{self._url} is no JSON-RPC node: its answer has neither a result nor an error.",
                "Set PLEDGER_RPC_URL to a node's RPC URL.",
            )
        return answer


class Node:
    """A node that answers, of the chain ``chain_id``. Made by :func:`connect`."""

    def __init__(self, url: str, provider: _Provider, chain_id: int) -> None:
        self.url = url
        self.chain_id = chain_id
        self.w3 = Web3(provider)
        self._provider = provider

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        """The result of one JSON-RPC call, as the node gave it.

        Raises RpcRefused when the node answers with an error, NodeUnreachable when it does not answer.
        """
        return _result(method, self._provider.make_request(RPCEndpoint(method), list(params)))

    def rpc_batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """The results of several calls in one request. Raises as :meth:`rpc`, for the first that fails."""
        if not calls:
            return []
        answers = self._provider.call_many(calls)
        return [_result(method, answer) for (method, _), answer in zip(calls, answers, strict=True)]

    def contract(self, deployment: Deployment, name: str) -> Contract:
        """One of the deployment's contracts, as web3 calls it."""
        return self.contract_at(deployment.address(name), contract_abi(name))

    def contract_at(self, address: ChecksumAddress, abi: Sequence[dict[str, Any]]) -> Contract:
        """Any contract of which address and ABI are known."""
        return self.w3.eth.contract(address=address, abi=list(abi))

    def has_code(self, address: ChecksumAddress) -> bool:
        """Whether there is a contract at the address now."""
        return self.rpc("eth_getCode", [address, "latest"]) not in ("0x", "0x0", None)

    def timestamp(self) -> int:
        """Unix seconds of the newest block."""
        return int(self.rpc("eth_getBlockByNumber", ["latest", False])["timestamp"], 16)


def connect(rpc_url: str, expected_chain_id: int | None = None) -> Node:
    """A node that is known to answer, and to be of the expected chain when one is given.

    Raises NodeUnreachable or ChainMismatch.
    """
    if not rpc_url.startswith(("http://", "https://")):
        raise NodeUnreachable(
            f"{rpc_url!r} is no RPC URL.", "It begins with http:// or https://, as http://127.0.0.1:8545."
        )
    provider = _Provider(rpc_url)
    shown = _result("eth_chainId", provider.make_request(RPCEndpoint("eth_chainId"), []))
    try:
        chain_id = int(shown, 16)
    except (TypeError, ValueError):
        raise NodeUnreachable(
            f"{rpc_url} is no Ethereum node: its chain id is {shown!r}.",
            "Set PLEDGER_RPC_URL to a node's RPC URL.",
        ) from None
    if expected_chain_id is not None and chain_id != expected_chain_id:
        raise ChainMismatch(
            f"{rpc_url} is chain {chain_id}, but chain {expected_chain_id} is expected.",
            "Set PLEDGER_RPC_URL to a node of that chain.",
        )
    return Node(rpc_url, provider, chain_id)


def _result(method: str, answer: Any) -> Any:
    if answer.get("error") is not None:
        raise RpcRefused(method, answer["error"])
    return answer["result"]


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT_SECONDS} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.ConnectionError):
        return "the connection failed"
    return str(error)
