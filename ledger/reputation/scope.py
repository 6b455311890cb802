"""Whose evidence is asked for, and what a row of it looks like in SQL."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    LargeBinary,
    Select,
    SmallInteger,
    and_,
    any_,
    bindparam,
    cast,
    literal,
    or_,
    select,
    true,
)

from ledger.reputation.columns import KINDS
from ledger.reputation.evidence import Kind
from ledger.store.reading import Reading
from ledger.store.tables import Deal
from ledger.terms.contracts import JOURNALS, ContractName

_CONTRACT: Final = "DealRegistry"
ACCOUNTS: Final = "accounts"
PROGRAMMES: Final = "programmes"
DEALS: Final = "wanted_deals"
"""Names in a statement: the accounts that are asked for and the programmes that they own, or the deals."""
_ACCOUNTS, _PROGRAMMES, _DEALS = (
    bindparam(name, None, ARRAY(LargeBinary)) for name in (ACCOUNTS, PROGRAMMES, DEALS)
)


def asked_accounts() -> BindParameter[Any]:
    """The accounts that are asked for."""
    return _ACCOUNTS


def asked_deals() -> BindParameter[Any]:
    """The deals that are asked for."""
    return _DEALS


class Which(Enum):
    """Whose evidence."""

    ALL = "all"
    OF_ACCOUNTS = "of_accounts"
    OF_DEALS = "of_deals"


@dataclass(frozen=True)
class Scope:
    """The evidence of some accounts or deals, named when it is asked for, or of all, as of a reading's block
    whatever the time: from when on it counts is said by each row.
    """

    reading: Reading
    which: Which

    def deals(self) -> ColumnElement[bool]:
        """Deals in which one of the accounts is a side, or all: their own, and those of their programmes."""
        both = or_(self.brought(), self.received()) if self.which is Which.OF_ACCOUNTS else self.brought()
        return and_(self.reading.begun(Deal, _CONTRACT), both)

    def brought(self) -> ColumnElement[bool]:
        """Deals that the accounts brought, or all."""
        return self._of(Deal.account == any_(_ACCOUNTS))

    def received(self) -> ColumnElement[bool]:
        """Deals of the accounts' programmes, or all."""
        return self._of(Deal.programme == any_(_PROGRAMMES))

    def about(self, account: Any, counterparty: Any) -> ColumnElement[bool]:
        """Rows about the accounts, or all; never those of an account with itself."""
        others: ColumnElement[bool] = account != counterparty
        return and_(others, account == any_(_ACCOUNTS)) if self.which is Which.OF_ACCOUNTS else others

    def _of(self, of_accounts: ColumnElement[bool]) -> ColumnElement[bool]:
        match self.which:
            case Which.ALL:
                return true()
            case Which.OF_ACCOUNTS:
                return of_accounts
            case Which.OF_DEALS:
                return Deal.deal == any_(_DEALS)


def row(
    account: Any,
    counterparty: Any,
    kind: Kind | ColumnElement[int],
    at: Any,
    entry: tuple[ContractName | ColumnElement[int], Any],
    deal: Any,
    *,
    position: Any = 0,
    as_owner: Any = False,
    rating: Any = 0,
    since: Any = None,
    until: Any = None,
    arbiter: Any = None,
) -> Select[Any]:
    """A select of evidence: kind and contract are numbers, places in ``KINDS`` and ``JOURNALS``; ``position``
    tells apart what an entry says of several deals. It counts from ``since`` (``at``, if it is None) to
    ``until`` (for good), while the ``arbiter`` is attested, if any.
    """
    contract, seq = entry
    number = literal(JOURNALS.index(contract)) if isinstance(contract, str) else contract
    return select(
        account.label("account"),
        counterparty.label("counterparty"),
        cast(number_of(kind) if isinstance(kind, Kind) else kind, SmallInteger).label("kind"),
        cast(as_owner, Boolean).label("as_owner"),
        cast(rating, SmallInteger).label("rating"),
        cast(at, BigInteger).label("at"),
        cast(number, SmallInteger).label("contract"),
        cast(seq, BigInteger).label("seq"),
        cast(position, SmallInteger).label("position"),
        deal.label("deal"),
        cast(at if since is None else since, BigInteger).label("since"),
        cast(until, BigInteger).label("until"),
        cast(arbiter, LargeBinary).label("arbiter"),
    )


def number_of(kind: Kind) -> int:
    """The number that columns have for a kind."""
    return KINDS.index(kind)
