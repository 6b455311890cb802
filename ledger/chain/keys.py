"""The key that sends: from a keystore file, or from the environment."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from ledger.errors import LedgerError
from ledger.settings import Settings

_FORM = (
    "It is the encrypted JSON file that geth, Foundry and wallets write; `pledger account new-keystore` too."
)


class KeyUnusable(LedgerError):
    """There is no key, or it cannot be opened. Never shows the key."""


def signing_key(settings: Settings, ask_password: Callable[[Path], str] | None = None) -> LocalAccount:
    """The keystore's key when the settings name one, else PLEDGER_PRIVATE_KEY's.

    ``ask_password`` is called when PLEDGER_KEYSTORE_PASSWORD is not set. Raises KeyUnusable.
    """
    if settings.keystore is not None:
        document = _document(settings.keystore)  # before anybody is asked for its password
        password = settings.keystore_password.get_secret_value() if settings.keystore_password else None
        if password is None and ask_password is not None:
            password = ask_password(settings.keystore)
        if password is None:
            raise KeyUnusable(
                f"The keystore {settings.keystore} needs its password.", "Set PLEDGER_KEYSTORE_PASSWORD."
            )
        return _opened(document, password, settings.keystore)
    if settings.private_key is not None:
        return from_hex(settings.private_key.get_secret_value(), "PLEDGER_PRIVATE_KEY")
    raise KeyUnusable(
        "There is no key to sign with.",
        "Set PLEDGER_KEYSTORE to a keystore file; `pledger account new-keystore` makes one.",
    )


def from_keystore(path: Path, password: str) -> LocalAccount:
    """Opens an encrypted JSON keystore, as geth, Foundry and wallets write it. Raises KeyUnusable."""
    return _opened(_document(path), password, path)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text())
    except FileNotFoundError:
        raise KeyUnusable(
            f"There is no keystore file {path}.",
            "Correct its path; `pledger account new-keystore` makes one.",
        ) from None
    except OSError as error:
        raise KeyUnusable(f"The keystore file {path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not ({"crypto", "Crypto"} & document.keys()):
        raise KeyUnusable(f"{path} is not a keystore file.", _FORM)
    return document


def _opened(document: dict[str, Any], password: str, path: Path) -> LocalAccount:
    try:
        key = bytes(Account.decrypt(document, password))
    except ValueError as error:
        if "mac mismatch" in str(error).lower():
            raise KeyUnusable(f"The password of the keystore {path} is wrong.", "Type it again.") from None
        raise KeyUnusable(f"The keystore file {path} is damaged.", _FORM) from None
    except Exception:  # what its parts are not, the libraries below say in many kinds of error
        raise KeyUnusable(f"The keystore file {path} is damaged.", _FORM) from None
    return from_hex("0x" + key.hex(), str(path))


def from_hex(key: str, source: str) -> LocalAccount:
    """A key of 32 bytes in hex; ``source`` names it to a person. Raises KeyUnusable."""
    try:
        account: LocalAccount = Account.from_key(key.strip())
    except Exception:  # the libraries below raise many kinds; none is shown, since its text may hold the key
        raise KeyUnusable(f"{source} is not a private key.", "A key is 0x and 64 hex digits.") from None
    return account


def new_key() -> LocalAccount:
    """A key that nobody had before."""
    account: LocalAccount = Account.create()
    return account


def to_keystore(key: LocalAccount, password: str, path: Path) -> None:
    """Writes a keystore that only this user can read. Raises KeyUnusable when the file is there already, or
    cannot be written.
    """
    document = json.dumps(key.encrypt(password))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(document)
    except FileExistsError:
        raise KeyUnusable(f"{path} exists already.", "Choose another file.") from None
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from None
