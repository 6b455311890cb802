"""Attestations, and the consents given on any contract."""

from collections.abc import Sequence
from typing import Any

from ledger.chain.consents import CONSENTED
from ledger.errors import LedgerError
from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Fold, Row, base_row, table_of
from ledger.store.tables import Attestation, Consent


def _attestation_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "AttestationRevoked":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} revokes what was never attested."
            )
        return [_ended(current, entry) | {"end_reason": entry.args["reason"]}]
    attested = base_row(entry) | {
        "account": entry.args["account"],
        "level": entry.args["level"],
        "expires_at": entry.args["expires_at"],
        "evidence": entry.args["evidence"],
        "attested_at": entry.timestamp,
        "ended_at": None,
        "end_reason": None,
        "ended_seq": None,
    }
    return [attested] if current is None else [_ended(current, entry), attested]


def _ended(current: Row, entry: Entry) -> dict[str, Any]:
    return {**current, "ended_at": entry.timestamp, "ended_seq": entry.seq}


ATTESTATIONS = Fold(
    table=table_of(Attestation),
    subject=("account",),
    events=frozenset({"PartnerAttested", "AttestationRevoked"}),
    step=_attestation_step,
    open="ended_at",
)


def _consent_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "ConsentWithdrawn":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} takes back what was not consented to."
            )
        return [_ended(current, entry) | {"withdrawn": True}]
    said = entry.args
    consented = base_row(entry) | {
        "account": said["account"],
        "action": said["action"],
        "kind": CONSENTED[entry.event],
        "agreement": said.get("agreement"),
        "deal": said.get("deal"),
        "until": said.get("ends_at", said.get("exclusive_until")),
        "payer": said.get("payer"),
        "invoice_ref": said.get("invoice_ref"),
        "refunded": said.get("refunded"),
        "amount": said.get("amount"),
        "deadline": said["deadline"],
        "consented_at": entry.timestamp,
        "ended_at": None,
        "withdrawn": False,
        "ended_seq": None,
    }
    return [consented] if current is None else [_ended(current, entry), consented]


CONSENTS = Fold(
    table=table_of(Consent),
    subject=("account", "action"),
    events=frozenset({*CONSENTED, "ConsentWithdrawn"}),
    step=_consent_step,
    open="ended_at",
)
