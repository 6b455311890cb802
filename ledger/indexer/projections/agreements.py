"""Agreements with their lists, and acceptances."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections.changes import Changes, Fold, Row, base_row, table_of
from ledger.indexer.projections.declared import as_text
from ledger.store.tables import (
    Acceptance,
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
)
from ledger.terms.agreement import Terms

_SCALARS = (
    "programme",
    "list_root",
    "list_hash",
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
    "predecessor",
    "document_hash",
    "salt",
)


def append_agreements(entries: Entries, changes: Changes) -> None:
    """An agreement, and an item for each of its parties, payees, tranches and tokens."""
    all_terms: Sequence[Terms] = entries.args["terms"]
    changes.append(
        Agreement,
        entries,
        agreement=entries.args["agreement"],
        territories=[list(terms.territories) for terms in all_terms],
        arbiter=[_address(terms.arbiter) for terms in all_terms],
        uri=[as_text(terms.uri) for terms in all_terms],
        activated_at=entries.timestamps,
        **{name: [getattr(terms, name) for terms in all_terms] for name in _SCALARS},
    )

    def append_items(table: Any, items_of: Callable[[Terms], Sequence[Row]]) -> None:
        agreements = zip(entries.seqs, entries.args["agreement"], all_terms, strict=True)
        rows = [
            {"seq": seq, "agreement": agreement, "position": position, **item}
            for seq, agreement, terms in agreements
            for position, item in enumerate(items_of(terms))
        ]
        changes.append_rows(table, entries, rows)

    append_items(AgreementParty, lambda terms: [{"account": _address(party)} for party in terms.parties])
    append_items(
        AgreementPayee,
        lambda terms: [
            {"account": _address(payee.account), "weights": list(payee.weights)} for payee in terms.payees
        ],
    )
    append_items(
        AgreementTranche,
        lambda terms: [
            {"up_to": tranche.up_to, "period_seconds": tranche.period_seconds} for tranche in terms.tranches
        ],
    )
    append_items(AgreementToken, lambda terms: [{"token": _address(token)} for token in terms.tokens])


def _acceptance_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "AcceptanceWithdrawn":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} withdraws what was not accepted."
            )
        return [{**current, "withdrawn_at": entry.timestamp}]
    said = {"accepted_at": entry.timestamp, "deadline": entry.args["deadline"]}
    if current is not None:
        return [{**current, **said}]  # accepted again, perhaps by a new wallet, and until another second
    return [
        base_row(entry)
        | {
            "agreement": entry.args["agreement"],
            "account": entry.args["account"],
            **said,
            "withdrawn_at": None,
        }
    ]


ACCEPTANCES = Fold(
    table=table_of(Acceptance),
    subject=("agreement", "account"),
    events=frozenset({"AgreementAccepted", "AcceptanceWithdrawn"}),
    step=_acceptance_step,
    open="withdrawn_at",
)


def _address(checksummed: str) -> bytes:
    return bytes.fromhex(checksummed[2:])
