"""Signing in: with the wallets there are, for this server, chain and moment; and what ends a session."""

import subprocess
import time
from collections.abc import Callable
from typing import Any

from eth_abi.abi import encode
from forms import form_of
from ledger_world import Partner, World
from signed_in import DESK, Visitor, challenge, sign_in, signed
from sqlalchemy import text, update

from api.app import create_app
from api.http.flood import SIGN_IN
from ledger.chain import contract_wallet
from ledger.chain.anvil import wallet
from ledger.chain.authorization import sign
from ledger.checkout import ROOT
from ledger.people import message, nonces, sessions
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import SignIn

Another = Callable[[], Visitor]
CAST = ROOT / "node_modules" / ".bin" / "cast"
MARK = bytes.fromhex("6492" * 16)


def hand_in(client: Any, text: str, signature: str, **more: Any) -> Any:
    return client.post("/v1/sign-in", json={"message": text, "signature": signature} | more)


def refused(answer: Any, why: str, field: str = "message", status: int = 422) -> None:
    assert answer.status_code == status, answer.text
    assert (answer.json()["type"], answer.json()["field"]) == ("/problems/sign-in-refused", field)
    assert why in answer.json()["detail"], answer.json()
    assert "set-cookie" not in answer.headers


def rotate(world: World, partner: Partner) -> Partner:
    """Another wallet takes the place of a partner's."""
    new = world.stranger("New wallet")
    data = form_of("AcceptWallet")(
        world.deployment, partner.account, new.key.address, nonce=5, deadline=world.deadline()
    )
    consent = sign(data, new.key).to_abi()
    partner.sender.send(world.partners.functions.rotate(partner.account, new.key.address, consent))
    return new


def test_a_plain_wallet_signs_in_and_out(client: Visitor, world: World, index: Callable[[], None]) -> None:
    partner = world.partner("Nordwind GmbH")
    index()
    assert client.get("/v1/session").json()["type"] == "/problems/sign-in-needed"
    answer = sign_in(client, partner.key)
    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["account"], body["name"], body["role"]) == (partner.account, "Nordwind GmbH", "owner")
    assert body["accounts"] == [{"account": partner.account, "name": "Nordwind GmbH", "role": "owner"}]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "secure" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert client.get("/v1/session").json() == body
    assert client.delete("/v1/session").status_code == 204
    assert client.get("/v1/session").status_code == 401


