"""Accounts: whether the journals know them, their names, and their wallets."""

from collections.abc import Collection
from typing import Final

from ledger.read.asking import ask
from ledger.store.reading import Reading

_NAMED_BY: Final = (
    ("partner", "account", "partners"),
    ("attestation", "account", "partners"),
    ("wallet_change", "account", "partners"),
    ("programme", "owner", "agreements"),
    ("agreement_party", "account", "agreements"),
    ("agreement_payee", "account", "agreements"),
    ("agreement", "arbiter", "agreements"),
    ("deal", "account", "deals"),
    ("payment", "payer", "ledger"),
)
_KNOWN: Final = "SELECT " + " OR ".join(
    f"""EXISTS (
  SELECT FROM chain.{table}
  WHERE chain_id = %(chain)s AND contract = %({journal})s AND seq <= %({journal}_seq)s
    AND {column} = %(account)s
)"""
    for table, column, journal in _NAMED_BY
)
_NAMES: Final = """
SELECT account, name FROM chain.partner
WHERE chain_id = %(chain)s AND contract = %(partners)s AND seq <= %(partners_seq)s
  AND account = ANY(%(accounts)s::bytea[])
"""
_OF_WALLETS: Final = """
SELECT wallet, account FROM chain.wallet_change
WHERE chain_id = %(chain)s AND contract = %(partners)s AND seq <= %(partners_seq)s
  AND wallet = ANY(%(wallets)s::bytea[])
"""


def is_known(reading: Reading, account: bytes) -> bool:
    """Whether any entry of the journals names the account as a partner, party, payee, registrant or payer."""
    return bool(ask(reading, _KNOWN, account=account)[0][0])


def names_of(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, str]:
    """The names of those that registered."""
    return dict(ask(reading, _NAMES, accounts=accounts)) if accounts else {}


def accounts_of(reading: Reading, wallets: Collection[bytes]) -> dict[bytes, bytes]:
    """The account that each address is or was a wallet of: itself when it never was another's."""
    taken: dict[bytes, bytes] = dict(ask(reading, _OF_WALLETS, wallets=wallets)) if wallets else {}
    return {wallet: taken.get(wallet, wallet) for wallet in wallets}
