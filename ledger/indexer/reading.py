"""From a node to steps that can be written: blocks fetched one range after the other, and checked."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace

from ledger.chain.node import Node
from ledger.indexer import heads, tokens
from ledger.indexer.entries import Header, Journals, Point
from ledger.indexer.fetch import Batch, ChainMoved, Fetcher
from ledger.indexer.scope import Scope
from ledger.indexer.steps import Step, checked

LARGEST_WINDOW = 1_024
"""Blocks kept at most to notice a reorganisation; a deeper one is found by the blocks that carry entries."""


@dataclass(frozen=True)
class Reading:
    """What is to be read: the blocks after ``at``, where the ``journals`` stand, up to ``newest``.

    Blocks up to ``final`` will not change any more; of ``known_tokens``, nobody need ask.
    Where ``at`` is None, nothing has been read yet.
    """

    at: Point | None
    journals: Journals
    newest: Header
    final: int
    known_tokens: frozenset[bytes]


def batches(fetcher: Fetcher, scope: Scope, reading: Reading) -> Iterator[Batch]:
    """The blocks, each following the one before it. Raises `ChainMoved` and what the node raises."""
    at, newest = reading.at, reading.newest
    window = max(reading.final + 1, newest.number - LARGEST_WINDOW)
    while at is None or at.number < newest.number:
        first = scope.first_block if at is None else at.number + 1
        batch = fetcher.batch(first, newest, window)
        if at is not None and batch.headers[first].parent_hash != at.hash:
            raise ChainMoved(f"Block {first} does not follow the block before it.")
        yield batch
        at = batch.last


def steps(fetcher: Fetcher, scope: Scope, reading: Reading) -> Generator[Step, None, None]:
    """What is to be read, step by step. Raises as `batches` and `check` do."""
    yield from check(fetcher.node, scope, reading, batches(fetcher, scope, reading))


def check(node: Node, scope: Scope, reading: Reading, fetched: Iterable[Batch]) -> Iterator[Step]:
    """What `batches` gave, checked entry by entry.

    Where they end, every journal must end where its contract's does: what is missing at the end of the last
    batch keeps that batch out. Raises `EntryRejected`, `ChainMoved` and what the node raises.
    """
    journals, known = reading.journals, set(reading.known_tokens)
    for batch in fetched:
        step = checked(scope, batch, journals)
        if batch.last.number == reading.newest.number:
            heads.compare(node, scope, step.journals, batch.last)
        new = step.named - known
        yield replace(step, tokens=tokens.describe(node, scope.chain_id, new))
        journals, known = step.journals, known | new
