"""The key that sends: from a keystore file, or from the environment."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from ledger.errors import LedgerError
from ledger.settings import Settings


class KeyUnusable(LedgerError):
    """There is no key, or it cannot be opened. Never shows the key."""


def signing_key(settings: Settings, ask_password: Callable[[Path], str] | None = None) -> LocalAccount:
    """The keystore's key when the settings name one, else PLEDGER_PRIVATE_KEY's.

    ``ask_password`` is called when PLEDGER_KEYSTORE_PASSWORD is not set. Raises KeyUnusable.
    """
    if settings.keystore is not None:
        password = settings.keystore_password.get_secret_value() if settings.keystore_password else None
        if password is None and ask_password is not None:
            password = ask_password(settings.keystore)
        if password is None:
            raise KeyUnusable(
                f"The keystore {settings.keystore} needs its password.", "Set PLEDGER_KEYSTORE_PASSWORD."
            )
        return from_keystore(settings.keystore, password)
    if settings.private_key is not None:
        return from_hex(settings.private_key.get_secret_value(), "PLEDGER_PRIVATE_KEY")
    raise KeyUnusable("There is no key to sign with.", "Set PLEDGER_KEYSTORE to a keystore file.")


def from_keystore(path: Path, password: str) -> LocalAccount:
    """Opens an encrypted JSON keystore, as geth, Foundry and wallets write it. Raises KeyUnusable."""
    try:
        document = json.loads(path.read_text())
    except FileNotFoundError:
        raise KeyUnusable(f"There is no keystore file {path}.") from None
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"{path} is not a keystore file.") from error
    try:
        return from_hex("0x" + bytes(Account.decrypt(document, password)).hex(), str(path))
    except (KeyError, TypeError, AttributeError, NotImplementedError) as error:
        raise KeyUnusable(f"{path} is not a keystore file.") from error
    except ValueError as error:
        raise KeyUnusable(f"The password of the keystore {path} is wrong.") from error


def from_hex(key: str, source: str) -> LocalAccount:
    """A key of 32 bytes in hex; ``source`` names it to a person. Raises KeyUnusable."""
    try:
        account: LocalAccount = Account.from_key(key)
    except Exception:  # the libraries below raise many kinds; none is shown, since its text may hold the key
        raise KeyUnusable(f"{source} is no private key.", "A key is 0x and 64 hex digits.") from None
    return account


def to_keystore(key: LocalAccount, password: str, path: Path) -> None:
    """Writes a keystore that only this user can read. Raises KeyUnusable when the file is there already."""
    document = json.dumps(key.encrypt(password))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyUnusable(f"{path} exists already.", "Choose another file.") from None
    with os.fdopen(handle, "w") as file:
        file.write(document)
