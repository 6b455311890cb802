"""Arguments of one word each, read as eth_abi reads them."""

import pytest
from eth_abi.abi import encode
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.journal.words import WORD, Words, is_word
from ledger.packed import PackedBytes

KINDS = st.sampled_from(
    ["address", *(f"uint{8 * size}" for size in range(1, 33)), *(f"bytes{size}" for size in range(1, 33))]
)


def value_of(kind: str) -> st.SearchStrategy[int | bytes]:
    if kind.startswith("uint"):
        return st.integers(0, (1 << int(kind[4:])) - 1)
    size = 20 if kind == "address" else int(kind[5:])
    return st.binary(min_size=size, max_size=size)


@st.composite
def arguments(draw: st.DrawFn) -> tuple[list[str], list[int | bytes], int, list[bytes]]:
    """Types, values, how many of them are topics, and the words as eth_abi writes them."""
    kinds = draw(st.lists(KINDS, min_size=1, max_size=9))
    values = [draw(value_of(kind)) for kind in kinds]
    return (
        kinds,
        values,
        draw(st.integers(0, min(3, len(kinds)))),
        [encode([kind], [value]) for kind, value in zip(kinds, values, strict=True)],
    )


@given(arguments())
def test_words_are_read_as_eth_abi_writes_them(
    given: tuple[list[str], list[int | bytes], int, list[bytes]],
) -> None:
    kinds, values, indexed, words = given
    assert all(map(is_word, kinds))
    assert Words(kinds, indexed).read(words[:indexed], b"".join(words[indexed:])) == values


@given(arguments(), st.data())
def test_a_word_too_wide_is_refused(
    given: tuple[list[str], list[int | bytes], int, list[bytes]], data: st.DataObject
) -> None:
    kinds, _, indexed, words = given
    place = data.draw(st.integers(0, len(kinds) - 1))
    kind = kinds[place]
    size = 20 if kind == "address" else int(kind.removeprefix("uint").removeprefix("bytes"))
    size = size // 8 if kind.startswith("uint") else size
    assume(size < WORD)
    byte = data.draw(st.integers(size, 31) if kind.startswith("bytes") else st.integers(0, 31 - size))
    words[place] = words[place][:byte] + b"\1" + words[place][byte + 1 :]
    with pytest.raises(ValueError, match="too wide"):
        Words(kinds, indexed).read(words[:indexed], b"".join(words[indexed:]))


def test_topics_and_data_of_other_lengths_are_refused() -> None:
    words = Words(["uint256", "address", "bytes32"], 2)
    good = [bytes(WORD)] * 2
    assert words.read(good, bytes(WORD)) == [0, bytes(20), bytes(WORD)]
    for topics, data in (
        (good, bytes(31)),
        (good, bytes(64)),
        ([*good, bytes(WORD)], b""),
        ([bytes(31), bytes(33)], bytes(WORD)),
        ([], bytes(3 * WORD)),
    ):
        with pytest.raises(ValueError, match="topics"):
            words.read(topics, data)


@given(arguments(), st.integers(1, 4), st.data())
def test_columns_are_read_as_each_is(
    given: tuple[list[str], list[int | bytes], int, list[bytes]], count: int, data: st.DataObject
) -> None:
    """Also where one of them, or the length of all, is not what it must be."""
    kinds, _, indexed, _ = given
    words = Words(kinds, indexed)
    topics, rest = [], []
    for _ in range(count):
        written = [encode([kind], [data.draw(value_of(kind))]) for kind in kinds]
        topics.append(written[:indexed])
        rest.append(b"".join(written[indexed:]))
    change = data.draw(st.sampled_from(["none", "byte", "longer", "cut"]))
    place = data.draw(st.integers(0, count - 1))
    if change == "byte" and rest[place]:
        at = data.draw(st.integers(0, len(rest[place]) - 1))
        rest[place] = rest[place][:at] + b"\x7f" + rest[place][at + 1 :]
    elif change == "longer":
        more = bytes(data.draw(st.integers(1, 64)))
        rest = [each + more for each in rest]
    elif change == "cut" and indexed:
        topics = [[*each[:-1], each[-1][:31]] for each in topics]
        rest = [b"\0" + each for each in rest]
    packed = [PackedBytes.of(topic) for topic in zip(*topics, strict=True)], PackedBytes.of(rest)
    try:
        each = [words.read(some, others) for some, others in zip(topics, rest, strict=True)]
    except ValueError:
        with pytest.raises(ValueError, match=r"another length|too wide"):
            words.columns(*packed)
    else:
        assert [[*column] for column in words.columns(*packed)] == [
            [values[argument] for values in each] for argument in range(len(kinds))
        ]
