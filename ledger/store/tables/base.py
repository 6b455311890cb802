"""What all tables share: the declarative base, the two schemas, exact integers and the key of a row.

Addresses are 20 bytes, hashes and ids 32, journal heads 24; amounts are integers in token base units; times
are seconds since 1970 as the block says them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Dialect,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    TextClause,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from ledger.terms.ids import AgreementId, CustomerId, DealId, InvoiceRef, ProgrammeId

CHAIN = "chain"
"""Schema of what entries made: dropped and rebuilt at will."""
APP = "app"
"""Schema of what exists nowhere else: backed up, never touched by a re-index."""


class Whole(TypeDecorator[int]):
    """A whole number of up to 78 digits (uint256), exact in SQL sums too, as a Python ``int``."""

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int = 78) -> None:
        super().__init__(digits, 0)

    def process_result_value(self, value: Decimal | int | None, _: Dialect) -> int | None:
        """PostgreSQL's driver hands out ``Decimal``; every value of the column is whole."""
        return None if value is None else int(value)


def words(column: str) -> TextClause:
    """SQL for the words of a text, by which it is found: small letters, as they are in any language."""
    return text(f"to_tsvector('simple', {column})")


Amount = Annotated[int, "token base units, uint256"]
Small = Annotated[int, "at most 32,767"]


class Base(DeclarativeBase):
    """The one registry of tables; its metadata is what the migrations are compared with."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute
        int: BigInteger,
        bytes: LargeBinary,
        AgreementId: LargeBinary,
        ProgrammeId: LargeBinary,
        DealId: LargeBinary,
        CustomerId: LargeBinary,
        InvoiceRef: LargeBinary,
        str: Text,
        Amount: Whole(78),
        Small: SmallInteger,
        list[int]: ARRAY(Whole(20)),
        list[bytes]: ARRAY(LargeBinary),
    }


class OfContract:
    """Beginning of the key of every row that an entry made."""

    chain_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-20, comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(
        primary_key=True, sort_order=-19, comment="address of the contract whose journal made the row"
    )


class Lasting(OfContract):
    """Rows that no later entry changes. Those up to a block are what there was at the block."""


class Changing(OfContract):
    """Rows that later entries change in place: what they say holds for the newest block only."""


class Closing(OfContract):
    """A row of its own for an entry, which one later entry closes: some columns are that one's to fill.

    ``CLOSED_BY`` is the column with the number of that entry, NULL until then; ``OPEN`` are the columns that
    it fills, with what they say until then. As of a block they are read by ``Reading.then`` alone.
    """

    CLOSED_BY: ClassVar[str]
    OPEN: ClassVar[Mapping[str, Any]]

    seq: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-18, comment="number of the entry that made the row, from 1"
    )


class ByEntry(Lasting):
    """A row of its own for each entry: the entry's number completes the key."""

    seq: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-18, comment="number of the entry that made the row, from 1"
    )


class BySubject(Lasting):
    """A row for a thing that entries create once; the thing's id completes the key."""

    seq: Mapped[int] = mapped_column(sort_order=100, comment="number of the entry that made the row, from 1")
