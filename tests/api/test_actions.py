"""What people can do, over HTTP: each act in a sentence, as a transaction and as typed data, and what the
chain would say to it. Nothing is sent.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from ledger_world import DAY, World
from starlette.testclient import TestClient

from ledger.actions import ACTIONS, allowed_calls
from ledger.chain import anvil
from ledger.chain.deployment import save
from ledger.settings import Settings
from ledger.terms.contracts import JOURNALS


@pytest.fixture
def settings(world: World, tmp_path: Path) -> Settings:
    path = tmp_path / "deployment.json"
    save(world.deployment, path)
    return Settings(_env_file=None, rpc_url=world.node.url, finality="immediate", deployment=path)


@pytest.fixture
def ask(client: TestClient) -> Callable[..., Any]:
    """Posts the fields of an action; the answer's body."""

    def post(name: str, status: int = 200, /, request: dict[str, Any] | None = None, **fields: Any) -> Any:
        answer = client.post(f"/v1/actions/{name}", json={"fields": fields} | (request or {}))
        assert answer.status_code == status, answer.json()
        return answer.json()

    return post


def test_every_declaration_is_listed_and_leads_to_calls_that_may_be_relayed(client: TestClient) -> None:
    listed = {each["name"]: each for each in client.get("/v1/actions").json()["actions"]}
    assert listed.keys() == ACTIONS.keys()
    relayed = {
        (each["contract"], bytes.fromhex(function["selector"][2:]))
        for each in listed.values()
        for function in each["functions"]
        if function["by"] == "anyone"
    }
    assert relayed == allowed_calls().keys()
    claim = listed["claim"]
    assert [field["name"] for field in claim["fields"] if field["required"]] == [
        "account",
        "token",
        "sources",
    ]
    assert {each["error"] for each in claim["refusals"]} >= {"NothingToClaim", "RecipientInvalid"}
    assert all("{" not in refusal["what"] for each in listed.values() for refusal in each["refusals"])


