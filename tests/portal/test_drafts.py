"""Drafts: terms that the contract would take, kept from strangers, and signed by nobody but their parties."""

import re
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from fastapi.testclient import TestClient
from forms import form_of
from ledger_world import DAY, Partner, World
from signing_room import Room, open_room

from ledger.chain import contract_wallet
from ledger.chain.anvil import wallet
from ledger.chain.sender import Sender
from ledger.terms.agreement import Payee, Terms, Tranche
from ledger.terms.units import WHOLE

STRANGER = wallet(9)


@pytest.fixture
def pair(world: World) -> tuple[Partner, Partner]:
    return world.partner("Nordwind"), world.partner("Agentur Süd")


@pytest.fixture
def terms(world: World, pair: tuple[Partner, Partner]) -> Terms:
    return world.terms(pair, {pair[0]: 0.8, pair[1]: 0.2})


def draft(client: TestClient, document: Any) -> Any:
    return client.post("/v1/agreements/drafts", json={"terms": document})


def test_the_draft_is_what_the_contract_will_check(client: TestClient, world: World, terms: Terms) -> None:
    room = open_room(client, terms)
    on_chain = world.agreements.functions.agreementId(terms.to_abi()).call()
    assert room.draft["agreement"] == "0x" + on_chain.hex()
    assert room.draft["state"] == "collecting"
    assert room.draft["terms"] == terms.to_json()
    for party in room.draft["parties"]:
        assert party["typed_data"] == form_of("Acceptance")(
            world.deployment,
            party["account"],
            terms,
            nonce=int(party["nonce"]),
            deadline=int(party["deadline"]),
        )
        assert int(party["deadline"]) > world.node.timestamp() + 29 * DAY
    assert any("20 %" in sentence["text"] for sentence in room.draft["summary"]["terms"])


def test_the_same_terms_are_the_same_draft(client: TestClient, terms: Terms) -> None:
    first = draft(client, terms.to_json()).json()
    again = terms.to_json()
    again["parties"], again["payees"] = again["parties"][::-1], again["payees"][::-1]
    assert draft(client, again).json()["id"] == first["id"]
    other = draft(client, terms.to_json() | {"salt": "0x" + "01" * 32}).json()
    assert other["id"] != first["id"]


def test_nobody_reads_a_draft_without_its_link(client: TestClient, terms: Terms) -> None:
    room = open_room(client, terms)
    assert re.fullmatch(r"[\w-]{32}", room.draft["id"])
    for guess in (room.draft["agreement"], room.draft["agreement"][2:], room.draft["id"][:-1] + "_", "1"):
        answer = client.get(f"/v1/agreements/drafts/{guess}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/draft-unknown")
    assert client.get(room.path).headers["cache-control"] == "no-store"


def _payees(*weights: int) -> dict[str, Any]:
    accounts = [wallet(1).address, wallet(2).address, wallet(3).address]
    return {
        "payees": [
            {"account": account, "weights": [str(weight)]}
            for account, weight in zip(accounts, weights, strict=False)
        ]
    }


