"""Promises no single package keeps alone: what is public, and that nothing is refused without a reason."""

import json

import pytest
from ledger_world import World

from ledger.chain import events
from ledger.chain.states import State
from ledger.errors import LedgerError

CUSTOMER = "acme-hospital.example"
INVOICE = "INV-2026-0007 Jane Doe"


def test_privacy_no_customer_and_no_invoice_number_reaches_the_chain(world: World) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    first = int(world.node.rpc("eth_blockNumber", []), 16)
    deal = world.won_deal(agreement, agency, CUSTOMER, value=1_000)
    world.pay(vendor, agreement, 1_000, deal=deal, ref=INVOICE)
    last = int(world.node.rpc("eth_blockNumber", []), 16)
    assert last - first >= 5
    for number in range(first + 1, last + 1):
        block = world.node.rpc("eth_getBlockByNumber", [hex(number), True])
        receipts = world.node.rpc("eth_getBlockReceipts", [hex(number)])
        written = json.dumps([block["transactions"], [receipt["logs"] for receipt in receipts]]).lower()
        for secret in (CUSTOMER, CUSTOMER.partition(".")[0], INVOICE, "Jane"):
            assert secret.encode().hex() not in written


def test_a_reason_for_everything_a_refused_deal_names_its_reason_in_its_entry(world: World) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    deal = world.registered_deal(agreement, agency, CUSTOMER)
    for outcome in (State.RETURNED, State.REJECTED):
        with pytest.raises(LedgerError, match="ReasonMissing"):
            world.decide(vendor, deal, outcome, reason="")
    receipt = world.decide(vendor, deal, State.REJECTED, reason="EXISTING_CUSTOMER")
    (log,) = world.node.rpc("eth_getTransactionReceipt", ["0x" + bytes(receipt["transactionHash"]).hex()])[
        "logs"
    ]
    decided = events.decode_log(world.deployment, log)
    assert decided.name == "DealDecided"
    assert decided.args["deal"] == deal.id
    assert decided.args["reason"].rstrip(b"\0") == b"EXISTING_CUSTOMER"
