"""Ethereum's Merkle-Patricia trie: reading one key of it by a proof, and making such proofs.

As in the Yellow Paper, appendix D: a node is the RLP of a branch (17 items), or of an extension or a leaf
(2 items, the first the rest of the path in hex-prefix encoding); a node is named by the keccak256 of its RLP,
or stands itself where it is shorter than 32 bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError

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
            raise ProofInvalid(part, "one of its nodes is no RLP") from error
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


def _pack(path: _Nibbles, leaf: bool) -> bytes:
    flag = 2 * leaf + len(path) % 2
    nibbles = (flag, *path) if len(path) % 2 else (flag, 0, *path)
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


class Trie:
    """A whole trie, made from its items; no key may be the beginning of another."""

    def __init__(self, items: Mapping[bytes, bytes]) -> None:
        self._raw: dict[bytes, bytes] = {}
        self.root = EMPTY_ROOT
        if items:
            top = self._node([(_nibbles(key), value) for key, value in sorted(items.items())])
            self.root = self._keep(rlp.encode(top))

    def proof(self, key: bytes) -> list[bytes]:
        """The nodes from the root down to a key, or to where it would be, as :func:`read` takes them."""
        nodes: list[bytes] = []
        if self.root != EMPTY_ROOT:
            _follow(self.root, _nibbles(key), self._tracing(nodes, key), "own trie")
        return nodes

    def _tracing(self, nodes: list[bytes], key: bytes) -> Any:
        path, reference = _nibbles(key), self.root
        while True:
            raw = self._raw[reference]
            nodes.append(raw)
            yield raw
            reference, path = _next_hash(rlp.decode(raw), path)

    def _node(self, items: list[tuple[_Nibbles, bytes]]) -> list[Any]:
        if len(items) == 1:
            path, value = items[0]
            return [_pack(path, leaf=True), value]
        first, last = items[0][0], items[-1][0]
        shared = next(i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
        if shared:
            rest = [(path[shared:], value) for path, value in items]
            return [_pack(first[:shared], leaf=False), self._reference(self._node(rest))]
        branch: list[Any] = [b""] * _BRANCH
        for nibble in range(16):
            below = [(path[1:], value) for path, value in items if path[0] == nibble]
            if below:
                branch[nibble] = self._reference(self._node(below))
        return branch

    def _reference(self, node: list[Any]) -> Any:
        raw = rlp.encode(node)
        return node if len(raw) < 32 else self._keep(raw)

    def _keep(self, raw: bytes) -> bytes:
        name = bytes(keccak(raw))
        self._raw[name] = raw
        return name


def _next_hash(node: Any, path: _Nibbles) -> tuple[bytes, _Nibbles]:
    """The next node that has a name, on the way along a path that is known to go on."""
    while True:
        if len(node) == _BRANCH:
            node, path = node[path[0]], path[1:]
        else:
            prefix, _ = _unpack(node[0], "own trie")
            node, path = node[1], path[len(prefix) :]
        if isinstance(node, bytes):
            return node, path