def test_other_programs_sign_what_they_are_given(client: Visitor, world: World) -> None:
    """Foundry's cast, and the node as a wallet."""
    key = wallet(3)
    text = challenge(client, key.address)
    made = subprocess.run(
        [str(CAST), "wallet", "sign", "--private-key", "0x" + key.key.hex(), text],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert hand_in(client, text, made.stdout.strip()).status_code == 201
    text = challenge(client, key.address.lower())
    by_node = world.node.rpc("personal_sign", ["0x" + text.encode().hex(), key.address])
    assert hand_in(client, text, by_node).status_code == 201


def test_contract_wallets_sign_in_before_and_after_they_are_on_the_chain(
    client: Visitor, world: World
) -> None:
    safes = contract_wallet.install(world.relayer)
    sent: list[str] = []

    class Watched(type(world.relayer)):  # type: ignore[misc]  # a Sender that notes what it sends
        def transact(self, to: Any, data: str, **more: Any) -> Any:
            sent.append(data)
            return super().transact(to, data, **more)

    snapshot = world.chain.snapshot()
    company = contract_wallet.create(Watched(world.node, world.relayer.key), safes, wallet(7), salt=2)
    world.chain.revert(snapshot)
    assert not world.node.has_code(company.address)
    text = challenge(client, company.address)
    inner = company.sign_digest(message.digest(text))

    def wrapped(signature: bytes) -> str:
        creation = bytes.fromhex(sent[0].removeprefix("0x"))
        return (
            "0x" + (encode(["address", "bytes", "bytes"], [safes.factory, creation, signature]) + MARK).hex()
        )

    refused(hand_in(client, text, "0x" + inner.hex()), "not one of", "signature")
    refused(hand_in(client, text, wrapped(inner[:-2] + b"\x01\x1b")), "not one of", "signature")
    assert hand_in(client, text, wrapped(inner)).status_code == 201
    world.relayer.transact(safes.factory, sent[0])
    for form in (lambda own: "0x" + own.hex(), wrapped):
        text = challenge(client, company.address)
        own = company.sign_digest(message.digest(text))
        assert hand_in(client, text, form(own)).json()["address"] == company.address
    text = challenge(client, company.address)
    refused(hand_in(client, text, signed(wallet(7), text)), "not one of", "signature")


def test_a_message_is_for_this_server_chain_and_moment_and_good_for_once(
    client: Visitor, another: Another, world: World, database: Database
) -> None:
    key, now = DESK, int(time.time())
    text = challenge(client, key.address)
    with database.session() as session:
        secret = nonces.secret(session)

    def made(origin: str = "http://127.0.0.1", chain: int = 31337, **changed: Any) -> str:
        fields: dict[str, Any] = {"nonce": nonces.new(secret, now), "issued_at": now}
        fields |= {"expires_at": now + 60} | changed
        return message.compose(origin, key.address, chain_id=chain, **fields)

    for changed, why in (
        (made("http://evil.example"), "expected 127.0.0.1"),
        (made("http://127.0.0.1:8001"), "expected 127.0.0.1"),
        ("https://" + made(), "expected 127.0.0.1"),
        (made().replace("URI: http://127.0.0.1", "URI: http://127.0.0.1.evil.example"), "URI is"),
        (made().replace("URI: http://127.0.0.1", "URI: https://127.0.0.1"), "URI is"),
        (made(chain=1), "for chain 1, expected 31337"),
        (made(nonce=nonces.new(b"another" * 5, now)), "not given by this server"),
        (made(nonce="12345678"), "not given by this server"),
        (made(nonce=nonces.new(secret, now - 600)), "too old"),
        (made(issued_at=now + 3_600, expires_at=now + 9_000), "in the future"),
        (made(expires_at=now - 1), "has expired"),
        (made() + "\nNot Before: 2999-01-01T00:00:00Z", "not good yet"),
        ("hello", "form of EIP-4361"),
    ):
        refused(hand_in(client, changed, signed(key, changed)), why)
    stranger = signed(wallet(8), text)
    refused(hand_in(client, text, stranger), f"one of {wallet(8).address}", "signature")
    refused(hand_in(client, text, signed(key, text + " ")), "not one of", "signature")
    for nothing in ("0x", "0x" + "00" * 65, "0x" + "ff" * 64):
        refused(hand_in(client, text, nothing), "not one of", "signature")
    assert hand_in(client, text, "0xzz").json()["type"] == "/problems/request-invalid"
    assert hand_in(client, text, signed(key, text)).status_code == 201, "what was refused used nothing up"
    refused(hand_in(another(), text, signed(key, text)), "good for once")
    refused(hand_in(client, text, signed(key, text)), "good for once")
    assert client.get("/v1/session").status_code == 200, "a replay ends nobody's session"


def test_a_session_is_new_each_time_and_no_other_site_can_use_it(
    client: Visitor, another: Another, database: Database
) -> None:
    foisted = another()
    foisted.headers["Cookie"] = "pledger_session=chosen-by-somebody-else"
    answer = sign_in(foisted, DESK)
    assert answer.status_code == 201
    assert answer.cookies["pledger_session"] != "chosen-by-somebody-else"
    assert sign_in(client, DESK).status_code == 201
    first = client.cookies["pledger_session"]
    assert sign_in(client, DESK).status_code == 201
    late = another()
    late.cookies.set("pledger_session", first)
    assert late.get("/v1/session").status_code == 401, "signing in ends the session that was there"

    for other in ("http://evil.example", "null", "http://127.0.0.1:81", "https://127.0.0.1"):
        answer = client.delete("/v1/session", headers={"Origin": other})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/origin-refused"), other
        begun = another().post(
            "/v1/sign-in/challenge", json={"address": DESK.address}, headers={"Origin": other}
        )
        assert begun.json()["type"] == "/problems/origin-refused"
    del client.headers["Origin"]
    assert client.delete("/v1/session").status_code == 403, "a browser always says where a write comes from"
    assert client.get("/v1/session").status_code == 200
    with database.session() as session:
        session.execute(update(SignIn).values(expires_at=int(time.time())))
        session.commit()
    assert client.get("/v1/session").json()["detail"] == "The session is over."
    with database.session() as session:
        held = session.execute(text("SELECT encode(token_hash, 'hex') FROM app.sign_in")).scalars().all()
    assert not any(first.encode().hex() in each for each in held), "no token is kept"


def test_signing_out_everywhere_ends_every_session_and_there_are_never_many(
    client: Visitor, another: Another, database: Database
) -> None:
    browsers = [another() for _ in range(3)]
    for each in (*browsers, client):
        assert sign_in(each, DESK).status_code == 201
    assert client.delete("/v1/session?everywhere=true").status_code == 204
    assert [each.get("/v1/session").status_code for each in browsers] == [401] * 3
    for _ in range(sessions.MOST + 2):
        assert sign_in(another(), DESK).status_code == 201
    with database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM app.sign_in")) == sessions.MOST


def test_a_server_is_bound_to_the_address_its_operator_named(settings: Settings, database: Database) -> None:
    named = settings.model_copy(update={"public_url": "https://Ledger.example/"})
    with Visitor(create_app(named, database), None) as client:
        client.headers["Origin"] = "https://ledger.example"
        text = challenge(client, DESK.address)
        assert text.startswith("ledger.example wants you") and "URI: https://ledger.example\n" in text
        answer = hand_in(client, text, signed(DESK, text))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-pledger_session=") and "Secure" in cookie and "HttpOnly" in cookie
        assert "Path=/" in cookie and "Domain" not in cookie
    with Visitor(create_app(settings, database), None) as client:
        for host in ("ledger.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", ""):
            said = {"Host": host, "Origin": f"http://{host}"}
            answer = client.post("/v1/sign-in/challenge", json={"address": DESK.address}, headers=said)
            assert answer.json()["type"] == "/problems/origin-refused", host
        del client.headers["Origin"]
        answer = client.post(
            "/v1/sign-in/challenge", json={"address": DESK.address}, headers={"Host": "ledger.example"}
        )
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/sign-in-not-set-up")
        elsewhere = Visitor(client.app, None)  # type: ignore[arg-type]
        elsewhere._transport.client = ("192.0.2.7", 1)  # type: ignore[attr-defined]
        del elsewhere.headers["Origin"]
        answer = elsewhere.post("/v1/sign-in/challenge", json={"address": DESK.address})
        assert answer.json()["type"] == "/problems/sign-in-not-set-up", "it says localhost from elsewhere"


def test_a_rotated_wallet_has_no_session_any_more_and_begins_none(
    client: Visitor, another: Another, world: World, index: Callable[[], None]
) -> None:
    partner, helper = world.partner("Nordwind GmbH"), world.stranger("Helper")
    index()
    assert sign_in(client, partner.key).status_code == 201
    assert client.put(f"/v1/members/{helper.key.address}", json={"role": "owner"}).status_code == 200
    inside = another()
    assert sign_in(inside, helper.key).json()["account"] == partner.account
    made = client.post("/v1/keys", json={"name": "CRM", "scopes": ["drafts:read"]}).json()["key"]
    machine = {"Authorization": f"Bearer {made}"}
    assert another().get("/v1/session", headers=machine).status_code == 200

    new = rotate(world, partner)
    refused(sign_in(another(), partner.key), "does not act for an account any more")  # before it is mirrored
    index()
    assert client.get("/v1/session").status_code == 401
    assert client.get("/v1/members").status_code == 401
    assert another().get("/v1/session", headers=machine).json()["type"] == "/problems/key-invalid"
    assert inside.get("/v1/session").status_code == 401, "whom the old wallet let in, the new one confirms"
    refused(sign_in(another(), partner.key), f"its wallet is {new.key.address}")

    fresh = another()
    body = sign_in(fresh, new.key).json()
    assert (body["account"], body["role"]) == (partner.account, "owner")
    [listed] = fresh.get("/v1/members").json()["members"]
    assert (listed["address"], listed["counts"]) == (helper.key.address, False)
    assert fresh.put(f"/v1/members/{helper.key.address}", json={"role": "read"}).json()["members"][0][
        "counts"
    ]
    assert sign_in(another(), helper.key).json()["role"] == "read"
    lost = fresh.put(f"/v1/members/{partner.key.address}", json={"role": "read"}).json()
    assert lost["type"] == "/problems/member-refused"


def test_a_flood_of_sign_ins_is_limited_by_address(settings: Settings, database: Database) -> None:
    limited = settings.model_copy(update={"sign_ins_per_hour": 6})
    with Visitor(create_app(limited, database), None) as client:
        answers = [client.post(f"{SIGN_IN}/challenge", json={"address": DESK.address}) for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert answers[-1].json()["type"] == "/problems/too-many-requests"
