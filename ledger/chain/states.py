"""Solidity's enumerations and reason codes."""

from enum import IntEnum

from ledger.errors import LedgerError


class Rule(IntEnum):
    """How conflicts of a programme's deals are settled; so far only FIRST_REGISTERED can be chosen."""

    NONE = 0
    FIRST_REGISTERED = 1
    TERRITORY = 2
    OPEN = 3


class State(IntEnum):
    """State of a deal. Expiry and exclusivity are functions of time, never states."""

    NONE = 0
    COMMITTED = 1
    REGISTERED = 2
    APPROVED = 3
    RETURNED = 4
    REJECTED = 5
    WON = 6
    LOST = 7
    WITHDRAWN = 8


def reason_code(text: str) -> bytes:
    """A reason as the contracts keep it: 1 to 32 printable ASCII characters. Raises LedgerError."""
    if not 1 <= len(text) <= 32 or not text.isascii() or not text.isprintable():
        raise LedgerError(
            f"{text!r} is no reason code.", "Write 1 to 32 plain letters, as EXISTING_CUSTOMER."
        )
    return text.encode("ascii").ljust(32, b"\0")


def reason_text(code: bytes) -> str:
    """The reason as text; what is not plain text is shown as 0x hex."""
    text = code.rstrip(b"\0")
    if text.isascii() and text.decode("ascii").isprintable():
        return text.decode("ascii")
    return "0x" + code.hex()
