"""Random garbage in every field of every answer: one line that says what is wrong, and nothing is lost.

A garbled answer leads to a `LedgerError` or to nothing; an honest reading then gives the straight digest.
"""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from chain_files import Desk, charges

from api.chain_head import HeadWatch
from ledger.accounting.mirrored import MirroredRows
from ledger.audit.bundle.prove import prove
from ledger.audit.verdict import audit
from ledger.chain import anvil, receipts, rpc, sender, state
from ledger.chain import deployment as deployments
from ledger.chain.agreements import Registry
from ledger.chain.anvil import Anvil
from ledger.chain.node import Node, NodeUnreachable, connect
from ledger.chain.rpc import Provider
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.indexer import patience
from ledger.indexer.run import indexing
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.reading import read, snapshot
from ledger.terms.deployment import Deployment
from ledger.verify.bundle import verify
from ledger.verify.subject import Subject

GARBAGE: Sequence[Any] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        7,
        2**63,
        2**200,
        0.5,
        1e308,
        "",
        " ",
        "0x",
        "0X",
        "0xzz",
        "0x_1",
        "-0x1",
        "1_0",
    ),
    *("0x" + "f" * 63, "0x" + "00" * 32, "0x" + "ff" * 32, "0x" + "ab" * 4_096, "0x1" + "0" * 300),
    *("latest", "Ünïcode \u0000 ٣", [], [[]], ["0x1"], {}, {"a": {"b": []}}, [None] * 3),
    *({"code": 3, "data": "0xzz"}, {"message": {"deep": []}}, {"code": [], "message": None}, "x" * 5_000),
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in an answer."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*at, key))


def garbled(answer: Any, chance: random.Random) -> Any:
    """The answer with one thing in it gone, doubled, written otherwise or exchanged for garbage."""
    answer = copy.deepcopy(answer)
    at = chance.choice(list(places(answer)))
    if not at:
        return chance.choice(GARBAGE)
    inside = answer
    for key in at[:-1]:
        inside = inside[key]
    key, value = at[-1], inside[at[-1]]
    match chance.randrange(6):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, list):
            inside.insert(key, copy.deepcopy(value))
        case 2 if isinstance(value, str):
            inside[key] = chance.choice([value.upper(), value.replace("0x", "0x00"), value + "0", value[:-1]])
        case 3:
            inside[key] = {"was": value} if chance.random() < 0.5 else [value]
        case _:
            inside[key] = copy.deepcopy(chance.choice(GARBAGE))
    return answer


class Garbling(Provider):
    """A real node whose answers, now and then, have garbage in them."""

    def __init__(self, url: str, chance: random.Random, often: float) -> None:
        super().__init__(url, 30)
        self.chance, self.often, self.struck = chance, often, 0

    def _post(
        self, body: bytes, deadline: float | None, most_bytes: int | None = None, read: Any = orjson.loads
    ) -> Any:
        reply = super()._post(body, deadline)
        answer = reply.answer
        if self.chance.random() < self.often:
            self.struck += 1
            answer = garbled(answer, self.chance)
        try:
            return reply._replace(answer=read(json.dumps(answer).encode()))
        except ValueError as error:
            raise NodeUnreachable("It is not JSON.") from error


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(sender, "_LOOKS", (0.0, 0.0, 0.01))
    monkeypatch.setattr(receipts, "RECEIPT_SECONDS", 1)
    monkeypatch.setattr(receipts, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(rpc, "_SHORTEST_PAUSE", 0.0)
    monkeypatch.setattr(rpc, "_LONGEST_PAUSE", 0.0)
    monkeypatch.setattr(patience, "SHORTEST_WAIT", 0.0)


@pytest.fixture
def desk(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    desk = Desk(tmp_path, chain.node, deployment)
    desk.onboard()
    desk.fund(1_000)
    desk.write_deals({})
    desk.write_charges(*charges(3))
    desk.run()
    desk.write_charges(*charges(5))
    return desk


class Works:
    """What the product does with a node, each by its name."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self.desk, self.database = desk, database
        self.agreement = next(iter(desk.plan().state.agreements.values())).id
        self.token = bytes.fromhex(desk.deployment.tokens["tUSD"][2:])

    def index(self, node: Node) -> None:
        with indexing(self.database, node, self.desk.deployment, finality="immediate") as indexer:
            indexer.catch_up()

    def audit(self, node: Node) -> None:
        with snapshot(self.database) as session:
            reading = read(session)
            as_of = reading.as_of
            audit(MirroredRows(reading), node, self.desk.deployment, as_of.number, as_of.hash)

    def prove(self, node: Node) -> None:
        with snapshot(self.database) as session:
            reading = read(session)
            subject = Subject(self.agreement, self.token)
            archive = prove(MirroredRows(reading), node, self.desk.deployment, reading.as_of.number, subject)
        verify(archive, reading.as_of.hash)

    def plan(self, node: Node) -> None:
        real, self.desk.node = self.desk.node, node
        try:
            self.desk.plan()
        finally:
            self.desk.node = real

    def send(self, node: Node) -> None:
        Sender(node, anvil.wallet(0)).transact(anvil.wallet(3).address, "0x", value=1)

    def look(self, node: Node) -> None:
        deployments.check(self.desk.deployment, node, "the file")
        registry = Registry(node, self.desk.deployment)
        registry.terms_of(self.agreement)
        registry.activation(self.agreement)
        wallet = anvil.wallet(1).address
        registry.look(self.agreement, [wallet], [(wallet, 1)])
        watch = HeadWatch(lambda: node)
        watch._ask()
        watch.close()


@pytest.mark.parametrize(
    "rounds", [8, pytest.param(300, marks=[pytest.mark.long, pytest.mark.timeout(3_600)])]
)
def test_garbage_is_told_in_a_line_and_loses_nothing(
    desk: Desk, database: Database, other_database: Database, hurried: None, rounds: int
) -> None:
    honest, works = connect(desk.node.url), Works(desk, database)
    works.index(honest)
    for name in ("look", "plan", "prove", "audit", "send", "index"):
        do: Callable[[Node], None] = getattr(works, name)
        struck = refused = 0
        for seed in range(rounds):
            chance = random.Random(f"{name} {seed}")
            provider = Garbling(desk.node.url, chance, 0.4 if seed % 4 == 0 else 0.05)
            if name == "index" and seed % 2:
                schema.drop_chain(database.engine)
            try:
                do(Node(desk.node.url, provider, honest.chain_id))
            except LedgerError as error:
                refused += 1
                assert error.what
                assert "\n" not in error.what
                assert len(error.what) < 1_500
            except Exception as error:
                raise AssertionError(f"{name}, seed {seed}: {error!r}") from error
            struck += provider.struck
        assert struck
        assert refused
        do(honest)
    works.index(honest)
    Works(desk, other_database).index(honest)
    assert digest(database) == digest(other_database)
