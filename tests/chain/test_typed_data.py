"""One typed data: its digest is what cast and anvil sign, each with an encoder of its own.

For every struct with any values that is shown in actions/test_forms_on_chain.py; here what is nested or long.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_typing import Hash32
from eth_utils.conversions import to_hex
from forms import form_of
from hypothesis import HealthCheck, given, settings
from ledger_world import World
from strategies import any_terms

from ledger import signing as typed_data
from ledger.chain import anvil
from ledger.chain.authorization import sign
from ledger.checkout import ROOT
from ledger.signing import TypedData
from ledger.terms.agreement import Terms
from ledger.terms.contracts import JOURNALS
from ledger.terms.deployment import Deployment
from ledger.terms.payments import Bundle, Invoice

CAST = ROOT / "node_modules" / ".bin" / "cast"
A, B, C = (anvil.wallet(index).address for index in (1, 2, 3))
_WORDS: list[Any] = [bytes([number]) * 32 for number in (1, 2, 3)]  # of whatever kind
W1, W2, W3 = _WORDS
WHEN = {"nonce": 2**256 - 1, "deadline": 1_900_000_000}
INVOICES = (Invoice(deal=W1, amount=2**128 - 1, invoice_ref=W2), Invoice(amount=1, invoice_ref=W3))
TERMS = Terms(
    parties=(A, B),
    payees=(),
    tokens=(C,),
    territories=(W1,),
    programme=W2,
    decision_seconds=2**32 - 1,
    uri="https://example.com/ä?§=1",
    salt=W3,
)
NESTED: dict[str, Callable[[Deployment], TypedData]] = {
    "Register": lambda d: form_of("Register")(d, A, "Müller & Söhne", "", **WHEN),
    "Acceptance": lambda d: form_of("Acceptance")(d, A, TERMS, **WHEN),
    "RetagWonDeals": lambda d: form_of("RetagWonDeals")(d, A, [W1, W2, W2, W3], **WHEN),
    "PayBatch": lambda d: form_of("PayBatch")(d, A, B, [Bundle(W1, INVOICES), Bundle(W2, ())], **WHEN),
    "ClaimTo": lambda d: form_of("ClaimTo")(d, A, B, C, [(W1, 0), (W2, 2**32 - 1)], **WHEN),
}


@pytest.mark.parametrize("struct", NESTED)
def test_cast_signs_the_same_digest(deployment: Deployment, struct: str, tmp_path: Path) -> None:
    data = json.loads(json.dumps(NESTED[struct](deployment)))  # as it comes over HTTP
    assert data["primaryType"] == struct
    key = anvil.wallet(1)
    # ECDSA with RFC 6979 is deterministic: equal signatures are signatures of equal digests.
    ours = key.unsafe_sign_hash(Hash32(typed_data.digest(data))).signature.to_0x_hex()
    (tmp_path / "data.json").write_text(json.dumps(data))
    cast = [str(CAST), "wallet", "sign", "--private-key", to_hex(key.key), "--data", "--from-file"]
    shown = subprocess.run([*cast, str(tmp_path / "data.json")], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ours
    if "nonce" in data["message"]:
        own = sign(data, key)
        assert (own.nonce, own.deadline) == (WHEN["nonce"], WHEN["deadline"])
        assert Account.recover_message(encode_typed_data(full_message=data), signature=own.signature) == A


def test_anvil_agrees_on_random_terms(world: World) -> None:
    key = anvil.wallet(1)

    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(any_terms())
    def same(terms: Terms) -> None:
        data = form_of("Acceptance")(world.deployment, key.address, terms, **WHEN)
        ours = key.unsafe_sign_hash(Hash32(typed_data.digest(data))).signature.to_0x_hex()
        assert world.node.rpc("eth_signTypedData_v4", [key.address, data]) == ours

    same()


@pytest.mark.parametrize("name", JOURNALS)
def test_the_domain_is_what_the_contract_says(world: World, name: str) -> None:
    _, called, version, chain_id, address, *_ = world.contract(name).functions.eip712Domain().call()
    assert typed_data.domain(world.deployment, name) == {
        "name": called,
        "version": version,
        "chainId": chain_id,
        "verifyingContract": address,
    }