NO_PARTY = "0x" + "00" * 20
BAD_TERMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no parties": ({"parties": []}, "terms.parties", "1 to 100 parties"),
    "a party twice": ({"parties": [wallet(1).address] * 2}, "terms.parties.1", "twice"),
    "the zero address": ({"parties": [NO_PARTY]}, "terms.parties.0", "zero address"),
    "a mistyped address": (
        {"parties": ["0x70997970c51812dc3A010C7d01b50e0d17dc79C8"]},
        "terms.parties.0",
        "checksum",
    ),
    "no address": ({"parties": ["Nordwind"]}, "terms.parties.0", "not an address"),
    "not a list": ({"parties": wallet(1).address}, "terms.parties", "not a list"),
    "shares that fall short": (_payees(WHOLE // 2, WHOLE // 2 - 1), "terms.payees", "99.9999999999999999 %"),
    "shares beyond the whole": (_payees(WHOLE, 1), "terms.payees", "100.0000000000000001 %"),
    "a negative share": (_payees(-1, WHOLE), "terms.payees.0.weights.0", "not a whole number"),
    "no payees": ({"payees": []}, "terms.payees", "1 to 1,000 payees"),
    "no token": ({"tokens": []}, "terms.tokens", "1 to 16 tokens"),
    "an end in the past": ({"valid_until": 1}, "terms.valid_until", "in the past"),
    "an end before the beginning": (
        {"valid_from": 2_000_000_000, "valid_until": 1_999_999_999},
        "terms.valid_until",
        "before they begin",
    ),
    "an unknown programme": (
        {"programme": wallet(1).address + "ff" * 12},
        "terms.programme",
        "no such programme",
    ),
    "a strange programme": ({"programme": "0x" + "ab" * 32}, "terms.programme", "must be a party"),
    "a field of later versions": ({"list_count": 5}, "terms.list_count", "does not offer listCount"),
    "a hold of part of a day": ({"hold_seconds": 5}, "terms.hold_seconds", "whole days"),
    "a clawback that is none": ({"clawback": 4}, "terms.clawback", "it is 0, 1"),
    "nothing to inherit": ({"clawback": 2}, "terms.clawback", "only an amendment"),
    "an unknown after-life": ({"after_end": 3}, "terms.after_end", "0, 1 or 2"),
    "a predecessor that never was": ({"predecessor": "0x" + "07" * 32}, "terms.predecessor", "could amend"),
    "tranches that do not rise": (
        {
            "tranches": [
                {"up_to": "5", "period_seconds": 0},
                {"up_to": "5", "period_seconds": 0},
                {"up_to": str(2**256 - 1), "period_seconds": 0},
            ],
            "payees": [{"account": wallet(1).address, "weights": [str(WHOLE)] * 3}],
        },
        "terms.tranches",
        "above the one before",
    ),
    "a territory twice": ({"territories": ["0x" + "44" * 32] * 2}, "terms.territories.1", "twice"),
    "a bounded last tranche": (
        {"tranches": [{"up_to": "5", "period_seconds": 0}]},
        "terms.tranches",
        "last one unbounded",
    ),
    "an unknown field": ({"colour": "blue"}, "terms.colour", "not a field of the terms"),
    "a time beyond its type": ({"valid_from": 2**40}, "terms.valid_from", "does not fit 40 bits"),
    "a long URI": ({"uri": "https://x.example/" + "a" * 300}, "terms.uri", "at most 300 bytes"),
    "a link that runs": ({"uri": "javascript:alert(1)"}, "terms.uri", "begins with https://"),
    "a link that shows otherwise": ({"uri": "https://a.example/\u202efdp.exe"}, "terms.uri", "begins with"),
    "a short salt": ({"salt": "0x01"}, "terms.salt", "64 hex digits"),
}


def test_bad_terms_are_refused_by_name(client: TestClient, terms: Terms) -> None:
    for case, (changed, field, why) in BAD_TERMS.items():
        answer = draft(client, terms.to_json() | changed)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, problem["type"]) == (422, "/problems/terms-invalid"), case
        assert (problem["field"], why in problem["detail"]) == (field, True), (case, problem)
        assert problem["next"], case


