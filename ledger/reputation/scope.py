"""Whose evidence is asked for, and what a row of it looks like in SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    SmallInteger,
    and_,
    cast,
    literal,
    or_,
    select,
    true,
)

from ledger.reputation.columns import KINDS
from ledger.reputation.evidence import Kind
from ledger.store.reading import Reading
from ledger.store.tables import Deal, Programme
from ledger.terms.contracts import JOURNALS, ContractName

_CONTRACT: Final = "DealRegistry"


@dataclass(frozen=True)
class Scope:
    """The evidence of some accounts, or of all where ``accounts`` is None, as of a reading's block."""

    reading: Reading
    accounts: tuple[bytes, ...] | None
    owned: tuple[bytes, ...]
    """Programmes of the accounts."""

    @classmethod
    def of(cls, reading: Reading, accounts: Collection[bytes] | None) -> "Scope":
        """Asks for the accounts' programmes."""
        # Asked for apart: a subquery within "or" would keep PostgreSQL from both sides' indexes.
        owned = (
            ()
            if accounts is None
            else reading.session.scalars(
                select(Programme.programme).where(
                    reading.seen(Programme, "AgreementRegistry"), Programme.owner.in_(accounts)
                )
            ).all()
        )
        return cls(reading, None if accounts is None else tuple(accounts), tuple(owned))

    def deals(self) -> ColumnElement[bool]:
        """Deals in which one of the accounts is a side, or all: their own, and those of their programmes."""
        return and_(
            self.reading.begun(Deal, _CONTRACT),
            true() if self.accounts is None else or_(self.brought(), self.received()),
        )

    def brought(self) -> ColumnElement[bool]:
        """Deals that the accounts brought, or all."""
        return true() if self.accounts is None else Deal.account.in_(self.accounts)

    def received(self) -> ColumnElement[bool]:
        """Deals of the accounts' programmes, or all."""
        return true() if self.accounts is None else Deal.programme.in_(self.owned)

    def about(self, account: Any, counterparty: Any) -> ColumnElement[bool]:
        """Rows about the accounts, or all; never those of an account with itself."""
        others: ColumnElement[bool] = account != counterparty
        return others if self.accounts is None else and_(others, account.in_(self.accounts))


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
