"""Reason codes: why something was returned, rejected or ruled, in words that contracts keep."""

from ledger.errors import LedgerError

_BYTES = 32


def reason_code(text: str) -> bytes:
    """A reason as the contracts keep it: 1 to 32 printable ASCII characters. Raises LedgerError."""
    if not 1 <= len(text) <= _BYTES or not text.isascii() or not text.isprintable():
        raise LedgerError(
            f"A reason code has 1 to 32 plain characters, got {text!r}.", "Write one as EXISTING_CUSTOMER."
        )
    return text.encode("ascii").ljust(_BYTES, b"\0")


def reason_text(code: bytes) -> str:
    """The reason as text; what is not plain text is shown as 0x hex."""
    text = code.rstrip(b"\0")
    if text.isascii() and text.decode("ascii").isprintable():
        return text.decode("ascii")
    return "0x" + code.hex()