def test_what_is_no_terms_is_a_problem(client: TestClient) -> None:
    bodies: tuple[Any, ...] = (
        None,
        [],
        {},
        {"terms": None},
        {"terms": []},
        {"terms": {}},
        "terms",
        {"terms": {"parties": {}}},
    )
    for body in bodies:
        answer = client.post("/v1/agreements/drafts", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_programmes_owner_must_be_a_party(
    client: TestClient, world: World, pair: tuple[Partner, Partner]
) -> None:
    programme = world.programme(world.partner("Vendor"))
    answer = draft(client, world.terms(pair, programme=programme).to_json())
    assert "must be a party" in answer.json()["detail"]


def test_a_signature_is_checked_before_it_is_stored(
    client: TestClient, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    room, party = open_room(client, terms), pair[0]

    def refused(answer: Any, status: int, kind: str) -> None:
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
        assert answer.headers["content-type"] == "application/problem+json"

    stranger = Partner("Stranger", STRANGER, Sender(world.node, STRANGER))
    data = room.party(party.account)["typed_data"]
    by_stranger = STRANGER.sign_message(encode_typed_data(full_message=data)).signature
    mine = room.party(party.account)
    answer = room.hand(party.account, mine, bytes(by_stranger))
    refused(answer, 422, "signature-invalid")
    assert answer.json()["recovered"] == STRANGER.address
    refused(room.hand(stranger.account, mine, bytes(by_stranger)), 403, "not-a-party")
    refused(room.sign(party, deadline=world.node.timestamp()), 422, "signature-expired")
    refused(room.sign(party, nonce="1"), 422, "signature-invalid")
    refused(room.sign(party, signature="0x"), 422, "signature-invalid")
    refused(room.sign(party, signature="0x" + "00" * 65), 422, "signature-invalid")
    refused(room.sign(party, signature="0x" + "ff" * 66), 422, "signature-invalid")
    refused(room.sign(party, signature="signed"), 422, "request-invalid")
    refused(room.sign(party, signature="0x" + "00" * 20_000), 422, "request-invalid")
    refused(room.sign(party, nonce="-1"), 422, "request-invalid")
    refused(room.sign(party, deadline=2**256), 422, "request-invalid")
    refused(room.sign(party, account="me"), 422, "address-invalid")
    refused(client.post("/v1/agreements/drafts/none/signatures", json={}), 422, "request-invalid")
    room.party(party.account)
    assert all(each["state"] == "waiting" for each in room.draft["parties"])

    assert room.sign(party).status_code == 201
    refused(room.sign(party), 409, "already-signed")
    refused(client.post(f"{room.path}/activation"), 409, "signatures-missing")
    assert room.party(party.account)["state"] == "signed"


def test_a_contract_wallet_signs_by_erc_1271(client: TestClient, world: World) -> None:
    safes = contract_wallet.install(world.relayer)
    company = contract_wallet.create(world.relayer, safes, wallet(7))
    partner = world.partner("Agentur Süd")
    terms = Terms(
        parties=tuple(sorted([company.address, partner.account], key=str.lower)),
        payees=(Payee(company.address, (WHOLE,)),),
        tranches=(Tranche(),),
        tokens=(world.token.address,),
    )
    room = open_room(client, terms)
    party = room.party(company.address)
    owner_alone = bytes(
        company.owner.sign_message(encode_typed_data(full_message=party["typed_data"])).signature
    )
    assert room.hand(company.address, party, owner_alone).json()["type"] == "/problems/signature-invalid"
    assert room.hand(company.address, party, b"").json()["type"] == "/problems/signature-invalid"
    signed = company.sign(party["typed_data"])
    assert room.hand(company.address, party, signed.signature).status_code == 201
    assert room.sign(partner).status_code == 201
    assert room.wait(lambda now: now["state"] == "active")


def test_a_signature_that_no_longer_counts_is_given_anew(
    client: TestClient, world: World, terms: Terms, pair: tuple[Partner, Partner]
) -> None:
    room, (vendor, agency) = open_room(client, terms), pair
    assert room.sign(vendor).status_code == 201
    nonce = int(room.party(vendor.account)["nonce"])
    vendor.sender.send(world.agreements.functions.cancelNonce(vendor.account, nonce))
    cancelled = room.party(vendor.account)
    assert cancelled["state"] == "cancelled"
    assert int(cancelled["nonce"]) != nonce
    assert room.sign(vendor, nonce=str(nonce)).json()["type"] == "/problems/nonce-spent"
    assert room.sign(vendor).status_code == 201

    world.chain.increase_time(32 * DAY)
    assert room.party(vendor.account)["state"] == "expired"
    assert room.sign(agency).status_code == 201
    assert room.party(vendor.account) and room.draft["state"] == "collecting"
    assert room.sign(vendor).status_code == 201
    assert room.wait(lambda now: now["state"] == "active")


def test_the_links_of_two_drafts_have_nothing_in_common(client: TestClient, world: World, pair: Any) -> None:
    first: Room = open_room(client, world.terms(pair))
    second: Room = open_room(client, world.terms(pair))
    assert first.draft["id"][:8] != second.draft["id"][:8]
    account = pair[0].account
    assert first.party(account)["nonce"] != second.party(account)["nonce"]
