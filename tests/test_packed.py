"""Packed columns say what their values one by one would."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.packed import PackedBytes, PackedNumbers, PackedTuples, side_by_side

WIDTHS = st.integers(0, 40)


def of_one_length(width: int, most: int = 6) -> st.SearchStrategy[list[bytes]]:
    return st.lists(st.binary(min_size=width, max_size=width), min_size=1, max_size=most)


SOME = WIDTHS.flatmap(of_one_length)


@given(SOME)
def test_bytes_come_out_as_they_went_in(values: list[bytes]) -> None:
    packed = PackedBytes.of(values)
    assert [*packed] == values
    assert packed[0] == values[0]
    assert packed[-2:] == values[-2:]
    assert [*PackedBytes.from_hex(["0x" + value.hex() for value in values], len(values[0]))] == values
    assert [*PackedBytes.joined([packed, packed])] == values + values


@given(st.lists(st.binary(max_size=3), min_size=1))
def test_bytes_of_different_lengths_are_refused(values: list[bytes]) -> None:
    if len({*map(len, values)}) == 1:
        assert [*PackedBytes.of(values)] == values
        return
    with pytest.raises(ValueError, match="lengths"):
        PackedBytes.of(values)


@pytest.mark.parametrize(
    "value", ["0x1", "0x123", "0x12345", "0x", "", "12", "0xzz12", "0x 123", "0x12 3", "0x1_23", "0xé123"]
)
def test_what_is_no_hexadecimal_of_that_length_is_refused(value: str) -> None:
    """Also where the lengths of all together are as they should be."""
    for values in ([value], ["0x1234", value], [value, value]):
        with pytest.raises(ValueError, match=r"\w"):
            PackedBytes.from_hex(values, 2)


def test_what_is_wrong_is_said_without_all_that_there_is() -> None:
    with pytest.raises(ValueError, match=r"\w") as error:
        PackedBytes.from_hex(["0x" + 1_000 * "ab", "0x" + 999 * "ab" + "é0"], 1_000)
    assert len(repr(error.value)) < 100


@given(st.integers(1, 33).flatmap(lambda width: of_one_length(width, most=4)))
def test_numbers_of_any_width_are_exact(values: list[bytes]) -> None:
    packed = PackedNumbers(PackedBytes.of(values).matrix)
    numbers = [int.from_bytes(value) for value in values]
    assert [*packed] == numbers
    assert all(type(number) is int for number in packed)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1))
def test_numbers_come_out_as_they_went_in(values: list[int]) -> None:
    packed = PackedNumbers.of(values)
    assert [*packed] == values
    numbers, which = packed.different()
    assert [numbers[place] for place in which.tolist()] == values
    assert numbers == sorted({*values})


@pytest.mark.parametrize("value", [-1, 2**64])
def test_numbers_that_do_not_fit_are_refused(value: int) -> None:
    with pytest.raises(OverflowError):
        PackedNumbers.of([0, value])


@given(st.data(), st.integers(1, 5))
def test_parts_side_by_side_are_joined(data: st.DataObject, count: int) -> None:
    parts: list[bytes | PackedBytes] = []
    for _ in range(data.draw(st.integers(0, 5))):
        width = data.draw(WIDTHS)
        one = st.binary(min_size=width, max_size=width)
        if data.draw(st.booleans()):
            parts.append(data.draw(one))
        else:
            parts.append(PackedBytes.of([data.draw(one) for _ in range(count)]))
    assert [*side_by_side(count, parts)] == [
        b"".join(part if isinstance(part, bytes) else part[place] for part in parts) for place in range(count)
    ]


@given(
    st.integers(1, 33).flatmap(lambda width: of_one_length(width, most=8)),
    st.lists(st.integers(0, 2), min_size=8, max_size=8),
)
def test_sums_are_exact(values: list[bytes], groups: list[int]) -> None:
    packed = PackedNumbers(PackedBytes.of(values).matrix)
    chosen = groups[: len(values)]
    sums = [
        sum(number for number, group in zip(packed, chosen, strict=True) if group == each)
        for each in range(3)
    ]
    assert packed.summed(np.array(chosen), 3) == sums
    first = packed.where(np.array(chosen) == 0)
    assert [*first] == [number if group == 0 else 0 for number, group in zip(packed, chosen, strict=True)]


@given(st.integers(0, 3), st.integers(1, 4))
def test_tuples_are_read_across(places: int, count: int) -> None:
    values = [tuple(bytes([place, row]) for place in range(places)) for row in range(count)]
    packed = PackedTuples([PackedBytes.of(column) for column in zip(*values, strict=True)], count)
    assert [*packed] == values
    assert (packed[0], len(packed)) == (values[0], count)
