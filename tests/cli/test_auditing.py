"""`pledger audit`: of now and of a past block, for people and for machines."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from header_forks import with_field
from ledger_world import World
from pledger_main import Run, runner
from rpc_proxy import RpcProxy
from sqlalchemy import update
from starlette.testclient import TestClient

from api.app import create_app
from ledger.chain import anvil as local_chain
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import save
from ledger.chain.sender import Sender
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import Agreement, Claim, Deal, Entry


class Business:
    """A payment, a claim, and a later payment; the block of the claim is ``past``."""

    def __init__(self, world: World, database: Database) -> None:
        self.world, self.database = world, database
        vendor, agency = world.partner("Vendor"), world.partner("Agency")
        self.agreement = world.agreement([vendor, agency], {vendor: 3, agency: 1})
        world.pay(vendor, self.agreement, 1_001)
        self.past = world.claim(agency, self.agreement)["blockNumber"]
        world.chain.mine(3)
        self.vendor, self.agency = vendor, agency
        world.pay(vendor, self.agreement, 500)
        self.index()

    def index(self) -> None:
        with indexing(self.database, self.world.node, self.world.deployment, finality="immediate") as indexer:
            indexer.catch_up()


@pytest.fixture
def business(world: World, database: Database) -> Business:
    return Business(world, database)


@pytest.fixture
def pledger(
    business: Business,
    new_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    return _pledger(business, new_database_url, tmp_path, monkeypatch, capsys)


def _pledger(
    business: Business,
    url: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    save(business.world.deployment, home / "deployments" / "31337.json")
    node = business.world.chain.rpc_url
    return runner(monkeypatch, capsys, home, PLEDGER_RPC_URL=node, PLEDGER_DATABASE_URL=url)


def test_a_past_block_is_audited_as_it_was(business: Business, pledger: Run) -> None:
    """At a block that carries no entry too: the mirror keeps none of those."""
    for block in (business.past, business.past + 2):
        done = pledger("audit", "--at-block", str(block), "--json")
        assert done.code == 0, done
        found = json.loads(done.out)
        assert (found["verdict"], found["block"]["number"], found["tables"]) == ("match", block, None)
        (token,) = found["tokens"]
        parts = {name: int(token[name]) for name in ("received", "claimed", "claimable", "carry", "owed")}
        assert parts == {"received": 1_001, "claimed": 250, "claimable": 750, "carry": 1, "owed": 751}
        assert token["held_by_ledger"] == "751"
    assert int(json.loads(pledger("audit", "--json").out)["tokens"][0]["received"]) == 1_501


def test_an_audit_of_a_past_block_names_what_differs_up_to_it_and_nothing_later(
    business: Business, pledger: Run
) -> None:
    with business.database.session() as session:
        session.execute(
            update(Entry).where(Entry.seq == 3, Entry.event == "PaymentReceived").values(head=bytes(24))
        )
        session.commit()
    past = ("audit", "--at-block", str(business.past))
    assert pledger(*past).code == 0
    now = pledger("audit")
    assert (now.code, "RevenueLedger      differs at entry 3" in now.out) == (1, True)
    with business.database.session() as session:
        session.execute(update(Claim).values(amount=Claim.amount + 1))
        session.commit()
    done = pledger(*past)
    assert (done.code, "the mirror's tables say 1001 received, 251 claimed" in done.out) == (1, True)


def test_a_block_that_cannot_be_audited_gives_no_verdict_and_says_why(
    business: Business, pledger: Run
) -> None:
    first = business.world.deployment.block
    newest = business.world.node.w3.eth.block_number
    business.world.chain.mine(2)
    for block, said in (
        (newest + 10, f"has no block {newest + 10}"),
        (newest + 1, f"Block {newest + 1} is not mirrored yet; the newest is {newest}."),
        (first - 1, f"There was no ledger yet in block {first - 1}."),
    ):
        done = pledger("audit", "--at-block", str(block))
        assert (done.code, done.out, said in done.err) == (2, "", True), done
    done = pledger("audit", "--rpc-url", "http://127.0.0.1:9")
    assert (done.code, done.err.startswith("error: No node answers")) == (2, True)


def test_a_node_that_pruned_the_state_is_named_and_nothing_is_pretended(
    database: Database,
    new_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with local_chain.start(options=["--prune-history", "10"]) as chain:
        sender = Sender(chain.node, local_chain.wallet(0))
        world = World(chain, deploy(sender, Consortium.of_one(sender.address), with_test_token=True))
        business = Business(world, database)
        chain.mine(20)
        business.index()
        pledger = _pledger(business, new_database_url, tmp_path, monkeypatch, capsys)
        assert pledger("audit").code == 0
        done = pledger("audit", "--at-block", str(business.past))
    assert (done.code, done.out) == (2, "")
    assert f"does not say what the state of block {business.past} is" in done.err
    assert "archive node" in done.err


@pytest.mark.parametrize(
    ("falsified", "table"),
    [
        (update(Agreement).values(document_hash=b"\7" * 32), "agreement"),
        (update(Deal).values(tag=b"\7" * 32), "deal"),
    ],
)
def test_a_table_that_is_not_what_the_entries_make_is_named(
    business: Business, pledger: Run, falsified: object, table: str
) -> None:
    """No money in it: only made anew from the entries does it show."""
    world, vendor = business.world, business.vendor
    sold = world.agreement([vendor, business.agency], programme=world.programme(vendor))
    world.registered_deal(sold, business.agency, "acme.example")
    business.index()
    true = pledger("audit", "--json")
    assert true.code == 0, true
    digest = json.loads(true.out)["tables"]["digest"]
    assert pledger("digest").out.strip() == digest
    with business.database.session() as session:
        session.execute(falsified)  # type: ignore[call-overload]
        session.commit()
    done = pledger("audit")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith(f"verdict: difference: table {table}, contract 0x")
    assert pledger("audit", "--no-tables").code == 0


def test_a_token_that_falls_short_has_a_code_of_its_own(business: Business, pledger: Run) -> None:
    world = business.world
    ledger = world.ledger.address
    world.chain.set_balance(ledger, 10**18)
    taken = world.token.encode_abi("transfer", [world.relayer.address, 1])
    world.node.rpc("anvil_impersonateAccount", [ledger])
    world.node.rpc("eth_sendTransaction", [{"from": ledger, "to": world.token.address, "data": taken}])
    world.node.rpc("anvil_stopImpersonatingAccount", [ledger])
    business.index()
    done = pledger("audit")
    assert (done.code, "SHORTFALL" in done.out) == (3, True)


def test_where_entries_stand_is_proved_or_said_to_be_unverified(business: Business, pledger: Run) -> None:
    """A chain whose headers nobody can hash is not a match, and has a code of its own."""
    done = pledger("audit", "--json")
    found = json.loads(done.out)
    assert (done.code, found["verdict"], found["places"]["unverified"]) == (0, "match", [])
    entries = sum(each["seq"] for each in found["journals"])
    assert found["places"]["entries"] == entries
    kept = {
        "block_number": found["block"]["number"],
        "block_hash": found["block"]["hash"],
        "verdict": "match",
        "first_difference": None,
        "entries": entries,
        "unverified_entries": 0,
    }
    assert last_full(business) == kept
    assert json.loads(pledger("audit", "--places", "0", "--json").out)["places"] is None
    assert json.loads(pledger("audit", "--last", "1", "--json").out)["places"]["blocks"] == 1
    with RpcProxy(business.world.chain.rpc_url) as proxy:
        proxy.alter = lambda _, __, answer: (
            answer | {"result": with_field(answer["result"])}
            if isinstance(answer.get("result"), dict) and "gasUsed" in answer["result"]
            else answer
        )
        for options in (("--last", "1"), ("--at-block", str(business.past))):
            assert pledger("audit", "--rpc-url", proxy.url, *options).code == 4
        assert last_full(business) == kept, "an audit of a part takes no full one's place"
        done = pledger("audit", "--rpc-url", proxy.url)
    assert done.code == 4, done
    assert last_full(business) == kept | {"verdict": "unverified", "unverified_entries": entries}
    assert "a field that this program does not know: parentProposerPubkey" in done.out
    assert done.out.splitlines()[-1].startswith("verdict: unverified, and no difference, as of block ")


def last_full(business: Business) -> Any:
    """What the API says of the last full audit, but for the moment."""
    settings = Settings(_env_file=None, rpc_url=business.world.chain.rpc_url, finality="immediate")
    with TestClient(create_app(settings, business.database)) as client:
        found = client.get("/v1/audit").json()["last_full"]
    assert abs(found.pop("made_at") - time.time()) < 600
    return found


def test_a_transaction_that_is_not_the_entrys_own_is_named(business: Business, pledger: Run) -> None:
    with business.database.session() as session:
        session.execute(update(Entry).where(Entry.event == "Claimed").values(transaction_hash=b"\7" * 32))
        session.commit()
    done = pledger("audit")
    assert done.code == 1
    assert "verdict: difference: RevenueLedger entry 2: its transaction is 0x0707" in done.out
