"""Rows of the AgreementRegistry's entries: programmes, acceptances, agreements with their lists, endings."""

from collections.abc import Sequence
from typing import Any

from ledger.chain.terms import Terms
from ledger.errors import LedgerError
from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Changes, Fold, Row, base_row, table_of
from ledger.indexer.projections.partners import as_text
from ledger.store.tables import (
    Acceptance,
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Amendment,
    Ending,
    Programme,
    ProgrammeEpoch,
)

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


def programme_created(entry: Entry, changes: Changes) -> None:
    """A programme under its id."""
    args = entry.args
    changes.append(
        Programme,
        entry,
        programme=args["programme"],
        owner=args["owner"],
        name=as_text(args["name"]),
        rule=args["rule"],
        epoch=args["epoch"],
        created_at=entry.timestamp,
    )


def epoch_opened(entry: Entry, changes: Changes) -> None:
    """A programme's next key epoch."""
    args = entry.args
    changes.append(
        ProgrammeEpoch,
        entry,
        programme=args["programme"],
        epoch=args["epoch"],
        grace_until=args["grace_until"],
        opened_at=entry.timestamp,
    )


def agreement_superseded(entry: Entry, changes: Changes) -> None:
    """The successor that takes an agreement's place."""
    args = entry.args
    changes.append(
        Amendment,
        entry,
        agreement=args["agreement"],
        successor=args["successor"],
        effective_at=args["effective_at"],
        amended_at=entry.timestamp,
    )


def agreement_ending(entry: Entry, changes: Changes) -> None:
    """An end that comes before the terms' own."""
    args = entry.args
    changes.append(
        Ending,
        entry,
        agreement=args["agreement"],
        cause=args["cause"],
        by_account=args["by"] if any(args["by"]) else None,
        ends_at=args["ends_at"],
        reason=args["reason"] if any(args["reason"]) else None,
        ended_at=entry.timestamp,
    )


def agreement_activated(entry: Entry, changes: Changes) -> None:
    """An agreement, and an item for each of its parties, payees, tranches and tokens."""
    terms: Terms = entry.args["terms"]
    agreement = entry.args["agreement"]
    changes.append(
        Agreement,
        entry,
        agreement=agreement,
        territories=list(terms.territories),
        arbiter=_address(terms.arbiter),
        uri=as_text(terms.uri),
        activated_at=entry.timestamp,
        **{name: getattr(terms, name) for name in _SCALARS},
    )

    def append_items(table: Any, items: Sequence[dict[str, Any]]) -> None:
        for position, item in enumerate(items):
            changes.append(table, entry, agreement=agreement, position=position, **item)

    append_items(AgreementParty, [{"account": _address(party)} for party in terms.parties])
    append_items(
        AgreementPayee,
        [{"account": _address(payee.account), "weights": list(payee.weights)} for payee in terms.payees],
    )
    append_items(
        AgreementTranche,
        [{"up_to": tranche.up_to, "period_seconds": tranche.period_seconds} for tranche in terms.tranches],
    )
    append_items(AgreementToken, [{"token": _address(token)} for token in terms.tokens])


def _acceptance_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "AcceptanceWithdrawn":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} withdraws what was not accepted."
            )
        return [{**current, "withdrawn_at": entry.timestamp}]
    if current is not None:
        return [current]  # accepted again, perhaps by a new wallet: the first acceptance stands
    return [
        base_row(entry)
        | {
            "agreement": entry.args["agreement"],
            "account": entry.args["account"],
            "accepted_at": entry.timestamp,
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