def test_a_claim_is_said_signed_and_carried_by_anyone(
    world: World, index: Callable[[], None], ask: Callable[..., Any]
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    treasury = world.stranger("Treasury")
    agreement = world.agreement([vendor, agency])
    fields = {
        "account": agency.account,
        "token": world.token.address,
        "sources": [{"agreement": "0x" + agreement.id.hex()}],
    }
    index()
    [refusal] = ask("claim", **fields)["refusals"]
    assert refusal["error"] == "NothingToClaim" and "has claimed all" in refusal["what"]
    world.pay(vendor, agreement, 2_481_000_000)
    index()
    by_anyone = ask("claim", **fields)
    assert (
        by_anyone["transaction"]["function"] == "claimAcross" and by_anyone["transaction"]["sender"] is None
    )
    fields["recipient"] = treasury.account
    said = ask("claim", **fields)
    assert said["sentence"].startswith("Withdraw 1,240.50 tUSD owed to Agency (0x")
    assert said["sentence"].endswith(f", to {treasury.account}")
    assert (said["signer"], said["refusals"]) == (agency.account, [])
    assert (said["transaction"]["function"], said["transaction"]["sender"]) == ("claimTo", agency.account)

    typed = said["typed_data"]
    signed = Account.sign_typed_data(agency.key.key, full_message=typed)
    message = typed["message"]
    own = {"nonce": message["nonce"], "deadline": message["deadline"]}
    own["signature"] = signed.signature.to_0x_hex()
    carried = ask("claim", request={"authorization": own}, **fields)
    assert (carried["typed_data"], carried["refusals"]) == (typed, [])
    call = carried["transaction"]
    assert (call["function"], call["sender"]) == ("claimToWithAuthorization", None)
    world.relayer.transact(call["to"], call["data"])
    assert world.token.functions.balanceOf(treasury.account).call() == 1_240_500_000
    [spent] = ask("claim", request={"authorization": own}, **fields)["refusals"]
    assert spent["error"] == "NonceSpent"
    other = own | {"signature": "0x" + "11" * 65}
    [wrong] = ask("claim", request={"authorization": other, "nonce": "7"}, **fields)["refusals"]
    assert wrong["error"] in ("SignatureInvalid", "NonceSpent")


def test_a_payment_is_found_by_who_paid_and_its_reference(
    world: World, index: Callable[[], None], ask: Callable[..., Any]
) -> None:
    vendor, agency, judge = world.partner("Vendor"), world.partner("Agency"), world.partner("Judge")
    agreement = world.agreement([vendor, agency], hold_seconds=7 * DAY, arbiter=judge.account)
    world.pay(vendor, agreement, 10_000_000, ref="INV-1")
    index()
    ref = "0x" + world.invoice(1, ref="INV-1").invoice_ref.hex()
    of = {"payer": vendor.account, "invoice_ref": ref}
    back = ask("refund", account=vendor.account, **of, amount="4000000")
    assert back["sentence"] == f"Take back 4.00 tUSD of the payment {ref}" and back["refusals"] == []
    assert back["typed_data"]["message"]["recipient"] == vendor.account
    dispute = ask("dispute", account=agency.account, **of, reason="NOT_DELIVERED")
    assert dispute["sentence"].endswith(": NOT_DELIVERED") and dispute["refusals"] == []
    assert ask("dispute", account=vendor.account, **of, reason="NOT_DELIVERED")["refusals"] == []
    [not_yet] = ask("rule_payment", arbiter=judge.account, **of, refunded="1", reason="LATE")["refusals"]
    assert not_yet["error"] == "NotInDispute" and "pledger" in not_yet["next"]
    lost = ask("dispute", 404, account=agency.account, payer=agency.account, invoice_ref=ref, reason="LATE")
    assert lost["type"] == "/problems/payment-unknown"
    consent = ask(
        "consent_to_end",
        account=agency.account,
        agreement="0x" + agreement.id.hex(),
        ends_at=world.node.timestamp() + DAY,
        deadline=world.node.timestamp() + 9 * DAY,
    )
    assert consent["typed_data"]["primaryType"] == "EndAgreement" and consent["refusals"] == []
    place = ask("accept_wallet", account=agency.account, wallet=anvil.wallet(70).address)
    assert place["signer"] == anvil.wallet(70).address
    assert (place["transaction"], place["refusals"]) == (None, None)


def test_a_payment_says_what_the_token_must_allow_before(
    world: World, index: Callable[[], None], ask: Callable[..., Any]
) -> None:
    """A permit where the token and the wallet know it, whose signature pays with the other in one call."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency])
    fields: dict[str, Any] = {
        "account": agency.account,
        "agreement": "0x" + agreement.id.hex(),
        "token": world.token.address,
        "amount": "4000000",
        "invoice_ref": "0x" + "3c" * 32,
    }
    empty = ask("register", 503, account=agency.account, name="Agency")
    assert empty["type"] == "/problems/mirror-empty", "nothing is mirrored yet, and that is said"
    index()
    short = ask("pay_invoice", **fields)
    assert [each["error"] for each in short["refusals"]] == ["ERC20InsufficientBalance"]
    world.relayer.send(world.token.functions.mint(agency.account, 10_000_000))
    asked = ask("pay_invoice", **fields)
    approval, form = asked["approval"], asked["typed_data"]
    assert (asked["refusals"], approval["units"], approval["spender"]) == (
        [],
        "4000000",
        world.ledger.address,
    )
    signed = agency.key.sign_message(encode_typed_data(full_message=approval["permit"]))
    message = approval["permit"]["message"]
    words = {"r": signed.r, "s": signed.s}
    permit: dict[str, Any] = {name: "0x" + value.to_bytes(32, "big").hex() for name, value in words.items()}
    permit |= {"value": message["value"], "deadline": message["deadline"], "v": signed.v}
    made = bytes(agency.key.sign_message(encode_typed_data(full_message=form)).signature)
    own = {name: form["message"][name] for name in ("nonce", "deadline")} | {"signature": "0x" + made.hex()}
    carried = ask("pay_invoice", request={"authorization": own}, **fields, permit=permit)
    assert (carried["approval"], carried["refusals"]) == (None, [])
    assert carried["transaction"]["function"] == "payWithAuthorizationAndPermit"
    world.relayer.transact(carried["transaction"]["to"], carried["transaction"]["data"], action="pay")
    assert world.token.functions.balanceOf(agency.account).call() == 6_000_000
    together = {"account": agency.account, "token": world.token.address}
    invoices = [{"amount": "1000000", "invoice_ref": "0x" + "4d" * 32}]
    bundles = [{"agreement": fields["agreement"], "invoices": invoices}]
    approval = ask("pay_invoices", **together, bundles=bundles)["approval"]
    assert approval["permit"] is None, "many invoices take an approval"
    world.chain.set_balance(agency.account, 10**18)
    agency.sender.transact(approval["transaction"]["to"], approval["transaction"]["data"], action="approve")
    allowed = ask("pay_invoices", **together, bundles=bundles)
    assert (allowed["approval"], allowed["refusals"]) == (None, [])


def test_what_no_action_can_be_made_of_is_said_by_field(
    world: World, index: Callable[[], None], ask: Callable[..., Any]
) -> None:
    agency = world.partner("Agency")
    index()
    good = {"account": agency.account, "cancelled": "7"}
    assert ask("cancel_deal_signature", **good)["refusals"] == []
    assert ask("steal", 404)["type"] == "/problems/action-unknown"
    for changed, field in (
        ({"cancelled": None}, "cancelled"),
        ({"cancelled": "-1"}, "cancelled"),
        ({"cancelled": str(2**256)}, "cancelled"),
        ({"cancelled": True}, "cancelled"),
        ({"account": "0x12"}, "account"),
        ({"more": 1}, "more"),
    ):
        problem = ask("cancel_deal_signature", 422, **good | changed)
        assert (problem["type"], problem["field"]) == ("/problems/action-invalid", f"fields.{field}")
    sources = {"account": agency.account, "token": world.token.address}
    for source, field in (
        (5, "sources.0"),
        ({"agreement": "0x1"}, "sources.0.agreement"),
        ({}, "sources.0.agreement"),
    ):
        assert ask("claim", 422, **sources, sources=[source])["field"] == f"fields.{field}"
    unknown = {"agreement": "0x" + "07" * 32, "period": 0}
    assert ask("claim", 404, **sources, sources=[unknown])["type"] == "/problems/agreement-unknown"
    own = {"nonce": str(2**256), "deadline": "1", "signature": "0x"}
    problem = ask("cancel_deal_signature", 422, request={"authorization": own}, **good)
    assert problem["field"] == "authorization.nonce"
    assert {each.contract for each in ACTIONS.values()} == {*JOURNALS}
