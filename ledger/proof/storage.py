"""A contract's storage as of a block, proved from the block's state root (EIP-1186)."""

from collections.abc import Sequence

import rlp

from ledger.keccak import keccak
from ledger.proof import trie
from ledger.proof.errors import ProofInvalid

_ACCOUNT_FIELDS = 4


def storage_root(state_root: bytes, address: bytes, nodes: Sequence[bytes], part: str) -> bytes:
    """Root of a contract's storage. ``nodes``: the account proof.

    Raises ProofInvalid, also when there is no such account: a proof of nothing's storage would say zero.
    """
    raw = trie.read(state_root, keccak(address), nodes, part)
    if raw is None:
        raise ProofInvalid(part, f"there is no account 0x{address.hex()} in that block")
    account = rlp.decode(raw)
    if len(account) != _ACCOUNT_FIELDS:
        raise ProofInvalid(part, "it leads to no account")
    return bytes(account[2])


def word(root: bytes, slot: bytes, nodes: Sequence[bytes], part: str) -> bytes:
    """The 32 bytes in a storage slot; zeros where nothing is stored. Raises ProofInvalid."""
    raw = trie.read(root, keccak(slot), nodes, part)
    return bytes(32) if raw is None else bytes(rlp.decode(raw)).rjust(32, b"\0")


def of_mapping(key: bytes, slot: bytes) -> bytes:
    """Where a mapping at a slot keeps the value of a key; one of less than 32 bytes is padded on the left."""
    return bytes(keccak(key.rjust(32, b"\0") + slot.rjust(32, b"\0")))
