"""How many blocks are asked for at once."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.indexer.ranges import LOGS_AT_ONCE, RangeSize


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


def test_a_single_block_cannot_be_halved() -> None:
    size = RangeSize(start=2)
    assert size.refused()
    assert not size.refused()
    assert size.blocks == 1


@given(logs_in_a_block=st.integers(1, 100_000))
def test_answers_do_not_stay_too_large(logs_in_a_block: int) -> None:
    size = RangeSize()
    for _ in range(20):
        size.answered(size.blocks, size.blocks * logs_in_a_block)
    assert size.blocks == 1 or size.blocks * logs_in_a_block <= LOGS_AT_ONCE
