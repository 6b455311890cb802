"""What nodes and gateways do to who sends and asks: nothing is lost, sent twice or left without its hash."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ledger_world import Partner, World
from rpc_proxy import RpcProxy, refusal, reset, status, whole

from ledger.chain import receipts, sender
from ledger.chain.fees import TIP, Fees
from ledger.chain.node import Node, NodeUnreachable, RateLimited, RpcRefused, connect
from ledger.chain.receipts import Unconfirmed
from ledger.chain.sender import Interrupted, Sender
from ledger.errors import LedgerError

Answer = dict[str, Any]


@pytest.fixture
def proxy(world: World) -> Iterator[RpcProxy]:
    with RpcProxy(world.chain.rpc_url) as proxy:
        yield proxy


@pytest.fixture
def payer(world: World) -> Partner:
    return world.partner("Payer")


@pytest.fixture
def pay(world: World, payer: Partner, proxy: RpcProxy) -> Callable[[], Any]:
    """Pays another invoice through the proxy; the receipt."""
    agreement = world.agreement([payer])
    world.fund(payer, 1_000)

    def pay() -> Any:
        invoice = world.invoice(7).to_abi()
        call = world.ledger.functions.pay(agreement.id, world.token.address, invoice)
        return Sender(connect(proxy.url), payer.key).send(call)

    return pay


class Times:
    """Alters so many answers to a method, and counts them."""

    def __init__(self, count: int, method: str, answer: Callable[[Any, Answer], Answer]) -> None:
        self.struck = 0
        self._count, self._method, self._answer = count, method, answer

    def __call__(self, asked: str, params: Any, given: Answer) -> Answer:
        if asked != self._method or self.struck >= self._count:
            return given
        self.struck += 1
        return self._answer(params, given)


def newest_transactions(world: World) -> list[str]:
    return list(world.node.rpc("eth_getBlockByNumber", ["latest", False])["transactions"])


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("indexing of transactions is in progress", -32000),
        ("the capacity of this plan is used up for now", 429),
        ("execution aborted (timeout = 5s)", -32000),
    ],
)
def test_errors_while_it_waits_are_no_answer(
    world: World, pay: Any, proxy: RpcProxy, message: str, code: int
) -> None:
    proxy.alter = altered = Times(
        3, "eth_getTransactionReceipt", lambda _, given: refusal(given, message, code)
    )
    assert pay()["status"] == 1
    assert altered.struck == 3


@pytest.mark.parametrize(
    "said", [{}, [], "0x1", 7, {"status": "0x1"}, {"transactionHash": ["0x"], "status": {}, "logs": None}]
)
def test_what_is_no_receipt_is_asked_for_again(pay: Any, proxy: RpcProxy, said: Any) -> None:
    proxy.alter = altered = Times(2, "eth_getTransactionReceipt", lambda _, given: given | {"result": said})
    assert pay()["status"] == 1
    assert altered.struck == 2


def test_a_receipt_of_another_transaction_is_none(pay: Any, proxy: RpcProxy) -> None:
    def other(params: Any, given: Answer) -> Answer:
        if given["result"] is None:
            return given
        return given | {"result": given["result"] | {"transactionHash": "0x" + "ab" * 32, "status": "0x0"}}

    proxy.alter = Times(1, "eth_getTransactionReceipt", other)
    assert pay()["status"] == 1


@pytest.mark.parametrize("method", ["eth_getTransactionReceipt", "eth_sendRawTransaction"])
def test_connections_that_break_lose_nothing(world: World, pay: Any, proxy: RpcProxy, method: str) -> None:
    """Also the answer to the sending itself: it is looked up by its hash, which is known before."""
    broken = [3]

    def deliver(connection: Any, methods: set[str], content: bytes) -> None:
        if method in methods and broken[0]:
            broken[0] -= 1
            reset(connection, methods, content)
        else:
            whole(connection, methods, content)

    proxy.deliver = deliver
    before = int(world.node.rpc("eth_blockNumber"), 16)
    receipt = pay()
    assert receipt["status"] == 1
    assert receipt["blockNumber"] == before + 1 == int(world.node.rpc("eth_blockNumber"), 16)


@pytest.mark.parametrize("last", ["eth_sendRawTransaction", "eth_getTransactionReceipt"])
def test_a_node_that_falls_silent_leaves_the_hash(
    world: World, pay: Any, proxy: RpcProxy, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(sender, "_LOOKS", (0.0, 0.01, 0.01))
    silent = [False]

    def deliver(connection: Any, methods: set[str], content: bytes) -> None:
        silent[0] |= last in methods
        (reset if silent[0] else whole)(connection, methods, content)

    proxy.deliver = deliver
    with pytest.raises(Unconfirmed, match="look that transaction up") as error:
        pay()
    assert newest_transactions(world)[0] in error.value.what
    assert "the connection failed" in error.value.what


def test_an_interrupt_while_it_waits_leaves_the_hash(
    world: World, pay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sender, "wait_for", interrupted)
    with pytest.raises(Interrupted) as error:
        pay()
    (sent,) = error.value.hashes
    assert f"0x{sent.hex()}" in error.value.what
    assert world.node.rpc("eth_getTransactionByHash", ["0x" + sent.hex()]) is not None
    assert error.value.exit_code == 130


@pytest.mark.parametrize(
    "message",
    [
        "already known",
        "known transaction: 0xabcd",
        "Transaction with the same hash was already imported.",
        "AlreadyKnown, 0xabcd",
        "transaction already imported",
        "nonce too low: next nonce 9, tx nonce 8",
        "OldNonce",
        "internal error",
        "",
    ],
)
def test_a_transaction_that_the_node_has_is_sent_whatever_it_answers(
    world: World, pay: Any, proxy: RpcProxy, message: str
) -> None:
    """A gateway hands it to two nodes, or tries again, and passes the second answer on."""
    proxy.alter = Times(1, "eth_sendRawTransaction", lambda _, given: refusal(given, message))
    before = int(world.node.rpc("eth_blockNumber"), 16)
    assert pay()["status"] == 1
    assert int(world.node.rpc("eth_blockNumber"), 16) == before + 1


def test_a_late_nonce_is_tried_again(world: World, pay: Any, payer: Partner, proxy: RpcProxy) -> None:
    """A node behind a balancer names a number that another one knows to be used."""

    def earlier(_: Any, given: Answer) -> Answer:
        return given | {"result": hex(int(given["result"], 16) - 1)}

    proxy.alter = Times(2, "eth_getTransactionCount", earlier)
    before = int(world.node.rpc("eth_getTransactionCount", [payer.sender.address, "latest"]), 16)
    assert pay()["status"] == 1
    after = int(world.node.rpc("eth_getTransactionCount", [payer.sender.address, "latest"]), 16)
    assert after == before + 1


def test_a_price_that_has_risen_is_looked_at_again(pay: Any, proxy: RpcProxy) -> None:
    def cheap(_: Any, given: Answer) -> Answer:
        return given | {"result": given["result"] | {"baseFeePerGas": "0x1"}}

    def without_tip(method: str, params: Any, given: Answer) -> Answer:
        if method == "eth_maxPriorityFeePerGas":
            return given | {"result": "0x0"}
        return alter(method, params, given)

    alter = Times(1, "eth_getBlockByNumber", cheap)
    proxy.alter = without_tip
    assert pay()["status"] == 1
    assert alter.struck


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ([], "advice"),
        (["eth_maxPriorityFeePerGas"], "history"),
        (["eth_maxPriorityFeePerGas", "eth_feeHistory"], "price"),
        (["eth_maxPriorityFeePerGas", "eth_feeHistory", "eth_gasPrice"], "default"),
    ],
)
def test_a_tip_is_found_where_no_node_names_one(
    world: World, proxy: RpcProxy, pay: Any, refused: list[str], expected: str
) -> None:
    base = int(world.node.rpc("eth_getBlockByNumber", ["latest", False])["baseFeePerGas"], 16)
    said = {
        "eth_maxPriorityFeePerGas": "0x5",
        "eth_feeHistory": {"reward": [["0x3"], [], ["0X7"], ["0x6"]]},
        "eth_gasPrice": hex(base + 9),
    }

    def alter(method: str, _: Any, given: Answer) -> Answer:
        if method in refused:
            return refusal(given, f"the method {method} does not exist", -32601)
        return given | {"result": said[method]} if method in said else given

    proxy.alter = alter
    tip = {"advice": 5, "history": 6, "price": 9, "default": TIP}[expected]
    assert Fees.of_now(connect(proxy.url)) == Fees(2 * base + tip, tip)
    assert pay()["status"] == 1


def test_a_chain_without_a_base_fee_has_a_gas_price(proxy: RpcProxy) -> None:
    def alter(method: str, _: Any, given: Answer) -> Answer:
        if method == "eth_getBlockByNumber":
            given["result"].pop("baseFeePerGas")
        return given | {"result": "0x77"} if method == "eth_gasPrice" else given

    proxy.alter = alter
    assert Fees.of_now(connect(proxy.url)).fields() == {"gasPrice": 0x77}


CALLS = [("eth_getBlockByNumber", [hex(number), False]) for number in range(5)]
FAR_TOO_MANY = {"code": -32600, "message": "batch too large"}


class Batches(RpcProxy):
    """Takes so many calls at once, and says in one of several ways that more are too many."""

    limit, said = 3, "first id"
    asked = 0

    def answer(self, question: Any, body: bytes) -> bytes:
        self.asked += 1
        if not isinstance(question, list):
            return super().answer(question, body)
        if len(question) > self.limit:
            number = question[0]["id"] if self.said == "first id" else None
            one = {"jsonrpc": "2.0", "id": number, "error": FAR_TOO_MANY}
            given = {"object": one, "nothing": [], "ids": [question[0]["id"]], "null": None}
            return json.dumps(given.get(self.said, [one])).encode()
        answers = json.loads(super().answer(question, body))
        if self.said == "text ids":
            answers = [each | {"id": str(each["id"])} for each in answers]
        if self.said == "odd ids":
            answers[-1]["id"] = [answers[-1]["id"]]
        return json.dumps(answers[::-1]).encode()


@pytest.mark.parametrize(
    "said", ["first id", "null id", "object", "nothing", "ids", "null", "text ids", "odd ids"]
)
@pytest.mark.parametrize("limit", [3, 1, 0])
def test_a_batch_is_answered_by_a_node_that_takes_few_calls_or_none(
    world: World, node: Node, said: str, limit: int
) -> None:
    with Batches(world.chain.rpc_url) as proxy:
        proxy.said, proxy.limit = said, limit
        asked = connect(proxy.url)
        if said == "null":
            with pytest.raises(NodeUnreachable, match="neither a result nor an error"):
                asked.rpc_batch(CALLS)
            return
        expected = [node.rpc(*call) for call in CALLS]
        assert asked.rpc_batch(CALLS) == expected
        before = proxy.asked
        assert asked.rpc_batch(CALLS) == expected
        assert proxy.asked - before <= len(CALLS)  # what it takes is remembered


class Limited(RpcProxy):
    """Refuses some questions as one too many."""

    left, error, asked = 0, {"code": 429, "message": "slow down"}, 0

    def answer(self, question: Any, body: bytes) -> bytes:
        self.asked += 1
        if self.left <= 0:
            return super().answer(question, body)
        self.left -= 1
        if isinstance(question, list):
            refused = {"jsonrpc": "2.0", "id": question[-1]["id"], "error": self.error}
            answers = json.loads(super().answer(question, body))
            return json.dumps([*answers[:-1], refused]).encode()
        return json.dumps({"jsonrpc": "2.0", "id": question["id"], "error": self.error}).encode()


@pytest.mark.parametrize(
    "error",
    [
        {"code": 429, "message": "the capacity of this plan is used up for now"},
        {"code": "429", "message": ""},
        {"code": -32005, "message": "limit exceeded"},
        {"code": -32007, "message": "100/second request limit reached"},
        {"code": -32000, "message": "Too Many Requests"},
        "rate limit exceeded",
    ],
)
def test_a_node_that_is_asked_too_often_is_asked_later(world: World, node: Node, error: Any) -> None:
    with Limited(world.chain.rpc_url) as proxy:
        asked = connect(proxy.url)
        proxy.error, proxy.left = error, 2
        assert asked.rpc("eth_blockNumber") == node.rpc("eth_blockNumber")
        proxy.left = 2
        assert asked.rpc_batch(CALLS) == node.rpc_batch(CALLS)
        assert proxy.asked == 1 + 3 + 3
        proxy.left = 1_000
        with pytest.raises(RateLimited, match="is asked too often"):
            asked.within(0.25).rpc("eth_blockNumber")


@pytest.mark.parametrize("body", [b"Too Many Requests", b"", b'{"error": {"code": 429, "message": "slow"}}'])
@pytest.mark.parametrize("code", [429, 503])
def test_the_time_that_http_names_is_waited(
    world: World, proxy: RpcProxy, monkeypatch: pytest.MonkeyPatch, body: bytes, code: int
) -> None:
    asked, left = connect(proxy.url), [3]
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    def deliver(connection: Any, methods: set[str], content: bytes) -> None:
        left[0] -= 1
        (status(code, body) if left[0] >= 0 else whole)(connection, methods, content)

    proxy.deliver = deliver
    assert asked.rpc("eth_chainId") == "0x7a69"
    assert waits == [1, 1, 1]  # the proxy's Retry-After


def test_too_many_logs_are_not_too_many_requests(world: World, proxy: RpcProxy) -> None:
    """The same code means both; whoever asks for logs then asks for fewer, at once."""
    message = "query returned more than 10000 results"
    proxy.alter = altered = Times(9, "eth_getLogs", lambda _, given: refusal(given, message, -32005))
    with pytest.raises(RpcRefused, match="more than 10000 results"):
        connect(proxy.url).rpc("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "latest"}])
    assert altered.struck == 1


def test_what_cannot_be_sent_is_said_and_not_sent(world: World, pay: Any, proxy: RpcProxy) -> None:
    def away(method: str, params: Any, given: Answer) -> Answer:
        if method == "eth_sendRawTransaction":
            return refusal(given, "this transaction is not wanted here")
        if method == "eth_getTransactionByHash":
            return given | {"result": None}
        return given

    proxy.alter = away
    with pytest.raises(LedgerError, match=r"pay \(transaction 0x\w{64}\) cannot be sent: this transaction"):
        pay()
