"""How many blocks are asked for at once."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from partnership import Partnership
from single_logs import Log, singly

from ledger.chain.node import RpcRefused, connect
from ledger.chain.ranges import LOGS_AT_ONCE, RangeSize
from ledger.indexer.fetch import MOST_BYTES, Fetcher
from ledger.indexer.scope import Scope


@given(limit=st.integers(1, 5_000), logs_in_a_block=st.integers(0, 500))
def test_any_limit_is_found_and_stayed_near(limit: int, logs_in_a_block: int) -> None:
    """A node that takes at most ``limit`` blocks: at most every other question is refused."""
    size = RangeSize()
    refused = answered = read = 0
    while read < 100 * limit and answered < 1_000:
        if size.blocks > limit:
            assert size.refused()
            refused += 1
            continue
        asked = size.blocks
        size.answered(asked, asked * logs_in_a_block)
        read += asked
        answered += 1
    assert refused <= answered + 12
    assert 1 <= size.blocks <= 100_000


@pytest.mark.parametrize("fault", [RangeSize.refused, RangeSize.doubted])
def test_a_single_block_is_read_by_its_receipts(
    fault: Callable[[RangeSize], bool],
) -> None:
    size = RangeSize(start=2)
    assert fault(size)
    assert (size.blocks, size.by_receipts) == (1, False)
    assert fault(size)
    assert (size.blocks, size.by_receipts) == (1, True)
    assert not fault(size)
    for _ in range(64):
        size.answered(size.blocks, 1)
    assert not size.by_receipts


@given(logs_in_a_block=st.integers(1, 100_000))
def test_answers_do_not_stay_too_large(logs_in_a_block: int) -> None:
    size = RangeSize()
    for _ in range(20):
        size.answered(size.blocks, size.blocks * logs_in_a_block)
    assert size.blocks == 1 or size.blocks * logs_in_a_block <= LOGS_AT_ONCE


def test_an_answer_too_large_for_memory_is_asked_for_in_parts(partnership: Partnership) -> None:
    world = partnership.world
    partnership.work(rounds=2)
    scope = Scope.of(world.deployment)
    whole, once = _read_all(world.node.url, scope, MOST_BYTES)
    parts, often = _read_all(world.node.url, scope, 20_000)
    assert parts == whole
    assert often > once
    with pytest.raises(RpcRefused, match="larger than 200 bytes"):  # not one block is that small
        _read_all(world.node.url, scope, 200)


def _read_all(url: str, scope: Scope, most_bytes: int) -> tuple[list[Log], int]:
    """All logs, and in how many batches they came."""
    fetcher = Fetcher(connect(url), scope, size=RangeSize(start=100_000), most_bytes=most_bytes)
    newest, logs, batches, first = fetcher.newest(), [], 0, scope.first_block
    while first <= newest.number:
        batch = fetcher.batch(first, newest, newest.number)
        logs += singly(batch.logs)
        batches += 1
        first = batch.last.number + 1
    return logs, batches
