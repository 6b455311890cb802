"""What became of agreements: amended by a successor, or ended before they expire."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Base, ByEntry, Small
from ledger.terms.ids import AgreementId


class Amendment(ByEntry, Base):
    """A successor takes an agreement's place; what was received before stays split by the agreement."""

    __tablename__ = "amendment"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", unique=True),
        Index(None, "chain_id", "contract", "successor"),
        {"schema": CHAIN, "comment": "successors of agreements"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="the agreement that was amended")
    successor: Mapped[AgreementId] = mapped_column(comment="the agreement that takes its place")
    effective_at: Mapped[int] = mapped_column(comment="first second at which the successor stands there")
    amended_at: Mapped[int] = mapped_column(comment="time of the amendment, seconds since 1970")


class Ending(ByEntry, Base):
    """An agreement ends earlier than its terms say. A later row ends it earlier still."""

    __tablename__ = "ending"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "agreements that end before they expire"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="the agreement")
    cause: Mapped[Small] = mapped_column(comment="1 all parties' consent, 2 a party's notice, 3 a ruling")
    by_account: Mapped[bytes | None] = mapped_column(
        comment="the party that gave notice, or the arbiter; NULL: all parties consented"
    )
    ends_at: Mapped[int] = mapped_column(comment="last second at which it is in force")
    reason: Mapped[bytes | None] = mapped_column(comment="the ruling's reason code, 32 bytes; NULL: none")
    ended_at: Mapped[int] = mapped_column(comment="time of the entry, seconds since 1970")
