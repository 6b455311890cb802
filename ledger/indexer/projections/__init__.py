"""From entries to rows: pure functions, a module for each contract; rows follow from entries alone."""

from collections.abc import Callable, Iterable

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections import agreements, deals, debts, money, partners, refunds, reviews, wallets
from ledger.indexer.projections.changes import Changes, Fold

FOLDS: tuple[Fold, ...] = (
    partners.ATTESTATIONS,
    partners.CONSENTS,
    wallets.RECOVERIES,
    agreements.ACCEPTANCES,
    deals.DEALS,
    reviews.REVIEWS,
)

HANDLERS: dict[str, Callable[[Entries, Changes], None]] = {
    "PartnerRegistered": partners.partner_registered,
    "NonceCancelled": partners.nonce_cancelled,
    "WalletRotated": wallets.wallet_rotated,
    "AccountRecovered": wallets.account_recovered,
    "OwnerChanged": wallets.owner_changed,
    "ProgrammeCreated": agreements.programme_created,
    "EpochOpened": agreements.epoch_opened,
    "AgreementActivated": agreements.agreement_activated,
    "AgreementSuperseded": agreements.agreement_superseded,
    "AgreementEnding": agreements.agreement_ending,
    "DealDecided": deals.deal_decided,
    "DealWithdrawn": deals.deal_withdrawn,
    "DealApprovedByDefault": deals.deal_approved_by_default,
    "DealExtended": deals.deal_extended,
    "DealRetagged": deals.deal_retagged,
    "DealMoved": deals.deal_moved,
    "PaymentReceived": money.payment_received,
    "Claimed": money.claimed,
    "ClaimedAcross": money.claimed_across,
    "Distributed": money.distributed,
    "SetAside": money.set_aside,
    "Matured": money.matured,
    "Refunded": refunds.refunded,
    "RefundedInDispute": refunds.refunded_in_dispute,
    "PaymentDisputed": refunds.payment_disputed,
    "DisputeRuled": refunds.dispute_ruled,
    "RefundPaid": refunds.refund_paid,
    "ClawedBack": debts.clawed_back,
    "Netted": debts.netted,
    "DebtPaid": debts.debt_paid,
    "DepositsPaused": money.deposits_paused,
    "DepositsResumed": money.deposits_resumed,
}

_FOLD_OF = {event: fold for fold in FOLDS for event in fold.events}
FOLDED = frozenset(_FOLD_OF)
"""Events that move things on."""


def project(some: Iterable[Entries], changes: Changes) -> None:
    """Adds to the changes what the entries append and add up.

    Raises `LedgerError` for an event that nobody here knows.
    """
    for entries in some:
        handler = HANDLERS.get(entries.event)
        if handler is not None:
            handler(entries, changes)
        elif entries.event not in FOLDED:
            raise LedgerError(
                f"No table follows from the event {entries.event}.",
                "Update the program: the contracts are newer.",
            )


def fold(entries: Iterable[Entry], changes: Changes) -> None:
    """Moves on the things that entries of `FOLDED` events are about."""
    for entry in entries:
        changes.fold(_FOLD_OF[entry.event], entry)
