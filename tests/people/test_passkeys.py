"""Whoever has a fingerprint and no wallet: its account signs, and what is not its own is refused in words."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from authenticator import Company, Passkey, body
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World
from signed_in import Visitor, challenge

from ledger.chain.signatures import counts_once_deployed, taken
from ledger.signing import assertions, passkeys
from ledger.signing.assertions import Assertion, AssertionInvalid, from_base64url
from ledger.signing.counterfactual import opened
from ledger.signing.passkeys import KeyPair, PasskeyInvalid, PublicKey

CREDENTIAL = "h8JQ3n1fR2mS0dT7uVwXyZ"


def refused(answer: Any, status: int, kind: str, words: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"/problems/{kind}"), body
    assert words in body["detail"] and "Traceback" not in answer.text, body


@pytest.fixture
def company(client: Visitor, world: World) -> Company:
    return Company(client, 7)


def create(world: World, keys: KeyPair) -> None:
    data = "0x" + passkeys.creation(keys).hex()
    world.relayer.transact(world.deployment.address("AccountFactory"), data)


def test_the_address_and_the_signature_are_those_of_the_contracts(world: World, company: Company) -> None:
    factory = world.node.contract(world.deployment, "AccountFactory")
    assert factory.functions.addressOf(company.keys.to_abi()).call() == company.account
    digest = secrets.token_bytes(32)
    contract = world.partners.address
    asked = passkeys.challenge(world.deployment.chain_id, company.account, digest)  # type: ignore[arg-type]
    # half of all signatures have a high s, and browsers add to what they say
    made = [company.passkey.answer(asked, more={"no": str(number)}) for number in range(8)]
    signatures = [assertions.encoded(each) for each in made]
    before = passkeys.before_it_is_there(factory.address, company.keys, signatures[0])
    account: Any = company.account
    assert taken(world.node, account, digest, before, contract) is None
    assert counts_once_deployed(world.node, account, digest, before)
    create(world, company.keys)
    for signature in signatures:
        assert taken(world.node, account, digest, signature, contract) == signature
        assert taken(world.node, account, secrets.token_bytes(32), signature, contract) is None
    assert taken(world.node, account, digest, before, contract) == signatures[0]
    bare = assertions.encoded(company.passkey.answer(digest))
    assert taken(world.node, account, digest, bare, contract) is None, "the digest alone binds no account"


def test_a_company_joins_and_signs_in_before_and_after_its_account_is_there(
    client: Visitor, world: World, company: Company, another: Callable[[], Visitor]
) -> None:
    assert company.sign_in().status_code == 201
    session = client.get("/v1/session").json()
    assert (session["account"], session["address"], session["role"]) == (company.account,) * 2 + ("owner",)
    place = f"/v1/passkeys/{CREDENTIAL}"
    refused(client.get(place), 404, "passkey-unknown", "Nobody signed in here with this passkey")
    kept = client.put(place, json=body(company.keys))
    assert kept.status_code == 200 and kept.json() == client.put(place, json=body(company.keys)).json()
    stranger = another()
    found = stranger.get(place).json()
    assert (found["account"], found["created"], found["keys"]) == (company.account, False, body(company.keys))
    refused(stranger.put(place, json=body(company.keys)), 401, "sign-in-needed", "not everybody's")
    other = Company(stranger, 99)
    assert other.sign_in().status_code == 201
    refused(stranger.put(place, json=body(other.keys)), 403, "not-allowed", "another account's")
    refused(stranger.put(place, json=body(company.keys)), 403, "not-allowed", "You did not sign in with")
    create(world, company.keys)
    assert company.sign_in().status_code == 201
    assert client.get(place).json()["created"]


def test_what_is_signed_elsewhere_by_others_or_over_something_else_is_refused(
    client: Visitor, world: World, company: Company, another: Callable[[], Visitor]
) -> None:
    message = challenge(client, company.account)
    text = company.challenge(message=message).json()["challenge"]
    asked = from_base64url(text)

    def refuses(words: str, made: Assertion, **other: Any) -> None:
        refused(company.signature_of(text, made, **other), 422, "passkey-refused", words)

    key = company.passkey
    refuses("on the pages of 'https://evil.example'", key.answer(asked, origin="https://evil.example"))
    refuses("on the pages of", key.answer(asked, more={"crossOrigin": True}))
    refuses("another site's", key.answer(asked, site="evil.example"))
    refuses("did not check who holds it", key.answer(asked, flags=0x01))
    refuses("did not check who holds it", key.answer(asked, flags=0x04))
    refuses("webauthn.create", key.answer(asked, kind="webauthn.create"))
    refuses("something else", key.answer(secrets.token_bytes(32)))  # replayed: made for another question
    good = key.answer(asked)
    for client_data in (b"", b"\xff", b"[]", b"{" * 3_000, b'{"type": "webauthn.get"}'):
        refuses("", Assertion(good.authenticator_data, client_data or b"0", good.signature))
    for signature in (b"0", b"\x30\x06\x02\x01\x00\x02\x01\x00", good.signature[:-1], good.signature + b"\0"):
        refuses("in DER", Assertion(good.authenticator_data, good.client_data, signature))
    refuses("another site's", Assertion(good.authenticator_data[:36], good.client_data, good.signature))
    refuses("not the keys that it is made of", good, keys=None)
    refuses("not the keys", good, keys=body(KeyPair(Passkey(3).public, Passkey(4).public)))
    too_long = company.signature_of(text, good, client_data="A" * 5_000)
    refused(too_long, 422, "request-invalid", "")
    huge = client.post("/v1/passkeys/signature", json={"account": "0x" + "0" * 700_000})
    refused(huge, 413, "body-too-large", "")

    def signs_in(signature: str, words: str) -> None:
        answer = client.post("/v1/sign-in", json={"message": message, "signature": signature})
        refused(answer, 422, "sign-in-refused", words)

    factory = world.deployment.address("AccountFactory")

    def wrapped(made: Assertion, keys: KeyPair = company.keys) -> str:
        return "0x" + passkeys.before_it_is_there(factory, keys, assertions.encoded(made)).hex()

    other = Company(another(), 50)
    signs_in(wrapped(Passkey(5).answer(asked)), "not one of")
    signs_in(wrapped(other.passkey.answer(asked), other.keys), "not one of")
    signs_in(wrapped(key.answer(secrets.token_bytes(32))), "not one of")
    signs_in(wrapped(key.answer(asked, origin="https://evil.example")), "https://evil.example")
    signs_in(other.sign(message=message), "not one of")
    signs_in("0x" + assertions.encoded(good).hex(), "not one of")
    asked_in = {"message": message, "signature": wrapped(good)}
    assert client.post("/v1/sign-in", json=asked_in).status_code == 201
    signs_in(asked_in["signature"], "each is good for once")


def test_keys_and_questions_that_are_none_are_told(client: Visitor, company: Company) -> None:
    mine = body(company.keys)
    refused(company.challenge(typed_data={}), 401, "sign-in-needed", "whoever has signed in")
    assert company.sign_in().status_code == 201
    odd = "A" * 17  # no bytes are written so
    refused(client.get(f"/v1/passkeys/{odd}"), 404, "passkey-unknown", "The id of no passkey")
    refused(client.put(f"/v1/passkeys/{odd}", json=mine), 404, "passkey-unknown", "The id of no passkey")
    for keys, words in (
        (mine | {"passkey": {"x": "0x" + "01" * 32, "y": "0x" + "01" * 32}}, "not a point"),
        (mine | {"recovery": {"x": "0x" + "ff" * 32, "y": "0x" + "00" * 32}}, "not a point"),
        (mine | {"recovery": mine["passkey"]}, "are one key"),
    ):
        refused(client.post("/v1/passkeys/account", json=keys), 422, "passkey-refused", words)
    short = mine | {"passkey": {"x": "0x01", "y": "0x02"}}
    refused(client.post("/v1/passkeys/account", json=short), 422, "id-invalid", "")
    loop = {"EIP712Domain": [], "A": [{"name": "a", "type": "A"}]}
    own = {"verifyingContract": client.app.state.registry.get(5).address}  # type: ignore[attr-defined]
    for asked, words in (
        ({}, "one of the two"),
        ({"message": "x", "typed_data": {}}, "one of the two"),
        ({"typed_data": {}}, "not this ledger's"),
        ({"typed_data": {"domain": {"verifyingContract": "0x" + "11" * 20}}}, "not this ledger's"),
        ({"typed_data": {"domain": own}}, "not as EIP-712 has it"),
        ({"typed_data": {"domain": own, "message": {"a": [0] * 20_001}}}, "more than 20,000 values"),
        ({"typed_data": {"domain": own, "types": loop, "primaryType": "A", "message": {"a": {}}}}, "EIP-712"),
    ):
        refused(company.challenge(**asked), 422, "passkey-refused", words)


@given(st.binary(max_size=400))
def test_noise_is_told_and_never_a_fault(noise: bytes) -> None:
    for made in (Assertion(noise, noise, noise), Assertion(b"\0" * 40, noise, noise)):
        with pytest.raises(AssertionInvalid):
            assertions.require_good(made, b"", "https://ledger.example")
            assertions.encoded(made)
    assert assertions.decoded(noise) is None
    assert opened(noise) is None and passkeys.act_within(noise) is None
    with pytest.raises(PasskeyInvalid):
        passkeys.require_usable(KeyPair(PublicKey(noise[:32], noise[32:64]), Passkey(3).public))
