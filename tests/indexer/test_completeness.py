"""Completeness: what a node leaves out, repeats or alters is noticed at the first entry that it touches."""

from collections.abc import Callable
from typing import Any

import pytest
from indexers import following, index, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import Alter, RpcProxy, refusal
from sqlalchemy import func, select

from ledger.chain.node import NodeUnreachable, RpcRefused, connect
from ledger.indexer.entries import EntryRejected
from ledger.journal.events import journal_topics
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint, Entry
from ledger.terms.contracts import JOURNALS

Answer = dict[str, Any]
Straight = Callable[[World], str]


ENTRIES = {"0x" + topic.hex() for kind in JOURNALS for topic in journal_topics(kind)}


def entries(answer: list[Any]) -> list[Any]:
    """The logs that are entries, among which the lies are told."""
    return [log for log in answer if log["topics"][0] in ENTRIES]


def once(method: str, alter: Callable[[Any], Any]) -> Alter:
    """Alters the first answer to a method that has anything to alter."""
    done: list[bool] = []

    def alter_once(asked: str, params: Any, answer: Answer) -> Answer:
        if asked == method and answer.get("result") and not done:
            changed = alter(answer["result"])
            if changed != answer["result"]:
                done.append(True)
                return answer | {"result": changed}
        return answer

    return alter_once


def always(method: str, alter: Callable[[Any], Any]) -> Alter:
    def alter_always(asked: str, params: Any, answer: Answer) -> Answer:
        if asked == method and answer.get("result"):
            return answer | {"result": alter(answer["result"])}
        return answer

    return alter_always


def without_receipts(alter: Alter) -> Alter:
    """The same by a node that has no receipts."""

    def altered(method: str, params: Any, answer: Answer) -> Answer:
        if method in ("eth_getBlockReceipts", "eth_getTransactionReceipt"):
            return answer | {"result": None}
        return alter(method, params, answer)

    return altered


def altered_data(logs: list[Any]) -> list[Any]:
    """One bit of the middle log's data is another."""
    if not logs:
        return logs
    middle = len(logs) // 2
    data = logs[middle]["data"]
    flipped = f"{int(data[10], 16) ^ 1:x}"
    return [*logs[:middle], logs[middle] | {"data": data[:10] + flipped + data[11:]}, *logs[middle + 1 :]]


