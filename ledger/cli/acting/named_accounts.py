"""Who acts, or whom an action is about, by the name that the mirror knows."""

import sys
from contextlib import ExitStack

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.cli.partner_names import account_named
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.terms.contracts import REVENUE
from ledger.terms.deployment import Deployment


def account_by_name(deployment: Deployment, name: str) -> ChecksumAddress:
    """The account that alone registered under a name, told on the error stream. Raises LedgerError, also when
    there is no mirror of the deployment.
    """
    with ExitStack() as opened:
        try:
            reading = _mirror(deployment, opened)
        except LedgerError as error:
            raise LedgerError(
                f"{name!r} is not an address, and only the mirror knows names: {error.what}",
                "Give the account's address; or fill the mirror with `pledger index --once`.",
            ) from error
        found = to_checksum_address(account_named(reading, name))
        print(f"{name} is {found}, by the mirror as of block {reading.as_of.number}", file=sys.stderr)
    return found


def _mirror(deployment: Deployment, opened: ExitStack) -> Reading:
    settings = Settings()
    if settings.database_url is None and not (settings.home / "postgres").exists():
        raise LedgerError(f"There is none in {settings.home}.")  # and none is made for a mistyped address
    session = opened.enter_context(snapshot(opened.enter_context(Database.open(settings))))
    ledger = to_canonical_address(deployment.address(REVENUE))
    return read(session, chain_id=deployment.chain_id, ledger=ledger)
