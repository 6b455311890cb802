"""Promises no single package keeps alone: what is public, and that nothing is refused without a reason."""

import json

import pytest
from ledger_actions import dispute, paid, refund, rule, rule_clawback
from ledger_world import DAY, World
from sqlalchemy import select

from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.journal import events
from ledger.read.payments import lives_of
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.store.tables import Entry
from ledger.terms.clauses import Clawback
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code

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


def test_a_reason_for_everything_whatever_is_not_the_payees_names_its_entry(
    world: World, database: Database
) -> None:
    vendor, agency, arbiter = (world.partner(name) for name in ("Vendor", "Agency", "Arbiter"))
    agreement = world.agreement(
        [vendor, agency], hold_seconds=2 * DAY, clawback=Clawback.ALLOWED, arbiter=arbiter.account
    )
    released = paid(world, vendor, agreement, 1_000)
    world.chain.increase_time(3 * DAY)
    held, disputed, ruled = (paid(world, vendor, agreement, 1_000) for _ in range(3))
    refund(world, vendor, held, 100)
    dispute(world, agency, agreement, disputed, "NOT_DELIVERED")
    rule(world, arbiter, agreement, dispute(world, agency, agreement, ruled), 250, "HALF_DELIVERED")
    rule_clawback(world, arbiter, agreement, released, 30)
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    with snapshot(database) as session:
        reading = read(session)
        invoices = [each.key for each in (released, held, disputed, ruled)]
        now, lives = reading.as_of.timestamp, lives_of(reading, invoices)
        entries = {
            entry.seq: entry.event
            for entry in session.scalars(
                select(Entry).where(Entry.contract == reading.contracts["RevenueLedger"])
            )
        }
    found = [
        [(each.code.value, each.amount, entries[each.seq], each.said) for each in lives[invoice].reasons(now)]
        for invoice in invoices
    ]
    assert found == [
        [("clawed_back", 30, "ClawedBack", reason_code("BREACH"))],
        [("held", 900, "PaymentReceived", None), ("refunded", 100, "Refunded", None)],
        [("disputed", 1_000, "PaymentDisputed", reason_code("NOT_DELIVERED"))],
        [
            ("held", 750, "PaymentReceived", None),
            ("ruled_back", 250, "DisputeRuled", reason_code("HALF_DELIVERED")),
        ],
    ]