LIES: dict[str, Callable[[Any], Any]] = {
    "no log at all": lambda logs: [],
    "half of the logs": lambda logs: logs[: len(logs) // 2],
    "the first is missing": lambda logs: logs[1:],
    "the last is missing": lambda logs: logs[:-1],
    "one in the middle is missing": lambda logs: logs[: len(logs) // 2] + logs[len(logs) // 2 + 1 :],
    "one is there twice": lambda logs: logs[: len(logs) // 2 + 1] + logs[len(logs) // 2 :],
    "one is altered": altered_data,
    "no list": lambda logs: {"logs": logs},
    "what is not a log": lambda logs: [*logs, {"address": 7}],
    "no such number": lambda logs: [*logs[:-1], logs[-1] | {"logIndex": hex(2**63)}],
    "a negative number": lambda logs: [*logs[:-1], logs[-1] | {"transactionIndex": "-0x1"}],
}
ALIKE = ("half of the logs", "the first is missing")
"""Lies that are told once only: told again, they are as others."""
REFUSED = ("no list", "what is not a log", "no such number", "a negative number")


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_told_once_is_noticed_and_read_again(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight, lie: str
) -> None:
    partnership.work(1)
    world = partnership.world
    proxy.alter = once("eth_getLogs", lambda logs: LIES[lie](entries(logs)))
    index(database, proxy.url, world.deployment)
    assert digest(database) == straight(world)


@pytest.mark.parametrize("lie", [lie for lie in LIES if lie not in REFUSED and lie not in ALIKE])
def test_a_lie_told_again_stops_the_indexer_and_leaves_nothing_wrong_behind(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight, lie: str
) -> None:
    partnership.work(1)
    world = partnership.world
    proxy.alter = without_receipts(always("eth_getLogs", lambda logs: LIES[lie](entries(logs))))
    with pytest.raises(EntryRejected) as caught:
        index(database, proxy.url, world.deployment)
    assert f"at entry {caught.value.seq}, block " in caught.value.what
    with database.session() as session:
        contract = caught.value.contract
        here = session.scalar(select(func.max(Entry.seq)).where(Entry.contract == contract)) or 0
        assert here < caught.value.seq
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_logs_lost_long_ago_are_found_when_the_next_entry_comes(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    """The comparison with the contracts does not notice, because the node lies there too."""
    world = partnership.world
    index(database, world.node, world.deployment)
    before = world.node.rpc("eth_call", [{"to": world.ledger.address, "data": "0x61471425"}, "latest"])
    partnership.pay(1, 2, 3)

    def hide(method: str, params: Any, answer: Answer) -> Answer:
        if method == "eth_getLogs":
            return answer | {"result": []}
        if method == "eth_call" and params[0]["to"].lower() == world.ledger.address.lower():
            return answer | {"result": before}
        return answer

    proxy.alter = hide
    index(database, proxy.url, world.deployment)
    partnership.pay(4)
    notes = index(database, world.node, world.deployment)
    reread, from_before = notes.taken
    assert reread[1] == 0, "nothing since then was wrong"
    assert from_before[1] > 0
    assert "the next entry there is has number 4" in reread[2] == from_before[2]
    assert digest(database) == straight(world)


def test_a_lie_while_following_is_mended(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    world = partnership.world
    with following(database, world, connect(proxy.url)) as indexer:
        wait_for_newest(indexer, world)
        proxy.alter = once("eth_getLogs", LIES["no log at all"])
        partnership.work(1)
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_any_refusal_of_a_range_makes_it_smaller(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    partnership.work(2)
    world = partnership.world
    asked: list[int] = []

    def narrow(method: str, params: Any, answer: Answer) -> Answer:
        if method == "eth_getLogs":
            blocks = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
            asked.append(blocks)
            if blocks > 5:
                return refusal(answer, "the moon is full")
        return answer

    proxy.alter = narrow
    index(database, proxy.url, world.deployment)
    assert digest(database) == straight(world)
    assert max(asked) > 5
    assert len(asked) < 60


NEVER_WHOLE: dict[str, Callable[[Any, Answer], Answer]] = {
    "refused": lambda _, answer: refusal(answer, "query returned more than 10000 results"),
    "without its last log": lambda _, answer: answer | {"result": answer["result"][:-1]},
}


def false_receipts(receipts: list[Any]) -> list[Any]:
    """One log fewer than the root in the header has."""
    return [each | {"logs": each["logs"][1:]} for each in receipts]


@pytest.mark.parametrize(("how", "singly"), [*((how, False) for how in NEVER_WHOLE), ("refused", True)])
def test_blocks_that_a_node_never_gives_whole_are_read_by_their_receipts(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight, how: str, singly: bool
) -> None:
    partnership.work(1)
    world = partnership.world

    def alter(method: str, params: Any, answer: Answer) -> Answer:
        if method == "eth_getBlockReceipts" and singly:
            return refusal(answer, "the method eth_getBlockReceipts does not exist", -32601)
        return NEVER_WHOLE[how](params, answer) if method == "eth_getLogs" else answer

    proxy.alter = alter
    index(database, proxy.url, world.deployment)
    assert digest(database) == straight(world)


@pytest.mark.parametrize("receipts", ["false", "refused", "of another transaction"])
def test_a_node_that_gives_neither_logs_nor_receipts_is_named(
    partnership: Partnership, database: Database, proxy: RpcProxy, receipts: str
) -> None:
    changes: dict[str, Callable[[Any], Any]] = {
        "false": false_receipts,
        "of another transaction": lambda some: [
            each | {"transactionHash": "0x" + "ab" * 32} for each in some
        ],
    }

    def alter(method: str, params: Any, answer: Answer) -> Answer:
        if method == "eth_getLogs" or (receipts == "refused" and method.endswith(("Receipts", "Receipt"))):
            return refusal(answer, "no")
        change = changes.get(receipts)
        whole = method == "eth_getBlockReceipts" and change is not None
        return answer | {"result": change(answer["result"])} if whole and change is not None else answer

    proxy.alter = alter
    with pytest.raises(RpcRefused, match="eth_getLogs"):
        index(database, proxy.url, partnership.world.deployment)


def test_a_block_that_is_missing_once_is_asked_for_again(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    partnership.work(1)
    world = partnership.world
    missing = [3]

    def lose_a_block(method: str, params: Any, answer: Answer) -> Answer:
        if method == "eth_getBlockByNumber" and params[0] == "0x9" and missing:
            missing.pop()
            return answer | {"result": None}
        return answer

    proxy.alter = lose_a_block
    index(database, proxy.url, world.deployment)
    assert not missing
    assert digest(database) == straight(world)


def test_a_node_without_batches_and_without_block_hashes_will_do(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    partnership.work(1)
    world = partnership.world

    def old(method: str, params: Any, answer: Answer) -> Answer:
        by_hash = method == "eth_call" and isinstance(params[1], dict)
        return refusal(answer, "invalid argument") if by_hash else answer

    proxy.alter = old
    proxy.takes_batches = False
    index(database, proxy.url, world.deployment)
    assert digest(database) == straight(world)


def test_a_lagging_node_is_no_reorganisation(
    partnership: Partnership, database: Database, proxy: RpcProxy
) -> None:
    world = partnership.world
    partnership.pay(1, 2)
    behind = world.node.rpc("eth_getBlockByNumber", ["latest", False])
    partnership.pay(3, 4)
    index(database, world.node, world.deployment)
    before = digest(database)

    def lag(method: str, params: Any, answer: Answer) -> Answer:
        if method != "eth_getBlockByNumber" or params[0] == "finalized":
            return answer
        if params[0] == "latest":
            return answer | {"result": behind}
        return answer | {"result": None} if int(params[0], 16) > int(behind["number"], 16) else answer

    proxy.alter = lag
    with pytest.raises(NodeUnreachable, match="behind the mirror's"):
        index(database, proxy.url, world.deployment)
    assert digest(database) == before
    with database.session() as session:
        assert session.scalar(select(Checkpoint.block_number)) == world.node.w3.eth.block_number


def test_the_chain_may_move_between_any_two_answers(
    own_partnership: Partnership, database: Database, own_proxy: RpcProxy, straight: Straight
) -> None:
    """A reorganisation right after the newest header, after the logs, and while the heads are compared."""
    own_partnership.work(2)
    world = own_partnership.world
    moments = ["eth_getBlockByNumber", "eth_getLogs", "eth_call"]

    def move(method: str, params: Any, answer: Answer) -> Answer:
        if moments and method == moments[0] and answer.get("result"):
            moments.pop(0)
            world.chain.reorg(4)
        return answer

    own_proxy.alter = move
    index(database, own_proxy.url, world.deployment)
    assert moments == []
    assert digest(database) == straight(world)
