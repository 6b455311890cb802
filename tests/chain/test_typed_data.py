"""One typed data: its digest is what eth-account, cast and anvil sign, each with an encoder of its own.

That the contracts take it too is shown in test_signed_forms.py.
"""

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_typing import Hash32
from eth_utils.conversions import to_hex
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
W1, W2, W3 = (bytes([number]) * 32 for number in (1, 2, 3))
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


def cancel(name: str, deployment: Deployment) -> TypedData:
    return typed_data.cancel_nonce(deployment, name, A, 7, **WHEN)


ACTIONS: dict[str, Callable[[Deployment], TypedData]] = {
    "Terms": lambda d: typed_data.terms_typed_data(d, TERMS),
    "Register": lambda d: typed_data.register(d, A, "Müller & Söhne", "", **WHEN),
    "CreateProgramme": lambda d: typed_data.create_programme(d, A, 2**96 - 1, "Partner", 1, **WHEN),
    "Acceptance": lambda d: typed_data.acceptance(d, A, TERMS, **WHEN),
    "Commit": lambda d: typed_data.commit(d, A, W1, **WHEN),
    "Reveal": lambda d: typed_data.reveal(d, A, W1, W2, W3, W1, 2, **WHEN),
    "RetagWonDeals": lambda d: typed_data.retag_won_deals(d, A, [(W1, W2), (W2, W3)], **WHEN),
    "Decide": lambda d: typed_data.decide(d, A, W1, 6, W2, 2**256 - 1, B, **WHEN),
    "Withdraw": lambda d: typed_data.withdraw(d, A, W1, **WHEN),
    "Pay": lambda d: typed_data.pay(d, A, W1, B, INVOICES[0], **WHEN),
    "PayBatch": lambda d: typed_data.pay_batch(d, A, B, [Bundle(W1, INVOICES), Bundle(W2, ())], **WHEN),
    "ClaimTo": lambda d: typed_data.claim_to(d, A, B, C, [(W1, 0), (W2, 2**32 - 1)], **WHEN),
    "Rotate": lambda d: typed_data.rotate(d, A, B, **WHEN),
    "AcceptWallet": lambda d: typed_data.accept_wallet(d, A, B, **WHEN),
    "ChangeOwner": lambda d: typed_data.change_owner(d, A, B, **WHEN),
    "AcceptOwnership": lambda d: typed_data.accept_ownership(d, A, B, **WHEN),
    "CancelRecovery": lambda d: typed_data.cancel_recovery(d, A, **WHEN),
    "OpenEpoch": lambda d: typed_data.open_epoch(d, A, W1, 2**32 - 1, **WHEN),
    "EndAgreement": lambda d: typed_data.end_agreement(d, A, W1, 2**40 - 1, **WHEN),
    "GiveNotice": lambda d: typed_data.give_notice(d, A, W1, **WHEN),
    "RuleEnd": lambda d: typed_data.rule_end(d, A, W1, 2**40 - 1, W2, **WHEN),
    "ExtendDeal": lambda d: typed_data.extend_deal(d, A, W1, 2**40 - 1, **WHEN),
    "Retag": lambda d: typed_data.retag(d, A, W1, W2, **WHEN),
    "Review": lambda d: typed_data.review(d, A, W1, 5, W2, **WHEN),
    "RevokeReview": lambda d: typed_data.revoke_review(d, A, W1, **WHEN),
    "Refund": lambda d: typed_data.refund(d, A, B, W1, A, 2**128 - 1, **WHEN),
    "Dispute": lambda d: typed_data.dispute(d, A, B, W1, W2, **WHEN),
    "RulePayment": lambda d: typed_data.rule_payment(d, A, B, W1, 2**40 - 1, 7, W2, **WHEN),
    "PayRefund": lambda d: typed_data.pay_refund(d, A, B, W1, A, **WHEN),
    "PayDebt": lambda d: typed_data.pay_debt(d, A, W1, B, 2**32 - 1, A, **WHEN),
    "ConsentToClawback": lambda d: typed_data.consent_to_clawback(d, A, B, W1, 0, 7, **WHEN),
    "RuleClawback": lambda d: typed_data.rule_clawback(d, A, B, W1, 7, W2, **WHEN),
    **{f"CancelNonce {name}": partial(cancel, name) for name in JOURNALS},
}


@pytest.mark.parametrize("action", ACTIONS)
def test_cast_and_anvil_sign_the_digest_of_every_struct(world: World, action: str, tmp_path: Path) -> None:
    data = json.loads(json.dumps(ACTIONS[action](world.deployment)))  # as it comes over HTTP
    assert data["primaryType"] == action.split()[0]
    key = anvil.wallet(1)
    # ECDSA with RFC 6979 is deterministic: equal signatures are signatures of equal digests.
    ours = key.unsafe_sign_hash(Hash32(typed_data.digest(data))).signature.to_0x_hex()

    assert world.node.rpc("eth_signTypedData_v4", [key.address, data]) == ours
    (tmp_path / "data.json").write_text(json.dumps(data))
    cast = [str(CAST), "wallet", "sign", "--private-key", to_hex(key.key), "--data", "--from-file"]
    shown = subprocess.run([*cast, str(tmp_path / "data.json")], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ours


@pytest.mark.parametrize("action", ACTIONS)
def test_eth_account_agrees_on_every_struct(deployment: Deployment, action: str) -> None:
    data = ACTIONS[action](deployment)
    types = {name: fields for name, fields in data["types"].items() if name != "EIP712Domain"}
    signed = Account.sign_typed_data(anvil.wallet(1).key, data["domain"], types, data["message"])
    assert bytes(signed.message_hash) == typed_data.digest(data)
    authorization = sign(data, anvil.wallet(1)) if "nonce" in data["message"] else None
    if authorization:
        assert authorization.signature == bytes(signed.signature)
        assert (authorization.nonce, authorization.deadline) == (WHEN["nonce"], WHEN["deadline"])
        assert (
            Account.recover_message(encode_typed_data(full_message=data), signature=authorization.signature)
            == A
        )


def test_anvil_agrees_on_random_terms(world: World) -> None:
    key = anvil.wallet(1)

    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(any_terms())
    def same(terms: Terms) -> None:
        data = typed_data.acceptance(world.deployment, key.address, terms, **WHEN)
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
