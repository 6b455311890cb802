"""What agreements owe payers for refunds after the hold, and how it was served. Token base units."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry
from ledger.terms.ids import AgreementId, InvoiceRef


class Debt(ByEntry, Base):
    """A released payment was clawed back: the agreement owes it to the payer out of its later revenue.

    Debts of an agreement in a token are served in the order of their numbers: those by ruling, by whatever
    revenue serves them, then those by consent, by the agreement's own.
    """

    __tablename__ = "debt"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", "token", "debt", unique=True),
        Index(None, "chain_id", "contract", "agreement", "seq"),
        Index(None, "chain_id", "contract", "payer", "invoice_ref"),
        {"schema": CHAIN, "comment": "refunds after the hold that agreements owe"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="the agreement that owes it")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    debt: Mapped[int] = mapped_column(comment="number of the debt in this agreement and token, from 1")
    payer: Mapped[bytes] = mapped_column(comment="wallet that paid")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's reference of the payment")
    by_account: Mapped[bytes | None] = mapped_column(comment="the arbiter; NULL: all payees consented")
    amount: Mapped[Amount] = mapped_column(comment="what is owed, base units")
    reason: Mapped[bytes | None] = mapped_column(comment="the ruling's reason code, 32 bytes; NULL: none")
    clawed_back_at: Mapped[int] = mapped_column(comment="time of the entry, seconds since 1970")


class Netting(ByEntry, Base):
    """Revenue served debts instead of being released."""

    __tablename__ = "netting"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", "seq"),
        Index(None, "chain_id", "contract", "debtor"),
        {"schema": CHAIN, "comment": "revenue that served debts"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement whose revenue it was")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    debtor: Mapped[bytes] = mapped_column(comment="agreement whose debts were served")
    by_consent: Mapped[bool] = mapped_column(
        sort_order=101, comment="true: debts that all payees agreed to; false: by ruling"
    )
    amount: Mapped[Amount] = mapped_column(comment="what was netted, base units")
    matures_at: Mapped[int] = mapped_column(comment="when the revenue was due: of its payment, or its day")
    netted_at: Mapped[int] = mapped_column(comment="time of the entry, seconds since 1970")


class DebtPayout(ByEntry, Base):
    """A payer was paid what had been netted for one of its debts."""

    __tablename__ = "debt_payout"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", "token", "debt"),
        {"schema": CHAIN, "comment": "payouts of what was netted for debts"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="the agreement that owed it")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    debt: Mapped[int] = mapped_column(comment="number of the debt in this agreement and token")
    payer: Mapped[bytes] = mapped_column(comment="wallet that had paid")
    recipient: Mapped[bytes] = mapped_column(comment="wallet that the tokens went to")
    amount: Mapped[Amount] = mapped_column(comment="what went out, base units")
    paid_at: Mapped[int] = mapped_column(comment="time of the payout, seconds since 1970")
