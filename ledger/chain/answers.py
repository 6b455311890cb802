"""What answers are made of, read strictly: whole numbers, hashes and bytes, in hexadecimal of any case."""

import re
from typing import Any

_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,64}")
_DATA = re.compile(r"0[xX]([0-9a-fA-F]{2})*")


def number(value: Any, bits: int = 256) -> int:
    """A number of at most so many bits: hexadecimal, also with leading zeros, or a number of JSON's own.

    Raises ValueError for all else: "0x" is not a zero, it is not an answer.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        found = int(value, 16)
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        found = value
    else:
        raise ValueError("it is not a number in hexadecimal")
    if found >> bits:
        raise ValueError(f"it has more than {bits} bits")
    return found


def data(value: Any, size: int | None = None) -> bytes:
    """Bytes, of which there must be ``size`` when it is given. Raises ValueError."""
    if not isinstance(value, str) or not _DATA.fullmatch(value):
        raise ValueError("it is not bytes in hexadecimal")
    found = bytes.fromhex(value[2:])
    if size is not None and len(found) != size:
        raise ValueError(f"it has {len(found)} bytes, not {size}")
    return found
