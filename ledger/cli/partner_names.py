"""Partners by the names under which they registered, as the mirror knows them.

Anybody may register under any name: a name stands for an account only where no other is like it, and the
address is always shown beside it.
"""

from collections.abc import Iterable, Iterator

from eth_utils.address import is_address, to_canonical_address, to_checksum_address
from sqlalchemy import select

from ledger.cli.typed_address import is_written_as_address
from ledger.errors import LedgerError
from ledger.intake.names import likeness, name_key
from ledger.read import search
from ledger.read.asking import ask
from ledger.store.reading import Reading
from ledger.store.tables import Partner
from ledger.terms.contracts import PARTNERS

_MOST_SHOWN = 10
_AT_ONCE = 10_000
_HINT = "Give the account's address: 0x and 40 hexadecimal digits."


def account_from(reading: Reading, text: str) -> bytes:
    """An account from the address or the name that a person typed. Raises ``LedgerError``."""
    if not is_written_as_address(text):
        return account_named(reading, text)
    if not is_address(text.strip()):
        raise LedgerError(f"{text!r} is not an address.", _HINT)
    return to_canonical_address(text.strip())


def account_named(reading: Reading, name: str) -> bytes:
    """The account that registered under a name; case, white space and how accents are encoded do not matter.

    Raises LedgerError when there is none, or another account's name could be taken for it.
    """
    like = [(account, found) for account, found in _all(reading) if likeness(found) == likeness(name)]
    exact = [account for account, found in like if name_key(found) == name_key(name)]
    if len(like) == 1 and exact:
        return exact[0]
    if not like:
        near = _beginning_so(reading, name)
        raise LedgerError(
            f"No partner is registered as {visible(name)!r}, as of block {reading.as_of.number}.",
            f"Meant may be {_shown(near)}. {_HINT}" if near else _HINT,
        )
    shown = _shown(like[:_MOST_SHOWN])
    more = f" and {len(like) - _MOST_SHOWN} more" if len(like) > _MOST_SHOWN else ""
    why = "is the name of several partners, or like others'" if exact else "is nobody's name, but like"
    raise LedgerError(f"{visible(name)!r} {why}: {shown}{more}.", _HINT)


def _beginning_so(reading: Reading, name: str) -> list[tuple[bytes, str]]:
    """Partners in whose names words begin as those of this one do."""
    words = search.beginnings(name)
    rows = ask(reading, search.NAMES, sought=words) if words else []
    return [(row.id, row.name) for row in rows if row.kind == "partner"][:_MOST_SHOWN]


def _shown(partners: Iterable[tuple[bytes, str]]) -> str:
    return ", ".join(f"{visible(name)!r} {to_checksum_address(account)}" for account, name in partners)


def names_of(reading: Reading, accounts: Iterable[bytes]) -> dict[bytes, str]:
    """Names by account, of those that registered, as a terminal may show them."""
    wanted, found = sorted(set(accounts)), dict[bytes, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        question = select(Partner.account, Partner.name).where(
            reading.seen(Partner, PARTNERS), Partner.account.in_(wanted[start : start + _AT_ONCE])
        )
        found.update((account, visible(name)) for account, name in reading.session.execute(question))
    return found


def visible(text: str) -> str:
    """A text as a terminal may show it: what steers one, or is not seen, is marked in its place."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _all(reading: Reading) -> Iterator[tuple[bytes, str]]:
    question = select(Partner.account, Partner.name).where(reading.seen(Partner, PARTNERS))
    for row in reading.session.execute(question, execution_options={"yield_per": _AT_ONCE}):
        yield row.account, row.name
