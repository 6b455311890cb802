"""Payments, claims and their sums. All amounts in token base units."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, OfContract


class Payment(ByEntry, Base):
    """Revenue recorded against an invoice."""

    __tablename__ = "payment"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref", unique=True),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "revenue recorded against invoices"},
    )

    payer: Mapped[bytes] = mapped_column(comment="wallet that paid: the account's, at the time")
    invoice_ref: Mapped[bytes] = mapped_column(comment="the payer's own reference, blinded; paid once")
    agreement: Mapped[bytes] = mapped_column(comment="agreement whose plan splits it")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    deal: Mapped[bytes | None] = mapped_column(comment="the won deal it comes from; NULL: none")
    amount: Mapped[Amount] = mapped_column(comment="what the ledger received, base units")
    matures_at: Mapped[int] = mapped_column(comment="when it is released, seconds since 1970")
    paid_at: Mapped[int] = mapped_column(comment="time of the payment, seconds since 1970")


class Claim(ByEntry, Base):
    """A payee was paid what it had earned of one agreement and not yet claimed."""

    __tablename__ = "claim"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "payouts to payees"},
    )

    agreement: Mapped[bytes] = mapped_column(comment="agreement that earned it")
    account: Mapped[bytes] = mapped_column(comment="the payee")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    recipient: Mapped[bytes] = mapped_column(comment="address that the tokens went to")
    amount: Mapped[Amount] = mapped_column(comment="what was paid out, base units")
    claimed_at: Mapped[int] = mapped_column(comment="time of the payout, seconds since 1970")


class Book(OfContract, Base):
    """Sums of an agreement in a token: of its payments and of its claims."""

    __tablename__ = "book"
    __table_args__ = ({"schema": CHAIN, "comment": "sums of an agreement in a token"},)

    agreement: Mapped[bytes] = mapped_column(primary_key=True, comment="the agreement")
    token: Mapped[bytes] = mapped_column(primary_key=True, comment="the token's address")
    received: Mapped[Amount] = mapped_column(comment="sum of its payments, base units")
    claimed: Mapped[Amount] = mapped_column(comment="sum of its claims, base units")


class Claimed(OfContract, Base):
    """Sum of what a payee has claimed of an agreement in a token."""

    __tablename__ = "claimed"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        {"schema": CHAIN, "comment": "sums of what payees have claimed"},
    )

    agreement: Mapped[bytes] = mapped_column(primary_key=True, comment="the agreement")
    token: Mapped[bytes] = mapped_column(primary_key=True, comment="the token's address")
    account: Mapped[bytes] = mapped_column(primary_key=True, comment="the payee")
    amount: Mapped[Amount] = mapped_column(comment="sum of its claims, base units")


class DepositPause(ByEntry, Base):
    """New deposits were stopped, or taken again."""

    __tablename__ = "deposit_pause"
    __table_args__ = ({"schema": CHAIN, "comment": "when new deposits were stopped and taken again"},)

    paused: Mapped[bool] = mapped_column(comment="true: stopped; false: taken again")
    by_account: Mapped[bytes] = mapped_column(comment="address that did it")
    at: Mapped[int] = mapped_column(comment="when, seconds since 1970")
