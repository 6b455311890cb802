"""The mirror goes on step by step: blocks that were read and checked, and wait to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.indexer import entries as journal
from ledger.indexer.entries import Entry, Header, Journals
from ledger.indexer.fetch import Batch
from ledger.indexer.projections.changes import table_of
from ledger.indexer.scope import Scope
from ledger.indexer.tokens import TokenRow
from ledger.store import tables
from ledger.store.copying import binary


@dataclass(frozen=True)
class Step:
    """Blocks ``first`` to ``last``, with the headers that were looked at.

    ``copied`` are the entries' rows as COPY takes them, ``journals`` stand after the entries, ``tokens`` are
    those that are described for the first time.
    """

    first: int
    last: Header
    headers: Mapping[int, Header]
    entries: Sequence[Entry]
    copied: Sequence[bytes]
    journals: Journals
    tokens: Sequence[TokenRow] = ()


def checked(scope: Scope, batch: Batch, journals: Journals) -> Step:
    """The step from where the journals stand, which stay there. Raises `EntryRejected` as `follow` does."""
    moved = journal.copy(journals)
    entries, rows = journal.follow(scope.chain_id, scope.kinds, moved, batch.logs, batch.headers)
    copied = list(binary(table_of(tables.Entry), rows)) if rows else []
    return Step(batch.first, batch.last, batch.headers, entries, copied, moved)
