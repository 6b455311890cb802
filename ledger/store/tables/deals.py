"""Deals, every decision on them, and what else changed them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, Changing, Closing, Small
from ledger.terms.ids import AgreementId, DealId, ProgrammeId


class Deal(Changing, Base):
    """A customer that a partner claims to have brought.

    ``state`` is the last one an entry gave it. Whether it has lapsed, is overdue or still exclusive is a
    function of the row and of the time one asks about: that is what ``committed_at``, ``decide_by`` and
    ``exclusive_until`` are for.
    """

    __tablename__ = "deal"
    __table_args__ = (
        # Lists begin with the newest: of all, of a partner's, and of an agreement's.
        Index(None, "chain_id", "contract", "seq"),
        Index(None, "chain_id", "contract", "account", "seq"),
        Index(None, "chain_id", "contract", "agreement", "seq"),
        Index(None, "chain_id", "contract", "programme", "epoch", "tag"),
        {"schema": CHAIN, "comment": "customers that partners claim to have brought"},
    )

    deal: Mapped[DealId] = mapped_column(primary_key=True, comment="id: hash of account and commitment")
    seq: Mapped[int] = mapped_column(sort_order=100, comment="number of the entry that made the row, from 1")
    account: Mapped[bytes] = mapped_column(comment="the partner that committed")
    commitment: Mapped[bytes] = mapped_column(comment="hash that hides agreement and customer until revealed")
    priority: Mapped[int] = mapped_column(comment="number of the commitment's entry: the lower was first")
    committed_at: Mapped[int] = mapped_column(comment="time of the commitment, seconds since 1970")
    agreement: Mapped[AgreementId | None] = mapped_column(
        comment="it is registered under, or was won under, a successor perhaps; NULL until revealed"
    )
    registered_under: Mapped[bytes | None] = mapped_column(
        sort_order=101, comment="agreement that its reveal named; NULL until revealed"
    )
    programme: Mapped[ProgrammeId | None] = mapped_column(
        comment="the agreement's programme; NULL until revealed"
    )
    epoch: Mapped[int | None] = mapped_column(comment="key epoch of its newest tag; NULL until revealed")
    tag: Mapped[bytes | None] = mapped_column(comment="the customer, blinded, 32 bytes; NULL until revealed")
    territory: Mapped[bytes | None] = mapped_column(
        sort_order=102,
        comment="where the customer is, 32 bytes; NULL until revealed, and unless the rule is territory",
    )
    rival: Mapped[bytes | None] = mapped_column(
        comment="first live registration of the same customer as it was tagged last; NULL: none"
    )
    registered_at: Mapped[int | None] = mapped_column(comment="time of the reveal; NULL until revealed")
    decide_by: Mapped[int | None] = mapped_column(
        comment="last second for a decision; NULL until revealed, and where the terms set none"
    )
    decide_again_by: Mapped[int | None] = mapped_column(
        sort_order=103, comment="last second of the new time to decide that a return gave; NULL: it gave none"
    )
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
        comment="last second of its exclusivity, extensions included; NULL until approved"
    )
    retagged_at: Mapped[int | None] = mapped_column(
        sort_order=103,
        comment="when it was tagged again: contestable until its epoch's grace ends; NULL: never",
    )


class DealDecision(ByEntry, Base):
    """A decision on a deal, or its withdrawal by the partner."""

    __tablename__ = "deal_decision"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        {"schema": CHAIN, "comment": "decisions on deals, and withdrawals"},
    )

    deal: Mapped[DealId] = mapped_column(comment="the deal")
    vendor: Mapped[bytes | None] = mapped_column(
        comment="who decided; NULL for a withdrawal and for an approval by default"
    )
    by_account: Mapped[bytes | None] = mapped_column(
        sort_order=101, comment="who had it approved by default, its deadline over; NULL: not by default"
    )
    outcome: Mapped[Small] = mapped_column(
        comment="3 approved, 4 returned, 5 rejected, 6 won, 7 lost, 8 withdrawn by the partner"
    )
    reason: Mapped[bytes] = mapped_column(comment="reason code, 32 bytes, zero for none")
    value: Mapped[Amount] = mapped_column(comment="declared value in base units when won, else 0")
    token: Mapped[bytes] = mapped_column(comment="token of the value when won, else the zero address")
    exclusive_until: Mapped[int] = mapped_column(comment="last second of the exclusivity given, else 0")
    decide_by: Mapped[int] = mapped_column(
        sort_order=102, comment="last second of the new time to decide that a return gives, else 0"
    )
    decided_at: Mapped[int] = mapped_column(comment="time of the decision, seconds since 1970")


class DealExtension(ByEntry, Base):
    """Partner and vendor agreed on a longer exclusivity."""

    __tablename__ = "deal_extension"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        {"schema": CHAIN, "comment": "extensions of deals' exclusivity"},
    )

    deal: Mapped[DealId] = mapped_column(comment="the deal")
    exclusive_until: Mapped[int] = mapped_column(comment="last second of the exclusivity from then on")
    extended_at: Mapped[int] = mapped_column(comment="time of the extension, seconds since 1970")


class DealRetag(ByEntry, Base):
    """A deal was tagged again under its programme's newest key; it kept its priority."""

    __tablename__ = "deal_retag"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        {"schema": CHAIN, "comment": "deals that were tagged again under a newer key"},
    )

    deal: Mapped[DealId] = mapped_column(comment="the deal")
    account: Mapped[bytes] = mapped_column(comment="who tagged it: its partner, or the vendor of a won deal")
    epoch: Mapped[int] = mapped_column(comment="key epoch of the new tag")
    tag: Mapped[bytes] = mapped_column(comment="the customer, blinded, 32 bytes")
    rival: Mapped[bytes | None] = mapped_column(
        comment="first live registration of the same customer in that epoch; NULL: none"
    )
    retagged_at: Mapped[int] = mapped_column(comment="when, seconds since 1970")


class DealMove(ByEntry, Base):
    """A deal was won after its agreement was amended: its revenue is the successor's."""

    __tablename__ = "deal_move"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        {"schema": CHAIN, "comment": "deals that were won under a successor of their agreement"},
    )

    deal: Mapped[DealId] = mapped_column(comment="the deal")
    agreement: Mapped[AgreementId] = mapped_column(comment="the successor")
    moved_at: Mapped[int] = mapped_column(comment="when, seconds since 1970")


class Review(Closing, Base):
    """One side of a won deal rated the other, once."""

    __tablename__ = "review"
    __table_args__ = (
        Index(None, "chain_id", "contract", "deal"),
        Index(None, "chain_id", "contract", "reviewed", "seq"),
        {"schema": CHAIN, "comment": "ratings of won deals, each side of the other"},
    )

    CLOSED_BY = "revoked_seq"
    OPEN: ClassVar[Mapping[str, Any]] = dict.fromkeys(("revoked_at", "revoked_seq"))

    deal: Mapped[DealId] = mapped_column(comment="the deal")
    reviewer: Mapped[bytes] = mapped_column(comment="account that rated")
    reviewed: Mapped[bytes] = mapped_column(comment="account that was rated")
    rating: Mapped[Small] = mapped_column(comment="1 to 5")
    comment: Mapped[bytes] = mapped_column(comment="hash of a text kept elsewhere; zero for none")
    reviewed_at: Mapped[int] = mapped_column(comment="time of the review, seconds since 1970")
    revoked_at: Mapped[int | None] = mapped_column(comment="when it was taken back; NULL: it was not")
    revoked_seq: Mapped[int | None] = mapped_column(
        comment="number of the entry that took it back; NULL: none did"
    )
