"""What was taken out of held payments, and why. All amounts in token base units."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry
from ledger.terms.ids import AgreementId, InvoiceRef


class Refund(ByEntry, Base):
    """A payer took a payment back, or part of it, before it was released."""

    __tablename__ = "refund"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref"),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "payments that payers took back before their release"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that was paid")
    payer: Mapped[bytes] = mapped_column(comment="wallet that paid")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's reference of the payment")
    recipient: Mapped[bytes] = mapped_column(comment="wallet that the tokens went to")
    amount: Mapped[Amount] = mapped_column(comment="what went back, base units")
    in_dispute: Mapped[bool] = mapped_column(
        sort_order=101, comment="true: out of what waited for a ruling; false: held"
    )
    refunded_at: Mapped[int] = mapped_column(comment="time of the refund, seconds since 1970")


class Dispute(ByEntry, Base):
    """A party disputed a held payment: what was left of it waits outside until the arbiter rules, or the
    payer has taken all of it back. There is one dispute a payment.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref"),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "held payments that were disputed"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that was paid")
    payer: Mapped[bytes] = mapped_column(comment="wallet that paid")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's reference of the payment")
    by_account: Mapped[bytes] = mapped_column(comment="the party that disputed it")
    amount: Mapped[Amount] = mapped_column(comment="what was left of the payment then, base units")
    reason: Mapped[bytes] = mapped_column(comment="reason code, 32 bytes")
    disputed_at: Mapped[int] = mapped_column(comment="time of the dispute, seconds since 1970")
    rule_by: Mapped[int] = mapped_column(comment="from when on anyone can have it dropped")


class Ruling(ByEntry, Base):
    """What an arbiter ruled on a dispute, or that it was dropped because nobody did."""

    __tablename__ = "ruling"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref"),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "rulings on disputed payments, and disputes that were dropped"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that was paid")
    payer: Mapped[bytes] = mapped_column(comment="wallet that paid")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's reference of the payment")
    by_account: Mapped[bytes | None] = mapped_column(comment="the arbiter; NULL: nobody, it was dropped")
    refunded: Mapped[Amount] = mapped_column(comment="ruled to be the payer's, base units")
    remaining: Mapped[Amount] = mapped_column(comment="ruled to be the payees', base units")
    reason: Mapped[bytes | None] = mapped_column(comment="reason code, 32 bytes; NULL: none was given")
    ruled_at: Mapped[int] = mapped_column(comment="time of the ruling, seconds since 1970")


class RefundPayout(ByEntry, Base):
    """A payer was paid what a ruling gave back to it."""

    __tablename__ = "refund_payout"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref"),
        {"schema": CHAIN, "comment": "payouts of what rulings gave back to payers"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that was paid")
    payer: Mapped[bytes] = mapped_column(comment="wallet that paid")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's reference of the payment")
    recipient: Mapped[bytes] = mapped_column(comment="wallet that the tokens went to")
    amount: Mapped[Amount] = mapped_column(comment="what went out, base units")
    paid_at: Mapped[int] = mapped_column(comment="time of the payout, seconds since 1970")
