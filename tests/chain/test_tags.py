"""Customers' tags: the published vectors, and what must not make a difference."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World

from ledger.chain import tags
from ledger.chain.tags import IdentifierInvalid
from ledger.terms.ids import AgreementId

VECTORS = json.loads(Path(tags.__file__).with_name("tag_vectors.json").read_text())
KEY = bytes.fromhex(VECTORS["epoch_key"])


@pytest.mark.parametrize("vector", VECTORS["tags"], ids=lambda vector: str(vector["identifier"]))
def test_published_vectors(vector: dict[str, str]) -> None:
    assert tags.canonical_id(vector["kind"], vector["identifier"]) == vector["canonical_id"]
    assert tags.tag(KEY, vector["kind"], vector["identifier"]).hex() == vector["tag"]
    by_definition = f"v1|{vector['kind']}|{vector['canonical_id']}".encode()
    assert hmac.new(KEY, by_definition, hashlib.sha256).hexdigest() == vector["tag"]


@pytest.mark.parametrize(
    "vector", VECTORS["invalid"], ids=lambda vector: f"{vector['kind']} {vector['identifier']}"
)
def test_invalid_identifiers_are_refused(vector: dict[str, str]) -> None:
    with pytest.raises(IdentifierInvalid):
        tags.tag(KEY, vector["kind"], vector["identifier"])


@pytest.mark.parametrize(
    "text", ["not a domain", "a..example", "x" * 64 + ".example", "//[::1", "nowhere", "10.0.0.1"]
)
def test_what_is_no_domain_is_said_in_plain_words(text: str) -> None:
    with pytest.raises(IdentifierInvalid) as refused:
        tags.canonical_id("domain", text)
    assert (refused.value.what, refused.value.hint) == (
        f"{text!r} is not a domain.",
        "Write it as example.com.",
    )


@given(st.sampled_from(VECTORS["tags"]))
def test_a_canonical_id_is_its_own_canonical_id(vector: dict[str, str]) -> None:
    canonical = tags.canonical_id(vector["kind"], vector["identifier"])
    assert tags.canonical_id(vector["kind"], canonical) == canonical


@given(st.text(max_size=40), st.sampled_from(["lei", "register", "vat", "domain"]))
def test_any_text_is_an_identifier_or_a_clear_error(text: str, kind: str) -> None:
    try:
        canonical = tags.canonical_id(kind, text)
    except IdentifierInvalid:
        return
    assert canonical.isascii()
    assert "|" not in canonical
    assert tags.canonical_id(kind, canonical) == canonical


def test_kind_key_and_id_all_make_a_difference() -> None:
    made = {tags.tag(key, "vat", number) for key in (b"a" * 32, b"b" * 32) for number in ("DE11", "DE12")}
    assert len(made) == 4
    assert tags.tag(KEY, "vat", "DE811907980") != tags.tag(KEY, "register", "DE:811907980")


def test_commitment_and_deal_id_are_the_contracts(world: World) -> None:
    account, agreement, tag, salt = world.relayer.address, b"\1" * 32, b"\2" * 32, tags.random_salt()
    chain_id, registry = world.node.chain_id, world.deals.address
    commitment = tags.commitment(chain_id, registry, account, AgreementId(agreement), tag, salt)
    on_chain = world.deals.functions.dealId((account, agreement, tag, salt, bytes(32), 1)).call()
    assert tags.deal_id(account, commitment) == on_chain
