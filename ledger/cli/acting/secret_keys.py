"""The keys that blind invoices and customers, from the settings. None of them is ever shown."""

from pydantic import SecretStr

from ledger.errors import LedgerError
from ledger.settings import Settings


def import_key() -> bytes:
    """The account's import key, by which the same invoice and deal have the same reference for ever.

    Raises LedgerError.
    """
    return _key(
        Settings().import_key,
        "PLEDGER_IMPORT_KEY",
        "It is the account's `import_key` in the keys file of `pledger import`: 32 random bytes that stay "
        "the same.",
    )


def epoch_key() -> bytes:
    """The programme's tag key of its newest epoch. Raises LedgerError."""
    return _key(
        Settings().epoch_key,
        "PLEDGER_EPOCH_KEY",
        "It is the key of the programme's newest epoch: its owner gives it to the partners.",
    )


def _key(given: SecretStr | None, name: str, what: str) -> bytes:
    if given is None:
        raise LedgerError(f"{name} is not set.", what)
    digits = given.get_secret_value().strip().removeprefix("0x")
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise LedgerError(f"{name} is not a key: expected 0x and 64 hexadecimal digits.", what)
    return key
