"""Whether a wallet's signature will count on chain, asked the way the contracts ask.

The same decision as contracts/shared/base/Authorizations.sol: the wallet's own key first, by 65 bytes with v
27 or 28 and a low s, whether or not the account has code (EIP-7702); only then the wallet itself, by
ERC-1271.
Wallets write a key's signature in several ways, of which the contracts take one: :func:`taken` finds the form
that they take, and nothing else is ever handed to them.
"""

import re
from collections.abc import Iterator

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

from ledger.chain.asking_code import asked, created_and_asked
from ledger.chain.node import Node, RpcRefused
from ledger.signing import counterfactual
from ledger.signing.recovering import HALF_ORDER, ORDER, PLAIN, recovered

_IS_VALID_SIGNATURE = keccak(text="isValidSignature(bytes32,bytes)")[:4]
_YES = _IS_VALID_SIGNATURE.ljust(32, b"\0")
_WORD = 32
_COMPACT = 64
_WITH_CHAIN = 35
"""The least v that holds a chain's id: v is 35 + 2 * id, and one more when y is odd."""
_LONGEST_V = 8
"""Bytes of v beyond which a signature is not a key's: chain ids are smaller."""


def parse(text: str) -> bytes:
    """A signature as people paste it: hexadecimal in either case, with or without 0x, white space around it
    or within. Raises ValueError.
    """
    digits = re.sub(r"\s+", "", text)
    return bytes.fromhex(digits[2:] if digits[:2] in ("0x", "0X") else digits)


def signer(digest: bytes, signature: bytes) -> ChecksumAddress | None:
    """As :func:`recovered`, in whichever of its forms a wallet wrote the signature."""
    return recovered(digest, _of_key(signature))


def taken(
    node: Node, wallet: ChecksumAddress, digest: bytes, signature: bytes, contract: ChecksumAddress
) -> bytes | None:
    """The signature of this wallet over the digest in the form that ``contract``, one of the ledger's, would
    take now; None when it would take none. Never empty: an empty one stands for a transaction.

    Raises NodeUnreachable, and RpcRefused when the node did not ask the wallet.
    """
    forms = list(_forms(signature))
    for form in forms:
        if recovered(digest, form) == wallet:
            return form
    if not node.has_code(wallet):
        return None
    return next((form for form in forms if _says_yes(node, wallet, _question(digest, form), contract)), None)


def counts_once_deployed(node: Node, wallet: ChecksumAddress, digest: bytes, signature: bytes) -> bool:
    """Whether a wrapped signature (ERC-6492) is good of a wallet that is not on the chain: one call that
    changes nothing has its factory make it, and asks it. Raises as :func:`taken`.
    """
    wrapped = counterfactual.opened(signature)
    if wrapped is None:
        return False
    code = created_and_asked(wrapped, wallet, _question(digest, wrapped.signature))
    return _answer(node, {"data": "0x" + code.hex()}) == _YES


def _forms(signature: bytes) -> Iterator[bytes]:
    """The ways in which it may count, the one it has first."""
    wrapped = counterfactual.opened(signature)
    given = [signature] if wrapped is None else [wrapped.signature, signature]
    yield from dict.fromkeys(form for own in given for form in (own, _of_key(own)) if form)


def _of_key(signature: bytes) -> bytes:
    """A key's signature as the contracts take it, from 64 bytes (EIP-2098), from a v of 0, 1 or with the
    chain's id (EIP-155), from a high s; whatever is none of these is left as it is.
    """
    s = int.from_bytes(signature[32:64], "big")
    if len(signature) == _COMPACT:
        odd, s = s >> 255, s & ((1 << 255) - 1)
    elif PLAIN <= len(signature) < PLAIN + _LONGEST_V:
        v = int.from_bytes(signature[64:], "big")
        if v not in (0, 1, 27, 28) and v < _WITH_CHAIN:
            return signature
        odd = v if v < 2 else 1 - v % 2
    else:
        return signature
    if HALF_ORDER < s < ORDER:
        odd, s = 1 - odd, ORDER - s
    return signature[:32] + s.to_bytes(32, "big") + bytes([27 + odd])


def _question(digest: bytes, signature: bytes) -> bytes:
    return _IS_VALID_SIGNATURE + encode(["bytes32", "bytes"], [digest, signature])


def _says_yes(node: Node, wallet: ChecksumAddress, question: bytes, contract: ChecksumAddress) -> bool:
    """Whether the wallet takes the signature when the contract asks, which lets it change nothing meanwhile.

    A node that cannot be given code to run instead of the contract's own is asked without that last point.
    """
    data = "0x" + question.hex()
    if _answer(node, {"from": contract, "to": wallet, "data": data})[:32] != _YES:
        return False
    instead = {str(contract): {"code": "0x" + asked(wallet, question).hex()}}
    try:
        unchanging = _answer(node, {"to": contract, "data": data}, instead)
    except RpcRefused:
        return True
    return unchanging == _YES or len(unchanging) != _WORD


def _answer(node: Node, call: dict[str, str], *more: dict[str, dict[str, str]]) -> bytes:
    """What a call gives back; nothing when it failed, which the contracts take for a no. ``more``: code by
    address, to be run instead of what is there.
    """
    try:
        return node.data("eth_call", [call, "latest", *more])
    except RpcRefused as error:
        if error.is_revert:
            return b""
        raise
