"""Wallets that sign before they are on the chain (ERC-6492).

Such a signature is ``abi.encode(factory, calldata, signature)`` and 32 bytes that say so: whoever calls the
factory with the calldata creates the wallet, which then knows the signature within.
"""

from dataclasses import dataclass

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address

_MARK = bytes.fromhex("6492" * 16)
_CODECOPY, _CALL, _STATICCALL, _GAS, _POP = b"\x39", b"\xf1", b"\xfa", b"\x5a", b"\x50"
_MLOAD, _MSTORE, _MUL, _RETURN = b"\x51", b"\x52", b"\x02", b"\xf3"
_HAS_WORD = b"\x3d\x60\x1f\x10"
"""RETURNDATASIZE, PUSH1 31, LT: whether at least 32 bytes came back."""


@dataclass(frozen=True)
class Wrapped:
    """Who creates the wallet, by which calldata, and the signature that it then knows."""

    factory: bytes
    creation: bytes
    signature: bytes


def is_wrapped(signature: bytes) -> bool:
    """Whether it says of itself that it is such a signature."""
    return signature.endswith(_MARK)


def opened(signature: bytes) -> Wrapped | None:
    """What is in it; None when it is not wrapped, or not as the standard says."""
    if not is_wrapped(signature):
        return None
    try:
        factory, creation, inner = decode(["address", "bytes", "bytes"], signature[: -len(_MARK)])
    except DecodingError:
        return None
    return Wrapped(to_canonical_address(factory), creation, inner)


def created_and_asked(wrapped: Wrapped, wallet: ChecksumAddress, question: bytes) -> bytes:
    """Code for an eth_call without a receiver: has the factory create the wallet, asks it the question, and
    gives back the word that it answers, zero when the call fails or answers less.
    """
    length = len(_code(wrapped, wallet, question, 0))
    return _code(wrapped, wallet, question, length) + wrapped.creation + question


def _code(wrapped: Wrapped, wallet: ChecksumAddress, question: bytes, own_length: int) -> bytes:
    creation_size, question_size = len(wrapped.creation), len(question)
    answer_at = _push(max(creation_size, question_size))
    return b"".join(
        [
            _push(creation_size) + _push(own_length) + _push(0) + _CODECOPY,
            _push(0) * 2
            + _push(creation_size)
            + _push(0) * 2
            + _address(wrapped.factory)
            + _GAS
            + _CALL
            + _POP,
            _push(question_size) + _push(own_length + creation_size) + _push(0) + _CODECOPY,
            _push(32) + answer_at + _push(question_size) + _push(0),
            _address(to_canonical_address(wallet)) + _GAS + _STATICCALL,
            _HAS_WORD + _MUL + answer_at + _MLOAD + _MUL + answer_at + _MSTORE,
            _push(32) + answer_at + _RETURN,
        ]
    )


def _push(value: int) -> bytes:
    return b"\x63" + value.to_bytes(4, "big")  # PUSH4


def _address(address: bytes) -> bytes:
    return b"\x73" + address  # PUSH20
