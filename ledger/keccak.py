"""keccak256, which the journals are chained with: natively where the machine has that, else as web3 does it.

Two hashes an entry are most of what reading it costs, and pycryptodome, which web3 brings along, takes five
times as long for them as safe-pysha3 (which has no ready-made build for every system).
"""

from collections.abc import Iterable

from eth_hash.auto import keccak as _portable

try:
    from sha3 import keccak_256 as _native
except ImportError:
    _native = None


def keccaks(some: Iterable[bytes]) -> list[bytes]:
    """The hash of each."""
    if _native is None:
        return [*map(_portable, some)]
    return [_native(data).digest() for data in some]


def keccak(data: bytes) -> bytes:
    """The 32-byte hash."""
    return _portable(data) if _native is None else bytes(_native(data).digest())
