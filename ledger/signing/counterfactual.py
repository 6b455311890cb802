"""Wallets that sign before they are on the chain (ERC-6492).

Such a signature is ``abi.encode(factory, calldata, signature)`` and 32 bytes that say so: whoever calls the
factory with the calldata creates the wallet, which then knows the signature within.
"""

from dataclasses import dataclass

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_canonical_address

_MARK = bytes.fromhex("6492" * 16)


@dataclass(frozen=True)
class Wrapped:
    """Who creates the wallet, by which calldata, and the signature that it then knows."""

    factory: bytes
    creation: bytes
    signature: bytes


def is_wrapped(signature: bytes) -> bool:
    """Whether it says of itself that it is such a signature."""
    return signature.endswith(_MARK)


def wrapped(inside: Wrapped) -> bytes:
    """The signature of a wallet that is not on the chain yet."""
    return encode(["address", "bytes", "bytes"], [inside.factory, inside.creation, inside.signature]) + _MARK


def opened(signature: bytes) -> Wrapped | None:
    """What is in it; None when it is not wrapped, or not as the standard says."""
    if not is_wrapped(signature):
        return None
    try:
        factory, creation, inner = decode(["address", "bytes", "bytes"], signature[: -len(_MARK)])
    except DecodingError:
        return None
    return Wrapped(to_canonical_address(factory), creation, inner)
