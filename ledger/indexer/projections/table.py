"""What entries do to the tables, event by event: code stands only where there is a rule.

What moves a thing on from row to row is with the folds, in a module for each thing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.indexer.projections import money
from ledger.indexer.projections.agreements import append_agreements
from ledger.indexer.projections.declared import (
    Effect,
    always,
    argument,
    minus,
    rows,
    sums,
    text,
    unless_zero,
)
from ledger.store.tables import (
    Amendment,
    Book,
    CancelledNonce,
    Claim,
    Claimed,
    DealDecision,
    DealExtension,
    DealMove,
    DealRetag,
    Debt,
    DebtPayout,
    DepositPause,
    Dispute,
    Ending,
    Maturity,
    Netting,
    OwnerChange,
    Partner,
    Payment,
    Programme,
    ProgrammeEpoch,
    Refund,
    RefundPayout,
    Ruling,
    SetAside,
    WalletChange,
)
from ledger.terms.deals import State

_BOOK: Final = ("agreement", "token")
_BY: Final[dict[str, Any]] = {"by_account": unless_zero("by"), "reason": unless_zero("reason")}
_UNSAID: Final[dict[str, Any]] = {
    "vendor": always(None),
    "by_account": always(None),
    "reason": always(bytes(32)),
    "value": always(0),
    "token": always(bytes(20)),
    "exclusive_until": always(0),
    "decide_by": always(0),
}
"""What a decision says that the vendor did not make."""

EFFECTS: Final[Mapping[str, Sequence[Effect]]] = {
    "PartnerRegistered": [rows(Partner, "registered_at", name=text("name"), uri=text("uri"))],
    "NonceCancelled": [rows(CancelledNonce)],
    "WalletRotated": [rows(WalletChange, "changed_at", recovered=always(False))],
    "AccountRecovered": [rows(WalletChange, "changed_at", recovered=always(True))],
    "OwnerChanged": [rows(OwnerChange, "changed_at")],
    "ProgrammeCreated": [rows(Programme, "created_at", name=text("name"))],
    "EpochOpened": [rows(ProgrammeEpoch, "opened_at")],
    "AgreementActivated": [append_agreements],
    "AgreementSuperseded": [rows(Amendment, "amended_at")],
    "AgreementEnding": [rows(Ending, "ended_at", **_BY)],
    "DealDecided": [rows(DealDecision, "decided_at", by_account=always(None))],
    "DealWithdrawn": [rows(DealDecision, "decided_at", **_UNSAID, outcome=always(int(State.WITHDRAWN)))],
    "DealApprovedByDefault": [
        rows(
            DealDecision,
            "decided_at",
            **_UNSAID
            | {
                "by_account": argument("by"),
                "outcome": always(int(State.APPROVED)),
                "exclusive_until": argument("exclusive_until"),
            },
        )
    ],
    "DealExtended": [rows(DealExtension, "extended_at")],
    "DealRetagged": [rows(DealRetag, "retagged_at", account=argument("by"), rival=unless_zero("rival"))],
    "DealMoved": [rows(DealMove, "moved_at")],
    "PaymentReceived": [
        rows(Payment, "paid_at", position=always(0), deal=unless_zero("deal")),
        sums(Book, _BOOK, received="amount", matured=money.released_at_once),
    ],
    "PaymentsReceived": [money.append_invoices],
    "Claimed": [
        rows(Claim, "claimed_at", position=always(0), together=always(False)),
        sums(Book, _BOOK, claimed="amount"),
        sums(Claimed, (*_BOOK, "account", "period"), amount="amount"),
    ],
    "ClaimedAcross": [money.append_portions],
    "Distributed": [money.append_parts],
    "SetAside": [rows(SetAside, "at")],
    "Matured": [rows(Maturity, "matured_at"), sums(Book, _BOOK, matured="amount")],
    "Refunded": [
        rows(Refund, "refunded_at", in_dispute=always(False)),
        sums(Book, _BOOK, refunded="amount", paid_back="amount"),
    ],
    "RefundedInDispute": [
        rows(Refund, "refunded_at", in_dispute=always(True)),
        sums(Book, _BOOK, refunded="amount", paid_back="amount", disputed=minus("amount")),
    ],
    "PaymentDisputed": [
        rows(Dispute, "disputed_at", by_account=argument("by")),
        sums(Book, _BOOK, disputed="amount"),
    ],
    "DisputeRuled": [
        rows(Ruling, "ruled_at", **_BY),
        sums(Book, _BOOK, refunded="refunded", disputed=money.settled),
    ],
    "RefundPaid": [rows(RefundPayout, "paid_at"), sums(Book, _BOOK, paid_back="amount")],
    "ClawedBack": [
        rows(Debt, "clawed_back_at", **_BY),
        sums(Book, _BOOK, debts=money.by_ruling, agreed_debts=money.by_consent),
    ],
    "Netted": [
        rows(Netting, "netted_at"),
        sums(Book, _BOOK, netted="amount"),
        sums(Book, ("debtor", "token"), debts_served=money.by_ruling, agreed_served=money.by_consent),
    ],
    "DebtPaid": [rows(DebtPayout, "paid_at"), sums(Book, _BOOK, debts_paid="amount")],
    "DepositsPaused": [rows(DepositPause, "at", paused=always(True), by_account=argument("guardian"))],
    "DepositsResumed": [rows(DepositPause, "at", paused=always(False), by_account=argument("by"))],
}
