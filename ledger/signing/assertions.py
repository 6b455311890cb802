"""What an authenticator answers when a passkey signs (WebAuthn), and what an account takes for it."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError

from ledger.errors import LedgerError

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_FORM = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"]
_PRESENT, _VERIFIED = 0x01, 0x04
_LEAST = 37
"""Bytes of authenticator data: the hash of the site, flags, and a counter."""
_AGAIN = "Sign again with your passkey, on this server's own pages."


class AssertionInvalid(LedgerError):
    """The answer is not one of this site's passkey over what was asked."""


@dataclass(frozen=True)
class Assertion:
    """``signature`` as authenticators give it (DER)."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes


def from_base64url(text: str) -> bytes:
    """Bytes as browsers write them for WebAuthn. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("expected letters, digits, - and _ alone")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("expected base64url") from error


def to_base64url(content: bytes) -> str:
    """The same, written."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def require_good(made: Assertion, challenge: bytes, origin: str) -> None:
    """That it is over the challenge, made on the pages of ``origin``, by somebody who was verified.

    Whose key it is, the account is asked. Raises AssertionInvalid.
    """
    said = _client_data(made.client_data)
    if said.get("type") != "webauthn.get":
        raise AssertionInvalid(
            f"Expected a passkey that signs (webauthn.get), got {_shown(said.get('type'))}.", _AGAIN
        )
    require_site(made, origin)
    if said.get("challenge") != to_base64url(challenge):
        raise AssertionInvalid("The passkey signed something else than what was asked.", _AGAIN)
    flags = made.authenticator_data[32]
    if not flags & _PRESENT or not flags & _VERIFIED:
        raise AssertionInvalid(
            "The passkey did not check who holds it.",
            "It takes a fingerprint, a face or a PIN: set one up on the device, then sign again.",
        )


def require_site(made: Assertion, origin: str) -> None:
    """That it was made on the pages of ``origin``, ``https://host``. Raises AssertionInvalid."""
    said = _client_data(made.client_data)
    host = urlsplit(origin).hostname or ""
    if said.get("origin") != origin or said.get("crossOrigin") is True:
        raise AssertionInvalid(
            f"The passkey signed on the pages of {_shown(said.get('origin'))}, expected {origin}.", _AGAIN
        )
    if (
        len(made.authenticator_data) < _LEAST
        or made.authenticator_data[:32] != sha256(host.encode()).digest()
    ):
        raise AssertionInvalid(f"The passkey is another site's, expected one of {host}.", _AGAIN)


def encoded(made: Assertion) -> bytes:
    """The signature that the account takes: with a low s, and where in the client's data type and challenge
    are. Raises AssertionInvalid.
    """
    r, s = _numbers(made.signature)
    text = made.client_data.decode()
    kind, asked = made.client_data.find(b'"type":"webauthn.get"'), made.client_data.find(b'"challenge":"')
    if kind < 0 or asked < 0:
        raise AssertionInvalid(
            "The client's data does not say what was signed as the account reads it.", _AGAIN
        )
    s = min(s, _ORDER - s)
    return encode(_FORM, [r.to_bytes(32), s.to_bytes(32), asked, kind, made.authenticator_data, text])


def decoded(signature: bytes) -> Assertion | None:
    """What a signature in that form was made of; None when it is not in it."""
    try:
        r, s, _, _, authenticator_data, text = decode(_FORM, signature)
        made = Assertion(authenticator_data, text.encode(), r + s)
        _client_data(made.client_data)
    except (DecodingError, UnicodeDecodeError, OverflowError, AssertionInvalid):
        return None
    return made


def _client_data(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content.decode())
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise AssertionInvalid("The client's data is not the JSON that browsers make of it.", _AGAIN)
    return said


def _numbers(der: bytes) -> tuple[int, int]:
    """r and s of a signature in DER. Raises AssertionInvalid."""
    numbers, rest = [], der[2:]
    good = len(der) >= 8 and der[0] == 0x30 and der[1] == len(rest)
    for _ in range(2):
        good = good and len(rest) > 2 and rest[0] == 0x02 and len(rest) >= 2 + rest[1]
        if not good:
            break
        numbers.append(int.from_bytes(rest[2 : 2 + rest[1]]))
        rest = rest[2 + rest[1] :]
    if not good or rest or not all(0 < each < _ORDER for each in numbers):
        raise AssertionInvalid("The signature is not one of the curve P-256, in DER.", _AGAIN)
    return numbers[0], numbers[1]


def _shown(value: object) -> str:
    return repr(value)[:100]
