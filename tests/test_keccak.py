"""keccak256: the native one and the portable one are one function."""

from eth_hash.auto import keccak as portable
from hypothesis import given
from hypothesis import strategies as st

from ledger.keccak import keccak


@given(st.binary(max_size=600))
def test_the_hash_is_the_same_wherever_it_is_made(data: bytes) -> None:
    assert keccak(data) == portable(data)


def test_the_published_hash_of_nothing() -> None:
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
