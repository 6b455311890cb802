"""Messages that people sign in with (EIP-4361), written and read in one form.

Whoever has not signed in yet can send anything: the form is read in time that grows with its length.
(The reference library takes 20 seconds for some 4 kB.)
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from eth_typing import ChecksumAddress
from eth_utils.address import is_checksum_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.errors import LedgerError

LONGEST = 2_000
"""Characters of a message."""
STATEMENT = "Sign in to the Partnership Ledger. It costs nothing, sends nothing and moves no money."

_LINE = r"[\x20-\x7e]{0,500}"
_URI = r"[a-zA-Z][a-zA-Z0-9+.\-]{0,30}:[\x21-\x7e]{1,300}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
_FORM = re.compile(
    rf"(?:(?P<scheme>[a-zA-Z][a-zA-Z0-9+.\-]{{0,30}})://)?(?P<domain>[^\s/?#]{{1,260}})"
    r" wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n\n"
    rf"(?:(?P<statement>{_LINE})\n)?\n"
    rf"URI: (?P<uri>{_URI})\n"
    r"Version: (?P<version>\d{1,9})\n"
    r"Chain ID: (?P<chain_id>\d{1,20})\n"
    r"Nonce: (?P<nonce>[a-zA-Z0-9]{8,100})\n"
    rf"Issued At: (?P<issued_at>{_TIME})"
    rf"(?:\nExpiration Time: (?P<expiration_time>{_TIME}))?"
    rf"(?:\nNot Before: (?P<not_before>{_TIME}))?"
    r"(?:\nRequest ID: (?P<request_id>[\x21-\x7e]{0,300}))?"
    rf"(?:\nResources:(?P<resources>(?:\n- {_URI})*))?",
    re.ASCII,
)


class MessageInvalid(LedgerError):
    """The text is not a sign-in message, or not one of its form."""


@dataclass(frozen=True)
class Message:
    """A message in the form of EIP-4361; times are seconds since 1970, None where it says none."""

    domain: str
    address: ChecksumAddress
    uri: str
    chain_id: int
    nonce: str
    issued_at: float
    scheme: str | None = None
    expires_at: float | None = None
    not_before: float | None = None


def compose(origin: str, address: str, *, chain_id: int, nonce: str, issued_at: int, expires_at: int) -> str:
    """The message that a wallet is asked to sign. ``origin`` is the server's, as ``https://host``."""
    domain = origin.partition("://")[2]
    return (
        f"{domain} wants you to sign in with your Ethereum account:\n"
        f"{to_checksum_address(address)}\n\n{STATEMENT}\n\n"
        f"URI: {origin}\nVersion: 1\nChain ID: {chain_id}\nNonce: {nonce}\n"
        f"Issued At: {_written(issued_at)}\nExpiration Time: {_written(expires_at)}"
    )


def parse(text: str) -> Message:
    """Reads a message. Raises MessageInvalid with the part that is not as it should be."""
    if len(text) > LONGEST:
        raise MessageInvalid(f"A message has {LONGEST:,} characters at most, this one has {len(text):,}.")
    found = _FORM.fullmatch(text)
    if found is None:
        raise MessageInvalid(
            "The message is not in the form of EIP-4361.",
            "Have the wallet sign the message as the server gave it, character by character.",
        )
    if found["version"] != "1":
        raise MessageInvalid(f"Expected version 1 of the message, got {found['version']}.")
    address = found["address"]
    digits = address[2:]
    if digits not in (digits.lower(), digits.upper()) and not is_checksum_address(address):
        raise MessageInvalid(f"The checksum of {address} is wrong: a character was mistyped.")
    return Message(
        domain=found["domain"],
        address=to_checksum_address(address),
        uri=found["uri"],
        chain_id=int(found["chain_id"]),
        nonce=found["nonce"],
        issued_at=_read(found["issued_at"]) or 0.0,
        scheme=found["scheme"],
        expires_at=_read(found["expiration_time"]),
        not_before=_read(found["not_before"]),
    )


def digest(text: str) -> bytes:
    """What a wallet signs of it (EIP-191, `personal_sign`)."""
    content = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n" + str(len(content)).encode() + content)


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(text: str | None) -> float | None:
    if text is None:
        return None
    whole, point, rest = text.partition(".")
    if point:  # of nine digits Python takes six
        fraction = re.match(r"\d+", rest)
        end = rest[fraction.end() :] if fraction else rest
        text = f"{whole}.{rest[: fraction.end() if fraction else 0][:6].ljust(6, '0')}{end}"
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError) as error:
        raise MessageInvalid(f"The message names a time that is none: {text}.") from error
