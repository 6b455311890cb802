"""A draft that all have signed comes into force once, whatever crashes, fails or is asked twice."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from ledger_world import Partner, World
from pydantic import SecretStr
from signed_in import Visitor
from signing_room import Room, open_room

from api.app import create_app
from ledger.chain.anvil import wallet
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.agreement import Terms

POOR = wallet(40)


@pytest.fixture
def pair(world: World) -> tuple[Partner, Partner]:
    return world.partner("Nordwind"), world.partner("Agentur Süd")


@pytest.fixture
def terms(world: World, pair: tuple[Partner, Partner]) -> Terms:
    return world.terms(pair)


@contextmanager
def serving(settings: Settings, database: Database, key: str | None) -> Iterator[TestClient]:
    """A server with this relayer's key, or with none."""
    changed = settings.model_copy(update={"relayer_key": None if key is None else SecretStr(key)})
    with Visitor(create_app(changed, database)) as client:
        yield client


def activations(world: World, room: Room) -> int:
    event = world.agreements.events.AgreementActivated
    agreement = bytes.fromhex(room.draft["agreement"][2:])
    return len(event.get_logs(from_block=0, argument_filters={"agreement": agreement}))


def is_active(draft: dict[str, str]) -> bool:
    return draft["state"] == "active"


def test_the_last_signature_puts_it_in_force(
    client: TestClient, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    room = open_room(client, terms)
    assert room.sign(pair[0]).json()["state"] == "collecting"
    assert room.sign(pair[1]).json()["state"] in ("ready", "active")
    draft = room.wait(is_active)
    receipt = world.node.rpc("eth_getTransactionReceipt", [draft["activation"]["transaction_hash"]])
    assert receipt["to"].lower() == world.agreements.address.lower()
    assert world.agreements.functions.isActive(bytes.fromhex(draft["agreement"][2:])).call()

    assert room.sign(pair[0]).json()["type"] == "/problems/already-active"
    assert client.post(f"{room.path}/activation").status_code == 202
    assert open_room(client, terms).draft["state"] == "active"
    assert activations(world, room) == 1


def test_a_crash_before_the_activation_loses_nothing(
    settings: Settings, database: Database, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    with serving(settings, database, None) as client:
        room = open_room(client, terms)
        for partner in pair:
            assert room.sign(partner).status_code == 201
        assert room.draft["activation"]["automatic"] is False
        answer = client.post(f"{room.path}/activation")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-relayer")
    with serving(settings, database, "0x" + wallet(0).key.hex()) as client:
        room.client = client
        room.wait(is_active)
    assert activations(world, room) == 1


def test_an_activation_by_somebody_else_is_seen(
    settings: Settings, database: Database, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    """Whether an agreement is in force is the chain's to say, not the database's."""
    with serving(settings, database, None) as client:
        room = open_room(client, terms)
        receipt = world.activate(terms, pair)
        draft = room.wait(is_active)
        assert draft["activation"]["transaction_hash"] == receipt["transactionHash"].to_0x_hex()
        assert room.sign(pair[0]).json()["type"] == "/problems/already-active"


def test_a_failure_is_shown_with_its_reason_and_can_be_tried_again(
    settings: Settings, database: Database, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    with serving(settings, database, "0x" + POOR.key.hex()) as client:
        room = open_room(client, terms)
        for partner in pair:
            room.sign(partner)
        draft = room.wait(lambda draft: draft["activation"]["failure"] is not None)
        assert draft["state"] == "ready"
        assert POOR.address in draft["activation"]["failure"]
        assert draft["activation"]["next"]
        assert "All have signed, but" in client.get(f"/drafts/{draft['id']}").text
        world.chain.set_balance(POOR.address, 10**18)
        assert client.post(f"{room.path}/activation").status_code == 202
        assert room.wait(is_active)["activation"]["failure"] is None


def test_an_acceptance_by_transaction_counts(
    client: TestClient, database: Database, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    room, (vendor, agency) = open_room(client, terms), pair
    vendor.sender.send(world.agreements.functions.accept(vendor.account, terms.to_abi(), 2**40 - 1))
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    assert room.party(vendor.account)["state"] == "accepted"
    assert room.sign(vendor).json()["type"] == "/problems/already-signed"
    assert room.sign(agency).status_code == 201
    room.wait(is_active)


def test_drafts_signed_at_once_all_come_into_force(
    client: TestClient, world: World, pair: tuple[Partner, Partner]
) -> None:
    rooms = [open_room(client, world.terms(pair)) for _ in range(4)]
    for room in rooms:
        for partner in pair:
            assert room.sign(partner).status_code == 201
    for room in rooms:
        room.wait(is_active)
        assert activations(world, room) == 1
