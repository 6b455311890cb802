"""The mirror goes on step by step: blocks that were read and checked, and wait to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.indexer import entries as journal
from ledger.indexer import tokens
from ledger.indexer.effects import Effects, effects_of
from ledger.indexer.entries import Header, Journals
from ledger.indexer.fetch import Batch
from ledger.indexer.powers import PowerRow, power_rows
from ledger.indexer.projections.changes import table_of
from ledger.indexer.scope import Scope
from ledger.indexer.tokens import TokenRow
from ledger.store import tables
from ledger.store.copying import binary_columns


@dataclass(frozen=True)
class Step:
    """Blocks ``first`` to ``last``, with the headers that were looked at, and what their entries do.

    There are ``entries`` entries, in the blocks ``carriers``, and ``powers``, changes of who may do what, as
    rows; ``copied`` are their own rows as COPY takes
    them, and ``journals`` stand after them. They name the tokens ``named``, of which ``tokens`` are described
    for the first time.
    """

    first: int
    last: Header
    headers: Mapping[int, Header]
    entries: int
    carriers: frozenset[int]
    copied: Sequence[bytes]
    effects: Effects
    journals: Journals
    named: frozenset[bytes]
    powers: Sequence[PowerRow] = ()
    tokens: Sequence[TokenRow] = ()


def checked(scope: Scope, batch: Batch, journals: Journals) -> Step:
    """The step from where the journals stand, which stay there. Raises `EntryRejected` as `follow` does, and
    `PowersRejected` for what no access manager emits.
    """
    moved = journal.copy(journals)
    some, rows = journal.follow(scope.chain_id, scope.kinds, moved, batch.logs, batch.headers)
    return Step(
        batch.first,
        batch.last,
        batch.headers,
        sum(map(len, some)),
        frozenset(number for entries in some for number in entries.block_numbers),
        list(binary_columns(table_of(tables.Entry), rows)),
        effects_of(some),
        moved,
        frozenset(tokens.named(some)),
        power_rows(scope, batch.powers, batch.headers),
    )
