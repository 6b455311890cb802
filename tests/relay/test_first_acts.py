"""The first act of an account of a passkey puts it on the chain; nothing else is sent in its shadow."""

from collections.abc import Callable
from typing import Any

import pytest
from asking import PLENTY
from asking import company as plain_company
from authenticator import Company, Passkey
from ledger_world import World
from signed_in import Visitor, challenge
from test_submitting import lane, refused, submit

from ledger.actions import Call
from ledger.chain.sender import calldata
from ledger.people.access import Right
from ledger.people.acting import Place
from ledger.people.identity import Identity
from ledger.relay.accepting import Asked, NotRelayed, accept
from ledger.relay.lane import Lane
from ledger.signing import passkeys
from ledger.signing.counterfactual import Wrapped, wrapped
from ledger.signing.passkeys import KeyPair
from ledger.store.database import Database
from ledger.terms.contracts import ACCOUNTS

__all__ = ["lane"]


def prepared(company: Company, **fields: Any) -> dict[str, Any]:
    """The body that submits its registration."""
    asked = {"account": company.account, **fields}
    form = company.client.post("/v1/actions/register", json={"fields": asked}).json()
    message = form["typed_data"]["message"]
    own = {name: message[name] for name in ("nonce", "deadline")}
    return {
        "fields": asked,
        "authorization": own | {"signature": company.sign(typed_data=form["typed_data"])},
    }


def test_the_first_act_creates_the_account_and_the_next_does_not(
    client: Visitor, world: World, lane: Lane, index: Callable[[], None]
) -> None:
    index()
    company = Company(client, 21)
    assert company.sign_in().status_code == 201
    wrong = prepared(company, name="Fingerprint GmbH")
    wrong["fields"] = wrong["fields"] | {"name": "Other"}
    told = refused(submit(client, "register", wrong), 422, "action-refused")
    assert "did not sign these values" in told["detail"]
    other = Company(client, 31)
    assert company.sign_in().status_code == 201
    theirs = prepared(other, name="Other GmbH")
    refused(submit(client, "register", theirs), 403, "not-allowed")

    body = prepared(company, name="Fingerprint GmbH")
    said = client.post("/v1/actions/register", json=body).json()
    assert said["refusals"] == [] and said["transaction"]["function"] == "createAndCall"
    taken = submit(client, "register", body)
    assert taken.status_code == 202, taken.text
    while client.get(f"/v1/relays/{taken.json()['id']}").json()["state"] != "mined":
        lane.step()
    account: Any = company.account
    assert world.node.has_code(account)
    index()
    [entry] = client.get(f"/v1/relays/{taken.json()['id']}").json()["entries"]
    assert (entry["contract"], entry["event"]) == (world.partners.address, "PartnerRegistered")
    # one that was signed before it was there, and handed in after
    again = client.post("/v1/actions/register", json=body).json()
    assert again["transaction"]["function"] == "registerWithAuthorization"
    assert challenge(client, account)


def test_in_the_shadow_of_a_creation_nothing_else_is_sent(world: World, database: Database) -> None:
    factory = world.deployment.address(ACCOUNTS)
    keys = KeyPair(Passkey(41).public, Passkey(42).public)
    mint = bytes.fromhex(calldata(world.token.functions.mint(factory, 5))[2:])
    good = plain_company()
    pause = bytes.fromhex(calldata(world.ledger.functions.pauseDeposits())[2:])
    within = passkeys.first_act([keys], world.ledger.address, pause)
    calls = {
        "another contract": passkeys.first_act([keys], world.token.address, mint),
        "a call that takes a role": within,
        "a creation in a creation": passkeys.first_act([keys], factory, within),
        "a creation alone": passkeys.creation(keys),
        "noise": within[:40],
        "nothing": b"",
    }
    place = Place(world.deployment.chain_id, bytes.fromhex(world.partners.address[2:]))
    raw = bytes.fromhex(good.key.address[2:])
    who = Identity(place, raw, raw, None, frozenset(Right))
    with database.session() as session:
        for name, data in calls.items():
            for contract in (ACCOUNTS, "RevenueLedger"):
                call = Call(contract, "createAndCall", factory, "0x" + data.hex())
                asked = Asked("first-time", bytes(32), "register", name, call, 200_000)
                with pytest.raises(NotRelayed):
                    accept(session, world.deployment, who, asked, PLENTY, 1_796_040_000)


def test_only_this_ledgers_factory_creates_before_an_act(
    client: Visitor, world: World, index: Callable[[], None]
) -> None:
    """Whoever names another has it refused in words, and nothing is called."""
    index()
    company = Company(client, 51)
    assert company.sign_in().status_code == 201
    body = prepared(company, name="Fingerprint GmbH")
    for factory, creation in (
        (world.token.address, passkeys.creation(company.keys)),
        (world.deployment.address(ACCOUNTS), passkeys.creation(company.keys) + b"\0"),
        (world.deployment.address(ACCOUNTS), b""),
    ):
        made = wrapped(Wrapped(bytes.fromhex(factory[2:]), creation, b"\x01" * 65))
        body["authorization"]["signature"] = "0x" + made.hex()
        refused(submit(client, "register", body), 422, "action-refused")
