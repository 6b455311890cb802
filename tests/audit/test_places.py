"""Where entries stand on the chain: no journal binds it, the roots in their blocks' headers do."""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from header_forks import with_field
from ledger_world import World
from sqlalchemy import text

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.verdict import Verdict, audit
from ledger.chain.anvil import Anvil
from ledger.chain.node import Node, RpcRefused
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.reading import read, snapshot

Alter = Callable[[str, Any], Any]


class Altered:
    """A real node, of whose answers some are altered, or refused."""

    def __init__(self, node: Node, alter: Alter) -> None:
        self._node = node
        self._alter = alter

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        return self._alter(method, self._node.rpc(method, params))

    def rpc_batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self.rpc(*call) for call in calls]


@pytest.fixture(scope="module")
def business(module_world: World, original: Database) -> World:
    """Two transactions with entries in its newest block."""
    world = module_world
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency])
    world.fund(vendor, 10**9)
    world.pay(vendor, agreement, 1_001)
    world.node.rpc("evm_setAutomine", [False])
    for amount in (7, 8):
        invoice = world.invoice(amount).to_abi()
        data = world.ledger.encode_abi("pay", [agreement.id, world.token.address, invoice])
        sent = {"from": vendor.account, "to": world.ledger.address, "data": data, "gas": hex(1_000_000)}
        world.node.rpc("eth_sendTransaction", [sent])
    world.node.rpc("evm_mine")
    world.node.rpc("evm_setAutomine", [True])
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return world


@pytest.fixture
def database(business: World, chain: Anvil, copy: Database) -> Database:
    """Its mirror."""
    return copy


def audited(database: Database, world: World, alter: Alter, newest_blocks: int | None = None) -> Verdict:
    node = cast(Node, Altered(world.node, alter))
    with snapshot(database) as session:
        reading = read(session)
        at = reading.as_of
        return audit(
            MirroredRows(reading),
            node,
            world.deployment,
            at.number,
            at.hash,
            newest_blocks=newest_blocks,
        )


def honest(_method: str, answer: Any) -> Any:
    return answer


def test_every_entry_stands_where_the_mirror_has_it(business: World, database: Database) -> None:
    verdict = audited(database, business, honest)
    assert verdict.first_difference is None
    assert verdict.places is not None
    assert (verdict.places.entries, verdict.unverified) == (sum(each.seq for each in verdict.journals), [])
    newest = audited(database, business, honest, newest_blocks=1).places
    assert newest is not None
    assert (newest.blocks, newest.entries) == (1, 2)
    assert audited(database, business, honest, newest_blocks=0).places is None


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        ("transaction_hash = sha256('x')", r"its transaction is 0x[0-9a-f]{64} here, 0x[0-9a-f]{64} on"),
        ("log_index = log_index + 100", r"it is log \d+ of its block here, \d+ on the chain"),
        ("transaction_index = transaction_index + 1", r"its transaction is number 2 here, 1 on the chain"),
        ("block_timestamp = block_timestamp - 7200", r"its block's time is \d+ here, \d+ on the chain"),
        ("block_hash = sha256('x')", r"its block \d+ is 0x[0-9a-f]{64} here, 0x"),
        ("block_number = block_number - 1, log_index = 900", r"its block \d+ is 0x[0-9a-f]{64} here, 0x"),
    ],
)
def test_an_entry_that_stands_elsewhere_is_named(
    business: World, database: Database, altered: str, said: str
) -> None:
    """Of two in one block: the transactions' hashes are those of the transactions themselves."""
    with database.engine.begin() as connection:
        connection.execute(
            text(
                f"UPDATE chain.entry SET {altered} WHERE event = 'PaymentReceived' AND seq = "
                "(SELECT max(seq) FROM chain.entry WHERE event = 'PaymentReceived')"
            )
        )
    verdict = audited(database, business, honest)
    assert not verdict.agrees
    assert verdict.first_difference is not None
    assert verdict.first_difference.startswith("RevenueLedger entry 3: ")
    assert re.search(said, verdict.first_difference)


def test_two_logs_that_were_swapped_are_found(business: World, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE chain.entry SET log_index = 4 - log_index, transaction_index = 1 - transaction_index "
                "WHERE block_number = (SELECT max(block_number) FROM chain.entry)"
            )
        )
    verdict = audited(database, business, honest)
    assert verdict.first_difference is not None
    assert "of its block here" in verdict.first_difference


def of(wanted: str, alter: Callable[[Any], Any]) -> Alter:
    return lambda method, answer: alter(answer) if method == wanted else answer


def _of_the_last(change: dict[str, Any]) -> Callable[[Any], Any]:
    """Of a block: of its last transaction."""

    def alter(block: Any) -> Any:
        if not block or not block["transactions"] or isinstance(block["transactions"][-1], str):
            return block
        *others, last = block["transactions"]
        return block | {"transactions": [*others, last | change]}

    return alter


def _in_receipts(change: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda receipts: [receipts[0] | change, *receipts[1:]]


@pytest.mark.parametrize(
    ("alter", "why"),
    [
        (of("eth_getBlockByNumber", _of_the_last({"value": "0x1"})), "fields do not make its hash"),
        (of("eth_getBlockByNumber", _of_the_last({"type": "0x6a"})), "transaction of type 0x6a, which"),
        (of("eth_getBlockByNumber", _of_the_last({"nonce": None})), "is malformed"),
        (of("eth_getBlockReceipts", _in_receipts({"cumulativeGasUsed": "0x1"})), "do not make the root"),
        (of("eth_getBlockReceipts", _in_receipts({"type": "0x7f"})), "transaction of type 0x7f, which"),
        (of("eth_getBlockReceipts", lambda _: None), "has not all of its receipts"),
        (of("eth_getBlockReceipts", lambda _: 7), "the node's receipts are none"),
        (of("eth_getBlockByNumber", with_field), "does not know: parentProposerPubkey"),
    ],
)
def test_what_cannot_be_verified_is_no_match(
    business: World, database: Database, alter: Alter, why: str
) -> None:
    verdict = audited(database, business, alter)
    assert verdict.agrees
    assert verdict.places is not None
    assert any(why in each.why for each in verdict.unverified), verdict.unverified
    assert sum(each.entries for each in verdict.unverified) == verdict.places.entries


def test_a_node_that_lies_about_a_transaction_as_the_mirror_has_it_proves_nothing(
    business: World, database: Database
) -> None:
    false = "0x" + "ab" * 32
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE chain.entry SET transaction_hash = '\\x{false[2:]}'"))
    liar = of("eth_getBlockByNumber", _of_the_last({"hash": false}))
    verdict = audited(database, business, liar, newest_blocks=1)
    assert verdict.first_difference is not None, "the other transaction's"
    assert audited(database, business, honest).first_difference is not None


def refuses(*methods: str) -> Alter:
    def alter(method: str, answer: Any) -> Any:
        if method in methods:
            raise RpcRefused(method, {"message": "not on this plan"})
        return answer

    return alter


def test_receipts_are_asked_for_one_by_one_where_a_node_does_not_give_all(
    business: World, database: Database
) -> None:
    assert audited(database, business, refuses("eth_getBlockReceipts")) == audited(database, business, honest)
    verdict = audited(database, business, refuses("eth_getBlockReceipts", "eth_getTransactionReceipt"))
    ((only),) = verdict.unverified
    assert only.why == "the node does not give its receipts: not on this plan"
