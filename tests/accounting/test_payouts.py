"""Payout history of a payee with 100,000 payments: any page fast, every line exact to the base unit."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, text

from ledger.accounting.balances import balances_of
from ledger.accounting.payouts import Incoming, payouts_of, place_of
from ledger.read.sums import NAMES
from ledger.rules.entitlement import earned
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.store.tables import (
    Agreement,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Book,
    Checkpoint,
    Deployment,
)
from ledger.terms.contracts import JOURNALS
from ledger.terms.units import WHOLE

CHAIN, COUNT = 31337, 100_000
CONTRACTS = {name: bytes([number]) * 20 for number, name in enumerate(JOURNALS, 1)}
PAYEE, TOKEN = b"\xaa" * 20, b"\xbb" * 20
BUSY, QUIET, OTHER = (bytes([number]) * 32 for number in (1, 2, 3))
BOUNDARIES = [10**6, 10**9, 2**256 - 1]
WEIGHTS = [WHOLE // 3, WHOLE // 7, WHOLE - 1]
NUMBERS = (
    "list_count",
    "decision_seconds",
    "exclusivity_seconds",
    "hold_seconds",
    "payment_seconds",
    "clawback",
    "valid_from",
    "valid_until",
    "notice_seconds",
    "after_end",
    "activated_at",
)
PAYMENTS = """
    INSERT INTO chain.payment (chain_id, contract, seq, payer, invoice_ref, agreement, token, deal, amount,
                               matures_at, paid_at, position)
    SELECT :chain, :ledger, n, :payer, sha256(n::text::bytea),
           CASE WHEN n % 1000 = 0 THEN :quiet WHEN n % 10 = 0 THEN :other ELSE :busy END,
           :token, NULL, 1 + (n * 7919) % 100003, n, n, 0
      FROM generate_series(1, :count) AS n
"""


@pytest.fixture
def reading(database: Database) -> Iterator[Reading]:
    """One agreement with nearly all payments, one with every thousandth, one of other payees in between."""
    ledger, agreements = CONTRACTS["RevenueLedger"], CONTRACTS["AgreementRegistry"]
    of_agreements: dict[str, Any] = {"chain_id": CHAIN, "contract": agreements, "seq": 1}
    with database.session() as session:
        session.execute(
            insert(Deployment).values(
                chain_id=CHAIN,
                ledger=ledger,
                start_block=0,
                json={"contracts": {name: "0x" + each.hex() for name, each in CONTRACTS.items()}},
            )
        )
        session.execute(
            insert(Checkpoint).values(
                chain_id=CHAIN, deployment=ledger, block_number=9, block_hash=bytes(32), timestamp=10**9
            )
        )
        for agreement in (BUSY, QUIET):
            named = of_agreements | {"agreement": agreement, "position": 0}
            words = ("programme", "list_root", "list_hash", "predecessor", "document_hash", "salt")
            session.execute(
                insert(Agreement).values(
                    **of_agreements,
                    agreement=agreement,
                    **dict.fromkeys(words, bytes(32)),
                    **dict.fromkeys(NUMBERS, 0),
                    arbiter=bytes(20),
                    territories=[],
                    uri="",
                )
            )
            session.execute(insert(AgreementPayee).values(**named, account=PAYEE, weights=WEIGHTS))
            session.execute(insert(AgreementToken).values(**named, token=TOKEN))
            for position, boundary in enumerate(BOUNDARIES):
                session.execute(
                    insert(AgreementTranche).values(
                        **{**named, "position": position}, up_to=boundary, period_seconds=0
                    )
                )
        session.execute(
            text(PAYMENTS),
            {
                "chain": CHAIN,
                "ledger": ledger,
                "payer": b"\xcc" * 20,
                "quiet": QUIET,
                "other": OTHER,
                "busy": BUSY,
                "token": TOKEN,
                "count": COUNT,
            },
        )
        for agreement in (BUSY, QUIET):
            session.execute(
                insert(Book).values(
                    chain_id=CHAIN,
                    contract=ledger,
                    agreement=agreement,
                    token=TOKEN,
                    **dict.fromkeys(NAMES, 0)
                    | {
                        "received": sum(
                            amount(n) for n in range(1, COUNT + 1) if agreement_of(n) == agreement
                        )
                    },
                )
            )
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
    with snapshot(database) as session:
        yield read(session)


def agreement_of(n: int) -> bytes:
    return QUIET if n % 1000 == 0 else OTHER if n % 10 == 0 else BUSY


def amount(n: int) -> int:
    return 1 + (n * 7919) % 100_003


def test_page_by_page_the_lines_add_up_to_the_balance_exactly(reading: Reading) -> None:
    seen: list[Incoming] = []
    before = None
    while True:
        page = payouts_of(reading, PAYEE, 200 if before is None or before[0] < 500 else 5_000, before=before)
        if not page:
            break
        assert all(isinstance(line, Incoming) for line in page)
        seen += [line for line in page if isinstance(line, Incoming)]
        before = place_of(page[-1])
    assert [line.seq for line in seen] == [n for n in range(COUNT, 0, -1) if agreement_of(n) != OTHER]
    for balance in balances_of(reading, PAYEE):
        own = [line for line in seen if line.agreement == balance.agreement]
        assert sum(line.amount for line in own) == balance.received
        assert sum(line.earned for line in own) == balance.earned == own[0].entitlement
        assert balance.earned == earned(BOUNDARIES, WEIGHTS, balance.received)
