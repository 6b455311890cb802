"""Ethereum's Merkle-Patricia trie: reading one key of it by a proof, and the root of a block's lists.

As in the Yellow Paper, appendix D: a node is the RLP of a branch (17 items), or of an extension or a leaf
(2 items, the first the rest of the path in hex-prefix encoding); a node is named by the keccak256 of its RLP,
or stands itself where it is shorter than 32 bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import rlp
from rlp.exceptions import DecodingError

from ledger.keccak import keccak
from ledger.proof import rlp_writing
from ledger.proof.errors import ProofInvalid

EMPTY_ROOT = keccak(rlp.encode(b""))
"""Root of a trie that holds nothing."""

_BRANCH, _SHORT = 17, 2
_Nibbles = tuple[int, ...]


def read(root: bytes, key: bytes, nodes: Sequence[bytes], part: str) -> bytes | None:
    """The value at a key of the trie with this root, or None when the proof shows that there is none.

    ``nodes``: RLP of the nodes from the root down, without those that stand inside another. ``part`` names
    the proof in errors. Raises ProofInvalid when a node is not the one above it names, one is missing or one
    too many.
    """
    given = iter(nodes)
    value = _follow(root, _nibbles(key), given, part) if root != EMPTY_ROOT else None
    if next(given, None) is not None:
        raise ProofInvalid(part, "it has nodes that lead nowhere")
    return value


def root_of_list(values: Sequence[bytes]) -> bytes:
    """Root of the trie that holds a block's transactions, or its receipts, under their numbers from 0 on."""
    if not values:
        return EMPTY_ROOT
    items = sorted((rlp_writing.number(number).hex(), value) for number, value in enumerate(values))
    return keccak(_written(items, 0, len(items), 0))


def root_of_mapping(values: Mapping[bytes, bytes]) -> bytes:
    """Root of the trie that holds these values under the keccak256 of their keys, as storage does."""
    if not values:
        return EMPTY_ROOT
    items = sorted((keccak(key).hex(), value) for key, value in values.items())
    return keccak(_written(items, 0, len(items), 0))


def _written(items: Sequence[tuple[str, bytes]], first: int, end: int, depth: int) -> bytes:
    """The node of some items, whose paths, in hexadecimal digits, are alike up to a depth."""
    path = items[first][0]
    if end - first == 1:
        return rlp_writing.listed(map(rlp_writing.item, (_packed(path[depth:], leaf=True), items[first][1])))
    last, shared = items[end - 1][0], depth
    while path[shared] == last[shared]:
        shared += 1
    if shared > depth:
        prefix = rlp_writing.item(_packed(path[depth:shared], leaf=False))
        return rlp_writing.listed((prefix, _reference(_written(items, first, end, shared))))
    children = [b"\x80"] * _BRANCH
    while first < end:
        digit, begin = items[first][0][depth], first
        while first < end and items[first][0][depth] == digit:
            first += 1
        children[int(digit, 16)] = _reference(_written(items, begin, first, depth + 1))
    return rlp_writing.listed(children)


def _reference(node: bytes) -> bytes:
    return node if len(node) < 32 else rlp_writing.item(keccak(node))


def _packed(digits: str, *, leaf: bool) -> bytes:
    """A path in hex-prefix encoding."""
    flag = 2 * leaf
    return bytes.fromhex(f"{flag + 1}{digits}" if len(digits) % 2 else f"{flag}0{digits}")


def _follow(root: bytes, path: _Nibbles, given: Any, part: str) -> bytes | None:
    reference: Any = root
    while True:
        node = _resolve(reference, given, part)
        if len(node) == _BRANCH:
            if not path:
                return bytes(node[16]) or None
            reference, path = node[path[0]], path[1:]
        else:
            prefix, leaf = _unpack(node[0], part)
            if path[: len(prefix)] != prefix or (leaf and len(path) != len(prefix)):
                return None
            if leaf:
                return bytes(node[1])
            reference, path = node[1], path[len(prefix) :]
        if reference == b"":
            return None


def _resolve(reference: Any, given: Any, part: str) -> list[Any]:
    if isinstance(reference, bytes):
        raw = next(given, None)
        if raw is None:
            raise ProofInvalid(part, f"the node 0x{reference.hex()} is missing")
        if keccak(raw) != reference:
            raise ProofInvalid(part, f"it has another node where 0x{reference.hex()} must be")
        try:
            reference = rlp.decode(raw)
        except DecodingError as error:
            raise ProofInvalid(part, "one of its nodes is not RLP") from error
    if not isinstance(reference, list) or len(reference) not in (_BRANCH, _SHORT):
        raise ProofInvalid(part, "one of its nodes is none of a trie")
    return reference


def _nibbles(key: bytes) -> _Nibbles:
    return tuple(nibble for byte in key for nibble in (byte >> 4, byte & 15))


def _unpack(packed: Any, part: str) -> tuple[_Nibbles, bool]:
    """A path in hex-prefix encoding, and whether it ends in a leaf."""
    if not isinstance(packed, bytes) or not packed or packed[0] >> 4 > 3:
        raise ProofInvalid(part, "one of its nodes has no path")
    nibbles = _nibbles(packed)
    odd, leaf = nibbles[0] & 1, nibbles[0] & 2
    return nibbles[1 if odd else 2 :], bool(leaf)
