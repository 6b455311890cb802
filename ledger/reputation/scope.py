"""Whose evidence is asked for, and what a row of it looks like in SQL."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
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
"""Names in a statement: the accounts that are asked for, and the programmes that they own."""
_ACCOUNTS, _PROGRAMMES = (bindparam(name, None, ARRAY(LargeBinary)) for name in (ACCOUNTS, PROGRAMMES))


@dataclass(frozen=True)
class Scope:
    """The evidence of some accounts, named when it is asked for, or of all, as of a reading's block."""

    reading: Reading
    some: bool

    def deals(self) -> ColumnElement[bool]:
        """Deals in which one of the accounts is a side, or all: their own, and those of their programmes."""
        return and_(
            self.reading.begun(Deal, _CONTRACT),
            or_(self.brought(), self.received()) if self.some else true(),
        )

    def brought(self) -> ColumnElement[bool]:
        """Deals that the accounts brought, or all."""
        return Deal.account == any_(_ACCOUNTS) if self.some else true()

    def received(self) -> ColumnElement[bool]:
        """Deals of the accounts' programmes, or all."""
        return Deal.programme == any_(_PROGRAMMES) if self.some else true()

    def about(self, account: Any, counterparty: Any) -> ColumnElement[bool]:
        """Rows about the accounts, or all; never those of an account with itself."""
        others: ColumnElement[bool] = account != counterparty
        return and_(others, account == any_(_ACCOUNTS)) if self.some else others


def row(
    account: Any,
    counterparty: Any,
    kind: Kind | ColumnElement[int],
    at: Any,
    entry: tuple[ContractName | ColumnElement[int], Any],
    deal: Any,
    *,
    as_owner: Any = False,
    rating: Any = 0,
) -> Select[Any]:
    """A select of evidence: kind and contract are numbers, places in ``KINDS`` and ``JOURNALS``."""
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
        deal.label("deal"),
    )


def number_of(kind: Kind) -> int:
    """The number that columns have for a kind."""
    return KINDS.index(kind)
