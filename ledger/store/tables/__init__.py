"""All tables, by topic: schema ``chain`` holds what entries made, ``app`` what exists nowhere else."""

from ledger.store.tables.agreements import (
    Acceptance,
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Programme,
)
from ledger.store.tables.app import Deployment, Token
from ledger.store.tables.base import APP, CHAIN, Base
from ledger.store.tables.deals import Deal, DealDecision
from ledger.store.tables.drafts import Draft, DraftSignature
from ledger.store.tables.journal import Block, Checkpoint, Entry
from ledger.store.tables.money import Book, Claim, Claimed, DepositPause, Payment
from ledger.store.tables.operations import Incident, IndexerState
from ledger.store.tables.partners import Attestation, CancelledNonce, Partner

__all__ = [
    "APP",
    "CHAIN",
    "Acceptance",
    "Agreement",
    "AgreementParty",
    "AgreementPayee",
    "AgreementToken",
    "AgreementTranche",
    "Attestation",
    "Base",
    "Block",
    "Book",
    "CancelledNonce",
    "Checkpoint",
    "Claim",
    "Claimed",
    "Deal",
    "DealDecision",
    "Deployment",
    "DepositPause",
    "Draft",
    "DraftSignature",
    "Entry",
    "Incident",
    "IndexerState",
    "Partner",
    "Payment",
    "Programme",
    "Token",
]
