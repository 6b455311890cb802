"""Who may do what is mirrored as everything else is: exactly once, through reorganisations, as of a block."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from ledger_world import DAY
from pledger_main import Run, runner
from rpc_proxy import RpcProxy
from sqlalchemy import delete, select, update

from ledger.accounting.powers import powers_of
from ledger.chain import manager_words
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import GUARDIAN, OPERATOR, VERIFIER, Consortium, deploy
from ledger.chain.deployment import save
from ledger.chain.node import connect
from ledger.chain.sender import Sender, calldata
from ledger.errors import LedgerError
from ledger.indexer.rebuild import rebuild
from ledger.indexer.run import indexing
from ledger.rules.powers import Powers
from ledger.store.database import Database
from ledger.store.reading import AsOf, read, snapshot
from ledger.store.tables import Block, Incident, PowerChange


class Consort:
    """A consortium whose admin, verifier and operator wait, and what it does."""

    def __init__(self, chain: Anvil, wallets: list[LocalAccount]) -> None:
        self.chain = chain
        self.admin, self.verifier, self.guardian, self.operator = (
            Sender(chain.node, wallet) for wallet in wallets[:4]
        )
        self.deployed = deploy(
            self.admin,
            Consortium(
                admin=self.admin.address,
                verifier=self.verifier.address,
                guardian=self.guardian.address,
                operator=self.operator.address,
                recovery=self.admin.address,
                verifier_delay=3_600,
                operator_delay=DAY,
            ),
        )
        self.manager = chain.node.contract(self.deployed, "AccessManager").functions
        self.ledger = self.deployed.address("RevenueLedger")
        self.resume = calldata(chain.node.contract(self.deployed, "RevenueLedger").functions.resumeDeposits())

    def index(self, database: Database, url: str | None = None) -> None:
        node = connect(url) if url else self.chain.node
        with indexing(database, node, self.deployed) as indexer:
            indexer.catch_up()

    def stored(self, database: Database) -> list[tuple[Any, ...]]:
        with database.session() as session:
            rows = session.execute(
                select(*PowerChange.__table__.columns).order_by(
                    PowerChange.block_number, PowerChange.log_index
                )
            )
            return [tuple(row) for row in rows]

    def powers(self, database: Database, block: int | None = None) -> tuple[Powers, int]:
        with snapshot(database) as session:
            asked: AsOf | int | None = block
            reading = read(session, block=asked)
            return powers_of(reading), reading.as_of.timestamp


@pytest.fixture
def consort(chain: Anvil, wallets: list[LocalAccount]) -> Consort:
    return Consort(chain, wallets)


@pytest.fixture
def pledger(
    consort: Consort,
    new_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    save(consort.deployed, tmp_path / "deployed.json")
    env = {
        "PLEDGER_RPC_URL": consort.chain.rpc_url,
        "PLEDGER_DATABASE_URL": new_database_url,
        "PLEDGER_DEPLOYMENT": str(tmp_path / "deployed.json"),
    }
    return runner(monkeypatch, capsys, tmp_path, **env)


def test_powers_follow_the_chain_through_reorganisations_and_as_of_any_block(
    consort: Consort, database: Database, other_database: Database, wallets: list[LocalAccount]
) -> None:
    consort.index(database)
    before, _ = consort.powers(database)
    newcomer = bytes.fromhex(wallets[6].address[2:])
    chain = consort.chain
    granted = consort.admin.send(consort.manager.grantRole(GUARDIAN, newcomer, 60))["blockNumber"]
    consort.operator.send(consort.manager.schedule(consort.ledger, consort.resume, 0))
    consort.index(database)
    then, at = consort.powers(database, granted)
    assert then.holds(GUARDIAN, newcomer, at)
    assert not then.operations
    now, at = consort.powers(database)
    [(_, waiting)] = now.waiting(at)
    assert (waiting.due, waiting.state(at)) == (at + DAY, "waiting")
    deep = consort.stored(database)

    chain.reorg(2)  # the grant and the order are undone
    chain.mine(3)
    consort.index(database)
    back, _ = consort.powers(database)
    assert back == before
    assert len(consort.stored(database)) == len(deep) - 2

    consort.admin.send(consort.manager.revokeRole(GUARDIAN, consort.guardian.address))
    consort.admin.send(consort.manager.grantRole(VERIFIER, consort.verifier.address, 60))
    consort.operator.send(consort.manager.schedule(consort.ledger, consort.resume, 0))
    consort.operator.send(consort.manager.cancel(consort.operator.address, consort.ledger, consort.resume))
    consort.index(database)
    now, at = consort.powers(database)
    assert not now.roles[GUARDIAN].members
    [verifier] = now.roles[VERIFIER].members.values()
    assert (verifier.delay.at(at), verifier.delay.pending(at)) == (3_600, (60, verifier.changed_at + 3_540))
    assert not now.waiting(at)

    consort.index(other_database)  # straight
    assert consort.stored(other_database) == consort.stored(database)
    rebuild(database)  # makes what entries make, and leaves what they do not
    assert consort.stored(other_database) == consort.stored(database)
    # A database of an older version has none: they are read when its indexer starts, once.
    with database.session() as session, session.begin():
        session.execute(delete(PowerChange))
        session.execute(update(Block).values(carries=False))
    consort.index(database)
    assert consort.stored(other_database) == consort.stored(database)
    consort.chain.mine()
    consort.index(database)
    assert consort.stored(other_database) == consort.stored(database)


def test_a_change_that_a_node_keeps_back_is_asked_for_again(
    consort: Consort, database: Database, monkeypatch: pytest.MonkeyPatch, wallets: list[LocalAccount]
) -> None:
    consort.index(database)
    grant = consort.manager.grantRole(GUARDIAN, wallets[6].address, 0)
    hidden = consort.admin.send(grant)["blockNumber"]
    consort.operator.send(consort.manager.schedule(consort.ledger, consort.resume, 0))
    kept_back = 0

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        nonlocal kept_back
        if method == "eth_getLogs" and not kept_back:
            some = [log for log in answer["result"] if int(log["blockNumber"], 16) != hidden]
            kept_back += len(some) < len(answer["result"])
            return {**answer, "result": some}
        return answer

    # The first time it is taken for another node than anvil, whose roots count what is empty.
    is_anvil = iter([False])
    monkeypatch.setattr(manager_words, "counts_what_is_empty", lambda _node: next(is_anvil, True))
    with RpcProxy(consort.chain.rpc_url) as proxy:
        proxy.alter = alter
        consort.index(database, proxy.url)
    now, at = consort.powers(database)
    assert now.holds(GUARDIAN, bytes.fromhex(wallets[6].address[2:]), at)
    with database.session() as session:
        said = list(session.scalars(select(Incident.what)))
    assert any("the access manager stores something of which none of them speaks" in what for what in said)

    def never(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": []} if method == "eth_getLogs" else answer

    consort.admin.send(consort.manager.revokeRole(GUARDIAN, wallets[6].address))
    with RpcProxy(consort.chain.rpc_url) as proxy:
        proxy.alter = never
        with pytest.raises(LedgerError, match="missing or altered"):
            consort.index(database, proxy.url)


def test_powers_are_told_in_words_and_audited_to_the_first_change_that_is_not_the_chains(
    consort: Consort, database: Database, pledger: Run
) -> None:
    consort.admin.send(consort.manager.grantRole(VERIFIER, consort.verifier.address, 60))
    consort.admin.send(consort.manager.setGrantDelay(OPERATOR, DAY))
    consort.operator.send(consort.manager.schedule(consort.ledger, consort.resume, 0))
    consort.index(database)
    done = pledger("powers", "--json")
    said = json.loads(done.out)
    roles = {role["name"]: role for role in said["roles"]}
    at = said["block"]["timestamp"]
    [verifier] = roles["VERIFIER"]["holders"]
    assert verifier["delay"] == {
        "seconds": 3_600,
        "becomes": 60,
        "changes_at": verifier["delay"]["changes_at"],
    }
    assert at < verifier["delay"]["changes_at"] <= at + 3_600
    assert roles["OPERATOR"]["grant_delay"]["becomes"] == DAY
    assert roles["OPERATOR"]["guardian"] == "GUARDIAN"
    assert roles["GUARDIAN"]["may"] == [
        "pauses new deposits",
        "cancels what VERIFIER has scheduled",
        "cancels what OPERATOR has scheduled",
        "cancels what RECOVERY has scheduled",
    ]
    [operation] = said["operations"]
    assert operation["what"] == "RevenueLedger.resumeDeposits()"
    assert (operation["state"], operation["due"]) == ("waiting", operation["scheduled_at"] + DAY)
    text = pledger("powers").out
    assert "its orders wait 1 hour, 1 minute from 20" in text
    assert "scheduled: RevenueLedger.resumeDeposits()\n" in text
    assert "    may run from 20" in text

    consort.admin.send(consort.manager.grantRole(OPERATOR, consort.guardian.address, DAY))
    consort.index(database)
    done = pledger("audit", "--json")
    assert (done.code, done.err) == (0, "")
    powers = json.loads(done.out)["powers"]
    assert powers["difference"] is None
    assert powers["proved"].startswith("no other of the ")
    assert "OPERATOR (3): takes deposits again" in text

    last = consort.stored(database)[-1]
    where = f"RoleGranted in block {last[2]}, log 0"
    for values, said in (
        ({"account": bytes(20)}, f"{where}: its column account is not what its log says"),
        ({"block_timestamp": last[5] + 1}, f"{where}: RoleGranted in block {last[2]}: it takes effect at"),
        ({"transaction_hash": bytes(32)}, f"{where}: its transaction is 0x{'00' * 32} here, 0x"),
        (None, f"{where}: the mirror has it otherwise, or not at all"),
    ):
        with database.session() as session, session.begin():
            which = PowerChange.block_number == last[2]
            session.execute(delete(PowerChange).where(which))
            if values is not None:
                names = PowerChange.__table__.columns.keys()
                session.add(PowerChange(**(dict(zip(names, last, strict=True)) | values)))
        done = pledger("audit", "--no-tables")
        assert done.code == 1
        assert done.out.splitlines()[-1].startswith(f"verdict: difference: AccessManager: {said}")
