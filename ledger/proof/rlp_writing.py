"""RLP, written by hand: a header, a receipt or a node of a trie is a few dozen short items, for which the
library's checks take ten times as long. (Reading is the library's: what is read may be anybody's.)

As in the Yellow Paper, appendix B.
"""

from collections.abc import Iterable

_SHORT = 56
"""From so many bytes on, the length is written out."""


def item(raw: bytes) -> bytes:
    """A string of bytes, encoded."""
    length = len(raw)
    if length == 1 and raw[0] < 0x80:
        return raw
    if length < _SHORT:
        return bytes((0x80 + length,)) + raw
    return _long(0xB7, length) + raw


def listed(encoded: Iterable[bytes]) -> bytes:
    """A list of items that are encoded already."""
    body = b"".join(encoded)
    length = len(body)
    return (bytes((0xC0 + length,)) if length < _SHORT else _long(0xF7, length)) + body


def number(value: int) -> bytes:
    """A whole number from 0 on, encoded."""
    return item(value.to_bytes((value.bit_length() + 7) // 8))


def _long(base: int, length: int) -> bytes:
    written = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((base + len(written),)) + written
