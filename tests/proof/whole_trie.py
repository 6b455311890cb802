"""A whole trie and the proofs of its keys: what a node makes, for tests of who reads them."""

from collections.abc import Mapping
from typing import Any

import rlp
from eth_hash.auto import keccak

from ledger.proof.trie import EMPTY_ROOT

_BRANCH = 17
_Nibbles = tuple[int, ...]


def _pack(path: _Nibbles, leaf: bool) -> bytes:
    flag = 2 * leaf + len(path) % 2
    nibbles = (flag, *path) if len(path) % 2 else (flag, 0, *path)
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


class WholeTrie:
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
            path, reference = _nibbles(key), self.root
            while reference:
                nodes.append(self._raw[reference])
                reference, path = _next_hash(rlp.decode(nodes[-1]), path)
        return nodes

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
    """The next node that has a name on the way along a path; no name where the way ends."""
    while True:
        if len(node) == _BRANCH:
            if not path:
                return b"", ()
            node, path = node[path[0]], path[1:]
        else:
            prefix, leaf = _unpacked(node[0])
            if leaf or path[: len(prefix)] != prefix:
                return b"", ()
            node, path = node[1], path[len(prefix) :]
        if isinstance(node, bytes):
            return node, path


def _nibbles(key: bytes) -> _Nibbles:
    return tuple(nibble for byte in key for nibble in (byte >> 4, byte & 15))


def _unpacked(packed: bytes) -> tuple[_Nibbles, bool]:
    nibbles = _nibbles(packed)
    return nibbles[1 if nibbles[0] & 1 else 2 :], bool(nibbles[0] & 2)
