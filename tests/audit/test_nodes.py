"""The audit on nodes that refuse, or that do not have what is asked: the same verdict, or none."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from ledger_world import World
from sqlalchemy import delete

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.slots import StatePruned, StateUnsaid
from ledger.audit.verdict import Verdict, audit
from ledger.chain import deployment as deployments
from ledger.chain import state
from ledger.chain.anvil import Anvil
from ledger.chain.node import Node, NodeUnreachable, RpcRefused, connect
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.store.tables import Entry

Quirk = Callable[[str, Sequence[Any], Callable[[], dict[str, Any]]], dict[str, Any]]
STATE = ("eth_getStorageAt", "eth_getBalance", "eth_call", "eth_getProof", "eth_getCode")


class FrugalNode:
    """A real node behind the limits of a public one."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.refused = 0

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        asked = params[-1] if params else None
        by_hash = isinstance(asked, dict) and "blockHash" in asked
        wide = method == "eth_getLogs" and int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) > 2
        if by_hash or wide:
            self.refused += 1
            raise RpcRefused(method, {"message": "not on this plan"})
        return self._node.rpc(method, params)

    def rpc_batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self.rpc(*call) for call in calls]


class QuirkyNode(Node):
    """A real node of which some answers are altered: ``quirk`` is given method, params and how to ask."""

    def __init__(self, node: Node, quirk: Quirk) -> None:
        vars(self).update(vars(node))
        self._quirk = quirk

    def answer(self, method: str, params: Sequence[Any], *options: Any) -> dict[str, Any]:
        return self._quirk(method, params, lambda: super(QuirkyNode, self).answer(method, params, *options))


@pytest.fixture(scope="module")
def business(module_world: World, original: Database) -> World:
    world = module_world
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency])
    for amount in range(1, 6):
        world.pay(vendor, agreement, amount)
    world.claim(agency, agreement)
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return world


@pytest.fixture
def database(business: World, chain: Anvil, copy: Database) -> Database:
    """Its mirror."""
    return copy


def audited(database: Database, world: World, node: Node) -> Verdict:
    with snapshot(database) as session:
        reading = read(session)
        return audit(MirroredRows(reading), node, world.deployment, reading.as_of.number, reading.as_of.hash)


@pytest.mark.parametrize("missing", [False, True])
def test_a_node_that_refuses_much_gives_the_same_verdict(
    business: World, database: Database, missing: bool
) -> None:
    if missing:
        with database.session() as session:
            session.execute(delete(Entry).where(Entry.event == "Claimed"))
            session.commit()
    frugal = FrugalNode(business.node)
    verdict = audited(database, business, cast(Node, frugal))
    assert verdict == audited(database, business, business.node)
    assert frugal.refused
    assert verdict.agrees is not missing
    if missing:
        assert verdict.first_difference == (
            "RevenueLedger entry 6: the chain has a Claimed entry here, the mirror has none"
        )


def test_a_node_that_is_gone_is_an_error_not_a_verdict(business: World, database: Database) -> None:
    with pytest.raises(NodeUnreachable):
        audited(database, business, connect("http://127.0.0.1:9"))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_PAUSES", (0.0, 0.0))


@pytest.mark.parametrize("nothing", [None, "0x", "0x0", "0x" + "00" * 32, [], {"a": 1}, 7.5, "0xzz", True])
def test_an_audit_without_state_gives_no_verdict(
    business: World, database: Database, hurried: None, nothing: Any
) -> None:
    """Whatever a node answers for what it does not have: nothing is taken for zero."""

    def quirk(method: str, _: Any, ask: Any) -> Any:
        return {"result": nothing} if method in STATE else ask()

    with pytest.raises(StateUnsaid, match=r"does not say what the state of block \d+ is"):
        audited(database, business, QuirkyNode(business.node, quirk))


@pytest.mark.parametrize("nothing", [None, "0x", "0x0", "0x" + "00" * 32])
@pytest.mark.parametrize("method", ["eth_getStorageAt", "eth_call"])
def test_zero_counts_where_the_state_is_there(
    business: World, database: Database, hurried: None, method: str, nothing: Any
) -> None:
    """A node that has the contracts' code has their state: what it then says to be zero is said to be so."""

    def quirk(asked: str, _: Any, ask: Any) -> Any:
        return {"result": nothing} if asked == method else ask()

    node = QuirkyNode(business.node, quirk)
    if nothing is None or (method, nothing) in {("eth_getStorageAt", "0x"), ("eth_call", "0x0")}:
        with pytest.raises(StateUnsaid):
            audited(database, business, node)
        return
    verdict = audited(database, business, node)
    assert verdict.agrees is (method == "eth_call")
    assert [each.covered for each in verdict.tokens] == [method != "eth_call"]


@pytest.mark.parametrize("by_hash", [True, False])
@pytest.mark.parametrize("often", [1, 1_000])
@pytest.mark.parametrize(
    "error",
    [
        {"code": -32005, "message": "limit exceeded"},
        {"code": -32000, "message": "this block is not here"},
        {"code": -32000, "message": "missing trie node 0xab (path 0c)"},
    ],
)
def test_a_bad_moment_is_no_shortfall(
    business: World, database: Database, hurried: None, error: Any, often: int, by_hash: bool
) -> None:
    left = [often * (1 if by_hash else 2)]

    def quirk(method: str, params: Any, ask: Any) -> Any:
        if method == "eth_call" and left[0] > 0:
            left[0] -= 1
            return {"error": error}
        return ask()

    node = QuirkyNode(business.node, quirk)
    if often > 1:
        with pytest.raises(StateUnsaid, match=error["message"][:20]) as raised:
            audited(database, business, node)
        assert type(raised.value) is StateUnsaid, "it does not answer for its newest block either"
        assert "run this again" in raised.value.hint
    else:
        assert audited(database, business, node) == audited(database, business, business.node)


@pytest.mark.parametrize(
    "answer", [{"error": {"code": -32000, "message": "missing trie node"}}, {"result": None}]
)
def test_what_is_answered_for_the_newest_block_alone_is_not_kept(
    business: World, database: Database, hurried: None, answer: Any
) -> None:
    business.chain.mine()

    def quirk(method: str, params: Any, ask: Any) -> Any:
        return answer if method in STATE and params[-1] != "latest" else ask()

    with pytest.raises(StatePruned) as raised:
        audited(database, business, QuirkyNode(business.node, quirk))
    assert "archive node" in raised.value.hint


@pytest.mark.parametrize("message", ["execution reverted", "VM execution error.", "out of gas"])
def test_a_token_that_refuses_does_not_say(business: World, database: Database, message: str) -> None:
    """That is the token's own answer, and no failure of the node's."""

    def quirk(method: str, _: Any, ask: Any) -> Any:
        return {"error": {"code": -32000, "message": message}} if method == "eth_call" else ask()

    verdict = audited(database, business, QuirkyNode(business.node, quirk))
    assert verdict.agrees
    assert [each.held for each in verdict.tokens] == [None]


def test_hexadecimal_is_read_in_any_case(business: World, database: Database) -> None:
    """In capitals, too, it is the same chain and the same state."""

    def shouted(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("0x"):
            return "0X" + value[2:].upper()
        if isinstance(value, dict):
            return {key: shouted(each) for key, each in value.items()}
        return [shouted(each) for each in value] if isinstance(value, list) else value

    node = QuirkyNode(business.node, lambda _, __, ask: shouted(ask()))
    assert audited(database, business, node) == audited(database, business, business.node)
    deployments.check(business.deployment, node, "the file")
