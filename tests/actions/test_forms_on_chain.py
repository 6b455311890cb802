"""What is signed follows from the declaration: for any values, another encoder makes the same digest, and
the contract that is to take it makes the same one.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from eth_typing import ChecksumAddress, Hash32
from eth_utils.address import to_canonical_address, to_checksum_address
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_world import World
from strategies import addresses, any_terms, unsigned, words

from ledger.actions import ACTIONS, Field, Said, call, call_of, form, signed_form
from ledger.actions.calls import takes_signature
from ledger.actions.on_chain import refusal
from ledger.chain import anvil
from ledger.chain.authorization import Authorization, sign
from ledger.rules.payment import Payment
from ledger.signing.eip712 import digest
from ledger.terms.agreement import Payee, Terms
from ledger.terms.deals import Rule
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId
from ledger.terms.payments import Bundle, Invoice, Retag, Source

SIGNED = [name for name, action in ACTIONS.items() if action.struct]
STATE_FIRST = ("refund", "pay_out_refund", "pay_debt", "rotate_wallet", "change_owner")
"""Refused for something else before their signature is looked at, unless the chain is as they want it: see
test_later_signed_forms.py.
"""
TAKEN = [
    name
    for name in SIGNED
    if name not in STATE_FIRST and any(takes_signature(ACTIONS[name], way) for way in ACTIONS[name].ways)
]
ACTOR = anvil.wallet(60)
NEW_KEY = anvil.wallet(61)
FEW = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))

invoices = st.builds(Invoice, deal=words, amount=unsigned(256), invoice_ref=words)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "address": addresses,
    "bytes32": words,
    "string": st.text(max_size=40),
    "Terms": any_terms(),
    "Source[]": st.lists(st.builds(Source, words, unsigned(32)), min_size=1, max_size=3),
    "Bundle[]": st.lists(st.builds(Bundle, words, st.lists(invoices, max_size=3).map(tuple)), max_size=3),
    "Retag[]": st.lists(st.builds(Retag, words, words), max_size=3),
    "Authorization": st.just(Authorization(0, 0, b"")),
}


@dataclass
class Known:
    """Facts that fit whatever is asked."""

    deployment: Deployment
    terms: Terms
    payment: Payment

    def terms_of(self, agreement: bytes) -> Terms:
        return self.terms

    def payment_of(self, payer: str, invoice_ref: bytes) -> Payment:
        return self.payment

    def wallet_of(self, account: str) -> ChecksumAddress:
        return to_checksum_address(account)

    owner_of = wallet_of

    def refund_due(self, payment: Payment) -> int:
        return 7

    def claimable(self, account: str, token: str, shares: list[tuple[Any, ...]]) -> int:
        return 7


@st.composite
def said(draw: st.DrawFn, name: str, deployment: Deployment, actor: ChecksumAddress) -> Said:
    action = ACTIONS[name]
    values = {each.name: draw(_value(each)) for each in action.fields if each.name not in ("permit", "most")}
    values[action.actor] = actor
    payee = Payee(to_checksum_address(values.get("account", actor)), (10**18,))
    payment = Payment(
        payer=to_canonical_address(draw(addresses)),
        invoice_ref=values.get("invoice_ref", b""),
        agreement=AgreementId(draw(words)),
        token=to_canonical_address(draw(addresses)),
        amount=draw(unsigned(128)),
        matures_at=draw(unsigned(40)),
        refunded=draw(unsigned(128)),
        disputed_at=draw(unsigned(40)),
    )
    return Said(action, values, Known(deployment, Terms(parties=(), payees=(payee,), tokens=()), payment))


def _value(field: Field) -> st.SearchStrategy[Any]:
    if field.name == "rule":
        return st.sampled_from(Rule)
    return unsigned(int(field.type[4:])) if field.type.startswith("uint") else BY_TYPE[field.type]


def test_another_encoder_signs_the_same_digest_of_every_struct(world: World) -> None:
    key = anvil.wallet(1)

    def same(one: Said, nonce: int, deadline: int) -> None:
        data = signed_form(one, nonce=nonce, deadline=deadline)
        ours = key.unsafe_sign_hash(Hash32(digest(data))).signature.to_0x_hex()
        assert world.node.rpc("eth_signTypedData_v4", [key.address, data]) == ours

    for name in SIGNED:
        FEW(given(said(name, world.deployment, key.address), unsigned(256), unsigned(256))(same))()


def test_the_contracts_know_the_signature_of_every_form(world: World) -> None:
    """Each says that a signature is invalid, or goes on to what else is wrong with random values."""
    deadline = 2**40

    def outcome(one: Said, authorization: Authorization) -> str:
        signed = Said(one.action, {**one.given, "authorization": authorization}, one.facts)
        found = refusal(world.node, call_of(signed), world.relayer.address, "it")
        return "" if found is None else found.error

    def known(one: Said, nonce: int) -> None:
        good = sign(signed_form(one, nonce=nonce, deadline=deadline), ACTOR)
        assert outcome(one, good) not in ("SignatureInvalid", "AuthorizationExpired"), one.action.name
        other = Authorization(nonce + 1, deadline, good.signature)
        assert outcome(one, other) == "SignatureInvalid", one.action.name

    for name in TAKEN:
        FEW(given(said(name, world.deployment, ACTOR.address), unsigned(255))(known))()


@pytest.mark.parametrize(
    ("accept", "carrier", "place"),
    [("accept_wallet", "rotate_wallet", "wallet"), ("accept_ownership", "change_owner", "owner")],
)
def test_the_contract_knows_the_consent_of_a_new_key(
    world: World, accept: str, carrier: str, place: str
) -> None:
    nonce, named = 2**255, {"account": ACTOR.address, place: NEW_KEY.address}
    good = sign(form(world.deployment, accept, nonce=nonce, deadline=2**40, **named), NEW_KEY)
    other = Authorization(nonce + 1, good.deadline, good.signature)
    for consent, error in ((good, ""), (other, "SignatureInvalid")):
        carried = call(world.deployment, carrier, **named, consent=consent)
        found = refusal(world.node, carried, ACTOR.address, "it")
        assert ("" if found is None else found.error) == error
