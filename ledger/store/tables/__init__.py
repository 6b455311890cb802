"""All tables, by topic: schema ``chain`` holds what entries made, ``app`` what exists nowhere else."""

from ledger.store.tables.agreements import (
    Acceptance,
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Programme,
    ProgrammeEpoch,
)
from ledger.store.tables.app import Deployment, SignedCheckpoint, Token
from ledger.store.tables.base import APP, CHAIN, Base
from ledger.store.tables.deals import Deal, DealDecision, DealExtension, DealMove, DealRetag, Review
from ledger.store.tables.debts import Debt, DebtPayout, Netting
from ledger.store.tables.drafts import Draft, DraftSignature
from ledger.store.tables.endings import Amendment, Ending
from ledger.store.tables.evidence import Evidence, EvidenceKept
from ledger.store.tables.journal import Block, Checkpoint, Entry, ProjectionsVersion
from ledger.store.tables.kept import Contested, Score, Tally, Trust
from ledger.store.tables.money import Book, Claim, Claimed, DepositPause, Maturity, Payment, SetAside
from ledger.store.tables.operations import FullAudit, Incident, IndexerState
from ledger.store.tables.partners import Attestation, CancelledNonce, Consent, Partner
from ledger.store.tables.people import ApiKey, Member, Passkey, ServerSecret, SignIn, UsedNonce
from ledger.store.tables.powers import PowerChange
from ledger.store.tables.refunds import Dispute, Refund, RefundPayout, Ruling
from ledger.store.tables.relay import Relay, RelayAttempt, RelayLane
from ledger.store.tables.wallets import OwnerChange, Recovery, WalletChange

__all__ = [
    "APP",
    "CHAIN",
    "Acceptance",
    "Agreement",
    "AgreementParty",
    "AgreementPayee",
    "AgreementToken",
    "AgreementTranche",
    "Amendment",
    "ApiKey",
    "Attestation",
    "Base",
    "Block",
    "Book",
    "CancelledNonce",
    "Checkpoint",
    "Claim",
    "Claimed",
    "Consent",
    "Contested",
    "Deal",
    "DealDecision",
    "DealExtension",
    "DealMove",
    "DealRetag",
    "Debt",
    "DebtPayout",
    "Deployment",
    "DepositPause",
    "Dispute",
    "Draft",
    "DraftSignature",
    "Ending",
    "Entry",
    "Evidence",
    "EvidenceKept",
    "FullAudit",
    "Incident",
    "IndexerState",
    "Maturity",
    "Member",
    "Netting",
    "OwnerChange",
    "Partner",
    "Passkey",
    "Payment",
    "PowerChange",
    "Programme",
    "ProgrammeEpoch",
    "ProjectionsVersion",
    "Recovery",
    "Refund",
    "RefundPayout",
    "Relay",
    "RelayAttempt",
    "RelayLane",
    "Review",
    "Ruling",
    "Score",
    "ServerSecret",
    "SetAside",
    "SignIn",
    "SignedCheckpoint",
    "Tally",
    "Token",
    "Trust",
    "UsedNonce",
    "WalletChange",
]
