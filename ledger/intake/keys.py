"""Who can sign and whose references can be made: the keys at hand, from a file that nobody else may read.

::

    accounts:
      halyard:                      # a partner's key in the partners file
        import_key: "0x…"           # 32 random bytes, kept for ever: references are made with it
        private_key: "0x…"          # or keystore: a file beside this one; or neither, when others sign
    epoch_keys:
      1: "0x…"                      # the programme's tag key by epoch
"""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from eth_account.signers.local import LocalAccount
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ledger.chain.keys import from_hex, from_keystore
from ledger.errors import LedgerError
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import reject_if_any
from ledger.intake.values import Key
from ledger.intake.yaml_source import YamlSource


def _secret(value: object) -> bytes:
    """32 bytes in hexadecimal; the message does not repeat what was written."""
    digits = value.removeprefix("0x") if isinstance(value, str) else ""
    if len(digits) != 64:
        raise ValueError("is not a key: 0x and 64 hexadecimal digits")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError("is not a key: 0x and 64 hexadecimal digits") from None


SecretKey = Annotated[bytes, BeforeValidator(_secret)]
Epoch = Annotated[int, Field(ge=1)]


class AccountKeys(BaseModel):
    """What is at hand of one account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    import_key: SecretKey | None = None
    private_key: SecretKey | None = None
    keystore: Path | None = None


class KeysFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: dict[Key, AccountKeys]
    epoch_keys: dict[Epoch, SecretKey] = {}


@dataclass(frozen=True)
class Keyring:
    """Signers by wallet address, import keys by partner, tag keys by epoch."""

    signers: Mapping[str, LocalAccount] = field(default_factory=dict, repr=False)
    import_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    epoch_keys: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def signer(self, wallet: str) -> LocalAccount | None:
        """The key of a wallet, when it is at hand."""
        return self.signers.get(wallet.lower())

    def with_signer(self, key: LocalAccount) -> "Keyring":
        """The same with one more key."""
        signers = {**self.signers, key.address.lower(): key}
        return Keyring(signers, self.import_keys, self.epoch_keys)


def read_keys(path: Path, partners: PartnersFile, ask_password: Callable[[Path], str]) -> Keyring:
    """Reads a keys file and opens its keystores.

    Raises IntakeRejected with what is wrong by line, LedgerError when others can read the file or a
    password is wrong.
    """
    _require_private(path)
    source = YamlSource(path, secret=True)
    file = source.parse(KeysFile)
    reject_if_any(
        source.problem(("accounts", key), f"there is no partner {key!r} in the partners file")
        for key in file.accounts
        if key not in partners.partners
    )
    signers: dict[str, LocalAccount] = {}
    for key, account in file.accounts.items():
        signer = _signer(path, key, account, ask_password)
        if signer is not None:
            signers[signer.address.lower()] = signer
    import_keys = {
        key: account.import_key for key, account in file.accounts.items() if account.import_key is not None
    }
    return Keyring(signers, import_keys, file.epoch_keys)


def _signer(
    file: Path, key: str, account: AccountKeys, ask_password: Callable[[Path], str]
) -> LocalAccount | None:
    if account.private_key is not None:
        return from_hex("0x" + account.private_key.hex(), f"{file.name}: accounts.{key}.private_key")
    if account.keystore is not None:
        keystore = file.parent / account.keystore
        return from_keystore(keystore, ask_password(keystore))
    return None


def _require_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise LedgerError(
            f"Cannot read the keys file {path}: {error.strerror}.", "Check its path."
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise LedgerError(
            f"Others on this machine can read {path}, which holds keys.", f"Run: chmod 600 {path}"
        )
