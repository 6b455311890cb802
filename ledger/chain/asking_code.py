"""Code that asks a wallet as the contracts do: without letting it change anything, and taking for an answer
only a word that comes back from a call that went well. It is run by eth_call alone, and never put on a chain.
"""

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address

from ledger.signing.counterfactual import Wrapped

_CALLDATASIZE, _CALLDATACOPY, _CODECOPY = b"\x36", b"\x37", b"\x39"
_CALL, _STATICCALL, _GAS, _POP = b"\xf1", b"\xfa", b"\x5a", b"\x50"
_MLOAD, _MSTORE, _MUL, _RETURN = b"\x51", b"\x52", b"\x02", b"\xf3"
_HAS_WORD = b"\x3d\x60\x1f\x10"
"""RETURNDATASIZE, PUSH1 31, LT: whether at least 32 bytes came back."""


def asked(wallet: ChecksumAddress, question: bytes) -> bytes:
    """Code of a contract that is called with the question: gives back the word that the wallet answers, zero
    when the call fails or answers less.
    """
    return _CALLDATASIZE + _push(0) * 2 + _CALLDATACOPY + _ask(wallet, len(question), len(question))


def created_and_asked(wrapped: Wrapped, wallet: ChecksumAddress, question: bytes) -> bytes:
    """Code for an eth_call without a receiver: has the factory create the wallet first, and then asks it."""
    length = len(_creating(wrapped, wallet, question, 0))
    return _creating(wrapped, wallet, question, length) + wrapped.creation + question


def _creating(wrapped: Wrapped, wallet: ChecksumAddress, question: bytes, own_length: int) -> bytes:
    creation_size, size = len(wrapped.creation), len(question)
    create = _push(0) * 2 + _push(creation_size) + _push(0) * 2 + _address(wrapped.factory) + _GAS + _CALL
    return b"".join(
        [
            _push(creation_size) + _push(own_length) + _push(0) + _CODECOPY,
            create + _POP,
            _push(size) + _push(own_length + creation_size) + _push(0) + _CODECOPY,
            _ask(wallet, size, max(creation_size, size)),
        ]
    )


def _ask(wallet: ChecksumAddress, size: int, answer_at: int) -> bytes:
    """Calls the wallet with the question that memory begins with."""
    at = _push(answer_at)
    call = (
        _push(32) + at + _push(size) + _push(0) + _address(to_canonical_address(wallet)) + _GAS + _STATICCALL
    )
    return call + _HAS_WORD + _MUL + at + _MLOAD + _MUL + at + _MSTORE + _push(32) + at + _RETURN


def _push(value: int) -> bytes:
    return b"\x63" + value.to_bytes(4, "big")  # PUSH4


def _address(address: bytes) -> bytes:
    return b"\x73" + address  # PUSH20
