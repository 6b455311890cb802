"""From entries to rows, which follow from entries alone: a table of what each event does, and folds."""

from collections.abc import Iterable

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections import agreements, deals, partners, reviews, wallets
from ledger.indexer.projections.changes import Changes, Fold
from ledger.indexer.projections.table import EFFECTS

FOLDS: tuple[Fold, ...] = (
    partners.ATTESTATIONS,
    partners.CONSENTS,
    wallets.RECOVERIES,
    agreements.ACCEPTANCES,
    deals.DEALS,
    reviews.REVIEWS,
)

_FOLD_OF = {event: fold for fold in FOLDS for event in fold.events}
FOLDED = frozenset(_FOLD_OF)
"""Events that move things on."""


def project(some: Iterable[Entries], changes: Changes) -> None:
    """Adds to the changes what the entries append and add up.

    Raises `LedgerError` for an event that nobody here knows.
    """
    for entries in some:
        effects = EFFECTS.get(entries.event)
        for effect in effects or ():
            effect(entries, changes)
        if effects is None and entries.event not in FOLDED:
            raise LedgerError(
                f"No table follows from the event {entries.event}.",
                "Update the program: the contracts are newer.",
            )


def fold(entries: Iterable[Entry], changes: Changes) -> None:
    """Moves on the things that entries of `FOLDED` events are about."""
    for entry in entries:
        changes.fold(_FOLD_OF[entry.event], entry)
