"""Deals and every decision on them."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, BySubject, Small


class Deal(BySubject, Base):
    """A customer that a partner claims to have brought.

    ``state`` is the last one an entry gave it. Whether it has lapsed, is overdue or still exclusive is a
    function of the row and of the time one asks about: that is what ``committed_at``, ``decide_by`` and
    ``exclusive_until`` are for.
    """

    __tablename__ = "deal"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        Index(None, "chain_id", "contract", "agreement"),
        Index(None, "chain_id", "contract", "programme", "epoch", "tag"),
        {"schema": CHAIN, "comment": "customers that partners claim to have brought"},
    )

    deal: Mapped[bytes] = mapped_column(primary_key=True, comment="id: hash of account and commitment")
    account: Mapped[bytes] = mapped_column(comment="the partner that committed")
    commitment: Mapped[bytes] = mapped_column(comment="hash that hides agreement and customer until revealed")
    priority: Mapped[int] = mapped_column(comment="number of the commitment's entry: the lower was first")
    committed_at: Mapped[int] = mapped_column(comment="time of the commitment, seconds since 1970")
    agreement: Mapped[bytes | None] = mapped_column(comment="it is registered under; NULL until revealed")
    programme: Mapped[bytes | None] = mapped_column(comment="the agreement's programme; NULL until revealed")
    epoch: Mapped[int | None] = mapped_column(comment="key epoch of the tag; NULL until revealed")
    tag: Mapped[bytes | None] = mapped_column(comment="the customer, blinded, 32 bytes; NULL until revealed")
    rival: Mapped[bytes | None] = mapped_column(
        comment="first live registration of the same customer at the reveal; NULL: none"
    )
    registered_at: Mapped[int | None] = mapped_column(comment="time of the reveal; NULL until revealed")
    decide_by: Mapped[int | None] = mapped_column(comment="last second for a decision; NULL until revealed")
    state: Mapped[Small] = mapped_column(
        comment="1 committed 2 registered 3 approved 4 returned 5 rejected 6 won 7 lost 8 withdrawn"
    )
    state_since: Mapped[int] = mapped_column(comment="time of the entry that gave the state")
    vendor: Mapped[bytes | None] = mapped_column(
        comment="programme's owner, who decides; NULL until revealed"
    )
    reason: Mapped[bytes | None] = mapped_column(
        comment="reason code of the last decision, 32 bytes; NULL: it gave none"
    )
    value: Mapped[Amount | None] = mapped_column(comment="declared value in base units; NULL until won")
    token: Mapped[bytes | None] = mapped_column(comment="token of the declared value; NULL until won")
    exclusive_until: Mapped[int | None] = mapped_column(
        comment="last second of the exclusivity its approval gave; NULL until approved"
    )


class DealDecision(ByEntry, Base):
    """A decision on a deal, or its withdrawal by the partner."""

    __tablename__ = "deal_decision"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        {"schema": CHAIN, "comment": "decisions on deals, and withdrawals"},
    )

    deal: Mapped[bytes] = mapped_column(comment="the deal")
    vendor: Mapped[bytes | None] = mapped_column(comment="who decided; NULL for a withdrawal")
    outcome: Mapped[Small] = mapped_column(
        comment="3 approved, 4 returned, 5 rejected, 6 won, 7 lost, 8 withdrawn by the partner"
    )
    reason: Mapped[bytes] = mapped_column(comment="reason code, 32 bytes, zero for none")
    value: Mapped[Amount] = mapped_column(comment="declared value in base units when won, else 0")
    token: Mapped[bytes] = mapped_column(comment="token of the value when won, else the zero address")
    exclusive_until: Mapped[int] = mapped_column(comment="last second of the exclusivity given, else 0")
    decided_at: Mapped[int] = mapped_column(comment="time of the decision, seconds since 1970")
