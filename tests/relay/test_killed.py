"""kill -9 of the relayer at random moments: nothing is sent twice, and nothing is lost."""

import random
import time

import pytest
from asking import ask, company, look
from dying import relayer
from eth_account import Account
from ledger_world import World
from sqlalchemy import func, select

from ledger.store.database import Database
from ledger.store.tables import Relay

KEYS = [Account.from_key(bytes([0xE0 + number]) * 32) for number in range(2)]
PATIENCE = 120


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(3600)])])
def test_a_relayer_killed_at_any_moment_sends_each_once(database: Database, world: World, kills: int) -> None:
    for key in KEYS:
        world.chain.set_balance(key.address, 10**21)
    dice, url = random.Random(kills), database.url.render_as_string(hide_password=False)
    people = [company() for _ in range(3 * kills + 6)]
    numbers = [ask(database, world, who) for who in people[:6]]
    for round_ in range(kills):
        process = relayer(url, world.node.url, [bytes(key.key) for key in KEYS])
        _wait_for_more(database, dice.randint(0, 2))
        time.sleep(dice.random() * 0.05)
        process.kill()
        process.join()
        some = people[6 + 3 * round_ : 9 + 3 * round_]
        numbers += [ask(database, world, who) for who in some]
    process = relayer(url, world.node.url, [bytes(key.key) for key in KEYS])
    deadline = time.monotonic() + PATIENCE
    while _open(database) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.join()
    done = [look(database, number) for number in numbers]
    assert {each.state for each in done} == {"mined"}, [(each.state, each.failure) for each in done]
    assert all(world.partners.functions.isRegistered(who.key.address).call() for who in people)
    sent = [world.node.number("eth_getTransactionCount", [key.address, "latest"]) for key in KEYS]
    assert sum(sent) == len(people), "each took one transaction, and no transaction was for nothing"
    nonces = [[each.nonce for each in done if each.sender == bytes.fromhex(key.address[2:])] for key in KEYS]
    assert [sorted(nonce for nonce in each if nonce is not None) for each in nonces] == [
        list(range(count)) for count in sent
    ]


def _open(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(Relay).where(~Relay.settled)) or 0


def _wait_for_more(database: Database, many: int) -> None:
    """Until the relayer has signed so many more: it is killed while it works, not while it starts."""
    with database.session() as session:
        signed = select(func.count()).select_from(Relay).where(Relay.state != "waiting")
        before = session.scalar(signed) or 0
        deadline = time.monotonic() + PATIENCE
        while (session.scalar(signed) or 0) < before + many and time.monotonic() < deadline:
            session.rollback()
            time.sleep(0.005)
