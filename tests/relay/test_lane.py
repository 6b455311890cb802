"""A lane sends each call once: through crashes, dropped and stuck transactions, others that use its key, and
reorganisations; and says what keeps it from sending.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking import PLENTY, Company, ask, attempts, company, look, registration
from eth_account import Account
from eth_utils.address import to_canonical_address
from ledger_world import World
from sqlalchemy import select

from ledger.actions import Call
from ledger.chain.node import Node
from ledger.relay import lane as lanes
from ledger.relay.accepting import Budget, BudgetSpent, NameTaken, NotRelayed
from ledger.relay.habits import Habits
from ledger.relay.lane import Lane
from ledger.relay.status import exposition, status_of
from ledger.store import locks
from ledger.store.database import Database
from ledger.store.tables import RelayLane

KEY = Account.from_key("0x" + "e7" * 32)
RAW = to_canonical_address(KEY.address)


def newest(node: Node) -> int:
    return node.newest().number


@pytest.fixture
def open_lane(database: Database, world: World) -> Iterator[Callable[..., Lane]]:
    """A lane of the key, as a process that has just started has it; the one before is gone."""
    world.chain.set_balance(KEY.address, 10**20)
    opened: list[Any] = []

    def begin(*, stuck: int = 3_600, low: int = 0, final: Callable[[Node], int] = newest) -> Lane:
        while opened:
            gone = opened.pop()
            gone.invalidate()
            gone.close()
        connection = database.engine.connect()
        opened.append(connection)
        assert locks.try_lock(connection, locks.lane_key(world.deployment.chain_id, RAW))
        connection.commit()
        return Lane(connection, world.node, KEY, Habits(stuck, low, final))

    yield begin
    for each in opened:
        each.invalidate()
        each.close()


@pytest.fixture
def by_hand(world: World) -> Iterator[None]:
    """Blocks are made only when a test says so."""
    world.node.rpc("evm_setAutomine", [False])
    yield
    world.node.rpc("evm_setAutomine", [True])


def until(lane: Lane, condition: Callable[[], bool]) -> None:
    """Steps until it holds: a node makes its blocks a moment later."""
    for _ in range(200):
        lane.step()
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it does not come to that")


def mine(world: World) -> None:
    world.node.rpc("evm_mine", [])


def used(world: World) -> int:
    return world.node.number("eth_getTransactionCount", [KEY.address, "latest"])


def is_registered(world: World, who: Company) -> bool:
    return bool(world.partners.functions.isRegistered(who.key.address).call())


def test_what_is_asked_is_sent_in_order_and_once(
    database: Database, world: World, open_lane: Callable[..., Lane]
) -> None:
    lane, people = open_lane(), [company() for _ in range(3)]
    numbers = [ask(database, world, who) for who in people]
    assert ask(database, world, people[0]) == numbers[0], "the same name is the same call"
    with pytest.raises(NameTaken):
        ask(database, world, people[0], body=b"another")
    until(lane, lambda: all(look(database, each).settled for each in numbers))
    done = [look(database, number) for number in numbers]
    assert [each.nonce for each in done] == [0, 1, 2] and used(world) == 3
    assert all(each.state == "mined" and each.settled and each.cost for each in done)
    assert all(is_registered(world, who) for who in people)
    with database.session() as session:
        [row] = session.scalars(select(RelayLane)).all()
        assert row.sender == RAW and row.balance and not row.low and row.trouble is None
        shown = exposition(status_of(session, row.seen_at), row.seen_at)
    assert "pledger_relay_waiting 0" in shown and f'running{{sender="0x{RAW.hex()}"}} 1' in shown


def test_only_what_is_signed_or_anyones_is_sent_and_within_the_days_budget(
    database: Database, world: World
) -> None:
    who, token = company(), world.token.address
    good = registration(world, who)
    for call in (
        Call("PartnerRegistry", "approve", token, good.data),
        Call("PartnerRegistry", "register", good.to, "0x12345678"),
        Call("RevenueLedger", "registerWithAuthorization", good.to, good.data),
        Call(good.contract, good.function, good.to, good.data, value=1),
    ):
        with pytest.raises(NotRelayed):
            ask(database, world, who, call)
    with pytest.raises(NotRelayed, match="at most"):
        ask(database, world, who, gas=15_000_001)
    tight = Budget(account=300_000, all=500_000)
    ask(database, world, who, budget=tight)
    with pytest.raises(BudgetSpent, match="300,000 a day for your account, 200,000 are spent") as caught:
        ask(database, world, who, budget=tight, name="second-time")
    assert 0 < caught.value.seconds <= 86_400
    ask(database, world, company(), budget=tight)
    with pytest.raises(BudgetSpent, match="for everybody"):
        ask(database, world, company(), budget=tight)
    ask(database, world, company(), budget=tight, now=1_796_040_000 + 86_400)
    ask(database, world, who, budget=PLENTY, name="other-time")


def test_what_the_chain_refuses_costs_nothing_or_says_why(
    database: Database, world: World, open_lane: Callable[..., Lane], by_hand: None
) -> None:
    lane, who = open_lane(), company()
    late = ask(database, world, company(), registration(world, who, deadline=world.node.timestamp() - 1))
    assert lane.step()
    assert (look(database, late).state, look(database, late).nonce) == ("failed", None)
    assert "was good until" in (look(database, late).failure or "")
    soon = registration(world, who, deadline=world.node.timestamp() + 60)
    number = ask(database, world, who, soon)
    lane.step()
    assert look(database, number).state == "sent", "it would have been taken then"
    world.node.rpc("evm_increaseTime", [120])
    mine(world)
    lane.step()
    found = look(database, number)
    assert (found.state, found.settled) == ("failed", True) and found.transaction_hash and found.cost
    assert "was good until" in (found.failure or "") and "transaction 0x" in (found.failure or "")


def test_what_was_signed_before_a_crash_is_sent_after_it(
    database: Database, world: World, open_lane: Callable[..., Lane], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(database, world, company())
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "_hand_in", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            open_lane().step()
    [signed] = attempts(database, number)
    assert (look(database, number).state, used(world)) == ("sent", 0)
    lane = open_lane()
    until(lane, lambda: look(database, number).settled)
    assert look(database, number).transaction_hash == signed.hash
    assert [each.hash for each in attempts(database, number)] == [signed.hash]

    number = ask(database, world, company())
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "_sign", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            lane.step()
    assert (look(database, number).state, look(database, number).nonce) == ("waiting", None)
    until(open_lane(), lambda: look(database, number).settled)
    assert (look(database, number).state, used(world)) == ("mined", 2)


def test_one_that_is_stuck_is_replaced_and_one_that_is_dropped_handed_in_again(
    database: Database,
    world: World,
    open_lane: Callable[..., Lane],
    by_hand: None,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(lanes, "AGAIN_SECONDS", 0)
    lane, who = open_lane(), company()
    number = ask(database, world, who)
    lane.step()
    [first] = attempts(database, number)
    world.node.rpc("anvil_dropTransaction", ["0x" + first.hash.hex()])
    assert world.node.rpc("eth_getTransactionByHash", ["0x" + first.hash.hex()]) is None
    lane.step()
    assert world.node.rpc("eth_getTransactionByHash", ["0x" + first.hash.hex()]) is not None
    usual = world.node.newest().raw["baseFeePerGas"]
    request.addfinalizer(lambda: world.node.rpc("anvil_setNextBlockBaseFeePerGas", [usual]))
    world.node.rpc("anvil_setNextBlockBaseFeePerGas", [hex(first.fee * 10)])
    mine(world)
    lane.step()
    assert look(database, number).state == "sent"
    lane = open_lane(stuck=0)
    lane.step()
    _, second = attempts(database, number)
    assert second.nonce == first.nonce and second.fee >= first.fee * 5 // 4
    assert (second.tip or 0) > (first.tip or 0)
    other = ask(database, world, company())
    mine(world)
    lane.step()
    mine(world)
    lane.step()
    done = look(database, number)
    assert (done.state, done.transaction_hash) == ("mined", second.hash)
    assert look(database, other).nonce == first.nonce + 1


def test_a_nonce_that_another_used_is_given_anew(
    database: Database,
    world: World,
    open_lane: Callable[..., Lane],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = ask(database, world, company())
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "_hand_in", lambda *_: None)  # a node that takes it, and forgets it
        open_lane().step()
    fields = {"to": KEY.address, "value": 0, "chainId": 31337, "nonce": 0, "gas": 21_000, "gasPrice": 10**11}
    foreign = KEY.sign_transaction(fields)
    world.node.rpc("eth_sendRawTransaction", ["0x" + foreign.raw_transaction.hex()])
    lane = open_lane()
    lane.step()
    assert look(database, number).missing_since is not None and look(database, number).state == "sent"
    monkeypatch.setattr(lanes, "MISSING_SECONDS", 0)
    until(lane, lambda: look(database, number).settled)
    done = look(database, number)
    assert (done.state, done.nonce, used(world)) == ("mined", 1, 2)


def test_a_reorganisation_takes_back_what_was_not_final(
    database: Database, world: World, open_lane: Callable[..., Lane], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "FINAL_SECONDS", 0)
    monkeypatch.setattr(lanes, "AGAIN_SECONDS", 0)
    who, before = company(), world.chain.snapshot()
    number = ask(database, world, who)
    lane = open_lane(final=lambda _: 0)
    until(lane, lambda: look(database, number).state == "mined")
    assert not look(database, number).settled
    world.chain.revert(before)
    world.chain.set_balance(KEY.address, 10**20)
    assert not is_registered(world, who)
    lane.step()
    until(lane, lambda: look(database, number).state == "mined" and is_registered(world, who))
    assert len(attempts(database, number)) == 1
    open_lane().step()
    assert look(database, number).settled


def test_a_key_that_cannot_pay_says_so_and_loses_nothing(
    database: Database, world: World, open_lane: Callable[..., Lane]
) -> None:
    lane, number = open_lane(low=10**18), ask(database, world, company())
    world.chain.set_balance(KEY.address, 10**9)
    assert lane.step() is False
    with database.session() as session:
        [row] = session.scalars(select(RelayLane)).all()
        assert row.low and "cannot pay" in (row.trouble or ""), row.trouble
        assert "pledger_relay_key_low" in exposition(status_of(session, row.seen_at), row.seen_at)
    assert look(database, number).state == "waiting"
    world.chain.set_balance(KEY.address, 10**20)
    until(lane, lambda: look(database, number).state == "mined")


def test_two_relayers_do_not_send_with_one_key(
    database: Database, world: World, open_lane: Callable[..., Lane], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    open_lane()
    with database.engine.connect() as other:
        assert not locks.try_lock(other, locks.lane_key(world.deployment.chain_id, RAW))
