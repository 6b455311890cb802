"""Promise 3, completeness: whatever is missing from the mirror, or altered in it, the audit names it."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import get, problem
from ledger_world import World
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from api.audit import routes
from ledger.chain.anvil import Anvil
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.tables import AgreementPayee, Book, Checkpoint, Claimed, Entry
from ledger.terms.deployment import Deployment

Index = Callable[[], None]


@pytest.fixture(scope="module")
def business(module_world: World, original: Database) -> World:
    """A little of everything, mirrored: twelve payments and two claims among it."""
    world = module_world
    vendor, agency = world.partner("Vendor", level=1), world.partner("Agency", level=1)
    agreement = world.agreement([vendor, agency], {vendor: 2, agency: 1}, programme=world.programme(vendor))
    deal = world.won_deal(agreement, agency, "acme.example", value=10)
    world.pay(vendor, agreement, 10, deal=deal)
    world.pay_batch(vendor, {agreement: list(range(1, 11))})
    world.claim(agency, agreement)
    world.pay(vendor, agreement, 1_000_000)
    world.claim(vendor, agreement)
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return world


@pytest.fixture
def database(business: World, chain: Anvil, copy: Database) -> Database:
    """Its mirror."""
    return copy


def audit(client: TestClient, **query: Any) -> dict[str, Any]:
    body: dict[str, Any] = get(client, "/v1/audit", **query)
    return body


def change(database: Database, statement: Any) -> None:
    with database.session() as session:
        found: Any = session.execute(statement)
        assert found.rowcount >= 1
        session.commit()


def of(contract: str, deployment: Deployment) -> bytes:
    return bytes.fromhex(deployment.address(contract)[2:])


@pytest.mark.parametrize("full", [False, True])
def test_a_true_mirror_matches_every_contract_and_conserves_every_book(
    business: World, client: TestClient, full: bool
) -> None:
    body = audit(client, full=full)
    assert (body["verdict"], body["first_difference"]) == ("match", None)
    for journal in body["journals"]:
        seq, head = business.contract(journal["contract"]).functions.journal().call()
        assert journal["mirror"] == journal["chain"] == {"seq": seq, "head": "0x" + head.hex()}
        assert journal["recomputed_after"] == 0
    assert body["money"] == {
        "verdict": "match",
        "books": 1,
        "replayed": full,
        "violation": None,
        "unlike": None,
    }
    assert (body["places"] or {}).get("unverified", []) == []
    assert (body["places"] is not None) is full
    if full:
        newest = body["as_of_block"]["number"]
        assert business.deployment.block <= body["places"]["first_block"] < newest
        assert body["places"]["last_block"] == newest
    assert body["last_full"] is None
    powers = body["powers"]
    assert (powers["verdict"], powers["difference"], powers["unproved"]) == ("match", None, None)
    assert (powers["proved"] is not None) is full
    (token,) = body["tokens"]
    assert token["covered"]
    assert token["held"] == token["owed"]


def test_who_may_do_what_is_told_and_shown_as_of_any_block(business: World, client: TestClient) -> None:
    body = get(client, "/v1/powers")
    roles = {role["name"]: role for role in body["roles"]}
    assert list(roles) == ["ADMIN", "VERIFIER", "GUARDIAN", "OPERATOR", "RECOVERY"]
    [holder] = roles["GUARDIAN"]["holders"]
    assert holder["account"] == business.relayer.address
    assert holder["delay"] == {"seconds": 0, "becomes": None, "changes_at": None}
    assert (body["operations"], body["access_manager"]) == ([], business.deployment.address("AccessManager"))
    before = get(client, "/v1/powers", block=business.deployment.block)
    assert [role["name"] for role in before["roles"]] == ["ADMIN"]
    page = client.get("/powers").text
    assert "pauses new deposits" in page
    assert holder["account"] in page
    assert "Nothing is scheduled." in page


@pytest.mark.parametrize("full", [False, True])
def test_an_altered_entry_is_named(
    business: World, database: Database, deployment: Deployment, client: TestClient, full: bool
) -> None:
    altered = (Entry.contract == of("RevenueLedger", deployment)) & (Entry.seq == 5)
    with database.session() as session:
        data = session.query(Entry.data).where(altered).scalar()
        assert data is not None
    change(database, update(Entry).where(altered).values(data=data[:95] + b"\7" + data[96:]))
    body = audit(client, full=full)
    assert body["verdict"] == "difference"
    assert body["first_difference"].startswith("RevenueLedger entry 5: its head is ")


def test_entries_missing_at_the_end_are_named(
    business: World, database: Database, deployment: Deployment, client: TestClient
) -> None:
    seq, _ = business.ledger.functions.journal().call()
    change(
        database,
        delete(Entry).where(Entry.contract == of("RevenueLedger", deployment), Entry.seq > seq - 2),
    )
    body = audit(client)
    assert body["verdict"] == "difference"
    assert body["first_difference"] == (
        f"RevenueLedger entry {seq - 1}: the chain has a PaymentReceived entry here, the mirror has none"
    )


def test_an_entry_missing_in_the_middle_is_named(
    business: World, database: Database, deployment: Deployment, client: TestClient
) -> None:
    change(database, delete(Entry).where(Entry.contract == of("RevenueLedger", deployment), Entry.seq == 4))
    body = audit(client)
    assert body["first_difference"] == "RevenueLedger entry 4: the next entry there is has number 5"


def test_a_chain_that_was_forged_from_some_entry_on_is_found_by_the_contracts_own_slot(
    business: World, database: Database, deployment: Deployment, client: TestClient
) -> None:
    """Every head recomputed by the forger: the mirror is consistent in itself, and still not the chain."""
    from ledger.journal.events import decode
    from ledger.journal.heads import entry_hash, next_head

    contract = of("RevenueLedger", deployment)
    with database.session() as session:
        rows = session.query(Entry).where(Entry.contract == contract).order_by(Entry.seq).all()
        head = rows[2].head
        for row in rows[3:]:
            position = decode("RevenueLedger", row.topics, row.data).position
            data = bytearray(row.data)
            if row is rows[3]:
                data[95] ^= 1
            row.entry_hash = entry_hash("0x" + contract.hex(), row.topics, bytes(data), position)
            head = next_head(head, row.seq, row.entry_hash)
            data[position + 32 : position + 64] = head.ljust(32, b"\0")
            row.data, row.head = bytes(data), head
        session.commit()
    body = audit(client)
    assert body["verdict"] == "difference"
    assert body["first_difference"].startswith("RevenueLedger entry 4: its head is 0x")
    journal = body["journals"][3]
    assert journal["mirror"]["seq"] == journal["chain"]["seq"]
    assert journal["mirror"]["head"] != journal["chain"]["head"]


def test_a_book_that_does_not_add_up_is_named(
    business: World, database: Database, client: TestClient
) -> None:
    change(database, update(Claimed).values(amount=Claimed.amount + 1_000_000))
    body = audit(client)
    assert body["verdict"] == "difference"
    assert body["money"]["violation"].endswith("it earned")
    assert body["money"]["violation"] == body["first_difference"]


@pytest.mark.parametrize(
    "falsified",
    [
        update(Book).values(received=Book.received + 1),
        update(Claimed).values(amount=Claimed.amount - 1),
        update(AgreementPayee).values(weights=[5 * 10**17]),
    ],
)
def test_sums_and_shares_that_are_not_those_of_the_entries_are_named_by_a_full_audit(
    business: World, database: Database, client: TestClient, falsified: Any
) -> None:
    change(database, falsified)
    body = audit(client, full=True)
    assert body["verdict"] == "difference"
    assert "the entries make" in body["first_difference"]


def test_only_the_newest_entries_are_recomputed_unless_all_are_asked_for(
    business: World,
    database: Database,
    deployment: Deployment,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(routes, "NEWEST_ENTRIES", 3)
    seq, _ = business.ledger.functions.journal().call()
    body = audit(client)
    assert body["journals"][3]["recomputed_after"] == seq - 3
    assert body["verdict"] == "match"
    old = (Entry.contract == of("RevenueLedger", deployment)) & (Entry.seq == 2)
    change(database, update(Entry).where(old).values(entry_hash=bytes(32)))
    assert audit(client)["verdict"] == "match"
    assert audit(client, full=True)["first_difference"] == (
        "RevenueLedger entry 2: its contents have another hash than the row says"
    )


def test_a_mirror_of_a_block_that_the_chain_does_not_have_is_stale(
    business: World, database: Database, client: TestClient
) -> None:
    change(database, update(Checkpoint).values(block_hash=b"\7" * 32))
    body = problem(client, "/v1/audit", 503, "mirror-stale")
    assert "does not have block" in body["detail"]


def test_a_falling_token_is_shown_and_harms_nobody_else(
    business: World, index: Index, client: TestClient
) -> None:
    """Promise 6: tokens are anybody's contracts. Its balance falls; every journal and book is as it was."""
    ledger = business.ledger.address
    business.chain.set_balance(ledger, 10**18)
    taken = business.token.encode_abi("transfer", [business.relayer.address, 1])
    business.node.rpc("anvil_impersonateAccount", [ledger])
    business.node.rpc("eth_sendTransaction", [{"from": ledger, "to": business.token.address, "data": taken}])
    business.node.rpc("anvil_stopImpersonatingAccount", [ledger])
    index()
    body = audit(client)
    assert body["verdict"] == "match"
    assert [token["covered"] for token in body["tokens"]] == [False]


def test_what_no_hash_stands_for_is_no_match(business: World, index: Index, client: TestClient) -> None:
    """A transaction that nobody signed, as a local chain alone takes one: its fields do not make its hash."""
    nobody = "0x" + "00" * 18 + "1234"
    business.chain.set_balance(nobody, 10**18)
    call = business.contract("PartnerRegistry").encode_abi("register", [nobody, "Nobody", ""])
    registry = business.deployment.address("PartnerRegistry")
    business.node.rpc("anvil_impersonateAccount", [nobody])
    business.node.rpc("eth_sendTransaction", [{"from": nobody, "to": registry, "data": call}])
    business.node.rpc("anvil_stopImpersonatingAccount", [nobody])
    index()
    body = audit(client, full=True)
    assert (body["verdict"], body["first_difference"]) == ("unverified", None)
    (unverified,) = body["places"]["unverified"]
    assert (unverified["blocks"], unverified["entries"]) == (1, 1)
    assert "do not make its hash" in unverified["why"]
    page = client.get("/audit", params={"full": True}).text
    assert "1 block with 1 entry, from block" in page
    assert "do not make its hash" in page
    assert audit(client)["verdict"] == "match", "nobody asked where entries stand"
