"""A partner's signature over an action, as anyone may carry it to the contracts."""

import secrets
from dataclasses import dataclass
from typing import Any

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from ledger.signing import TypedData


@dataclass(frozen=True)
class Authorization:
    """``nonce`` and ``deadline`` (unix seconds, inclusive) are those inside the signed message."""

    nonce: int
    deadline: int
    signature: bytes

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Authorization``."""
        return (self.nonce, self.deadline, self.signature)


BY_TRANSACTION = Authorization(0, 0, b"")
"""Stands in ``activate`` for a party that accepted by its own transaction, or sends this one."""


def random_nonce() -> int:
    """A nonce nobody can guess; nonces are unordered, so a partner's devices need not share a counter.

    64 bits: no account signs so much that two of its nonces meet, and each byte more costs gas.
    """
    return secrets.randbits(64)


def authorization(typed_data: TypedData, signature: bytes) -> Authorization:
    """The signature together with the nonce and deadline of the message it is over."""
    message = typed_data["message"]
    return Authorization(int(message["nonce"]), int(message["deadline"]), signature)


def sign(typed_data: TypedData, key: LocalAccount) -> Authorization:
    """Signs with an externally owned account's key (65 bytes)."""
    signed = key.sign_message(encode_typed_data(full_message=typed_data))
    return authorization(typed_data, bytes(signed.signature))
