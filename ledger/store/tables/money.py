"""Payments, claims and their sums. All amounts in token base units."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, Changing
from ledger.terms.ids import AgreementId, DealId, InvoiceRef


class Payment(ByEntry, Base):
    """Revenue recorded against an invoice.

    Held as long as ``matures_at`` has not come; what was refunded or disputed of it, the tables of refunds
    say.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index(None, "chain_id", "contract", "payer", "invoice_ref", unique=True),
        # Of the held ones alone: whoever asks by maturity asks for them, and the others are written faster.
        Index(
            None,
            "chain_id",
            "contract",
            "agreement",
            "matures_at",
            postgresql_where=text("matures_at > paid_at"),
        ),
        # Pages in the journal's order, and sums without a look at the rows: see docs/scale.md.
        Index(
            None,
            "chain_id",
            "contract",
            "agreement",
            "seq",
            "position",
            postgresql_include=["token", "amount", "matures_at", "paid_at"],
        ),
        Index(None, "chain_id", "contract", "deal", postgresql_where=text("deal IS NOT NULL")),
        {"schema": CHAIN, "comment": "revenue recorded against invoices"},
    )

    payer: Mapped[bytes] = mapped_column(comment="wallet that paid: the account's, at the time")
    invoice_ref: Mapped[InvoiceRef] = mapped_column(comment="the payer's own reference, blinded; paid once")
    agreement: Mapped[AgreementId] = mapped_column(comment="agreement whose plan splits it")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    deal: Mapped[DealId | None] = mapped_column(comment="the won deal it comes from; NULL: none")
    amount: Mapped[Amount] = mapped_column(comment="what the ledger received, base units")
    matures_at: Mapped[int] = mapped_column(
        comment="when it is released; its own time where there is no hold"
    )
    paid_at: Mapped[int] = mapped_column(comment="time of the payment, seconds since 1970")
    position: Mapped[int] = mapped_column(
        primary_key=True,
        sort_order=101,
        comment="place among the payments that the entry tells of, from 1; 0: it is the only one",
    )


class Claim(ByEntry, Base):
    """A payee was paid what it had coming of one agreement: alone, or together with the others."""

    __tablename__ = "claim"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        Index(None, "chain_id", "contract", "agreement", "seq"),
        {"schema": CHAIN, "comment": "payouts to payees"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that earned it")
    account: Mapped[bytes] = mapped_column(comment="the payee")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    period: Mapped[int] = mapped_column(
        sort_order=101, comment="number of the period claimed for; 0 when there are none"
    )
    recipient: Mapped[bytes] = mapped_column(comment="address that the tokens went to")
    amount: Mapped[Amount] = mapped_column(comment="what was paid out, base units")
    claimed_at: Mapped[int] = mapped_column(comment="time of the payout, seconds since 1970")
    position: Mapped[int] = mapped_column(
        primary_key=True,
        sort_order=102,
        comment="place among the payouts that the entry tells of, from 1; 0: it is the only one",
    )
    together: Mapped[bool] = mapped_column(
        sort_order=103, comment="whether all payees were paid at once; else this one was paid by itself"
    )


class SetAside(ByEntry, Base):
    """A payee could not be paid with all others: what it then had coming is there for it to claim."""

    __tablename__ = "set_aside"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        {"schema": CHAIN, "comment": "what payees could not be paid with all others"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="agreement that earned it")
    account: Mapped[bytes] = mapped_column(comment="the payee")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    period: Mapped[int] = mapped_column(comment="number of the period paid out; 0 when there are none")
    amount: Mapped[Amount] = mapped_column(comment="all that was set aside for it by then, base units")
    at: Mapped[int] = mapped_column(comment="when, seconds since 1970")


class Book(Changing, Base):
    """Sums of an agreement in a token, in base units.

    What is held or released is a function of these, of the payments not yet due, and of time.
    """

    __tablename__ = "book"
    __table_args__ = ({"schema": CHAIN, "comment": "sums of an agreement in a token"},)

    agreement: Mapped[AgreementId] = mapped_column(primary_key=True, comment="the agreement")
    token: Mapped[bytes] = mapped_column(primary_key=True, comment="the token's address")
    received: Mapped[Amount] = mapped_column(comment="sum of its payments")
    claimed: Mapped[Amount] = mapped_column(comment="sum of what its payees were paid")
    refunded: Mapped[Amount] = mapped_column(comment="payers' again: taken back in the hold, or by a ruling")
    paid_back: Mapped[Amount] = mapped_column(comment="of what is refunded, what went out to payers")
    disputed: Mapped[Amount] = mapped_column(comment="what waits for a ruling")
    matured: Mapped[Amount] = mapped_column(
        comment="payments without a hold, and days' payments recorded as released; rulings not included"
    )
    netted: Mapped[Amount] = mapped_column(comment="revenue of it that served debts, its own or inherited")
    debts: Mapped[Amount] = mapped_column(comment="its debts by ruling, in all and ever")
    debts_served: Mapped[Amount] = mapped_column(comment="what revenue, whosever, has netted of those")
    agreed_debts: Mapped[Amount] = mapped_column(
        sort_order=101, comment="its debts by all payees' consent, in all and ever"
    )
    agreed_served: Mapped[Amount] = mapped_column(
        sort_order=101, comment="what its own revenue has netted of those"
    )
    debts_paid: Mapped[Amount] = mapped_column(comment="what of its debts went out to payers")


class Claimed(Changing, Base):
    """Sum of what a payee was paid of an agreement in a token, period by period."""

    __tablename__ = "claimed"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        {"schema": CHAIN, "comment": "sums of what payees were paid"},
    )

    agreement: Mapped[AgreementId] = mapped_column(primary_key=True, comment="the agreement")
    token: Mapped[bytes] = mapped_column(primary_key=True, comment="the token's address")
    account: Mapped[bytes] = mapped_column(primary_key=True, comment="the payee")
    period: Mapped[int] = mapped_column(
        sort_order=101, primary_key=True, comment="number of the period; 0 when there are none"
    )
    amount: Mapped[Amount] = mapped_column(comment="sum of what it was paid, base units")


class Maturity(ByEntry, Base):
    """Held payments of one day were recorded as released, as someone claimed or said so."""

    __tablename__ = "maturity"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", "seq"),
        {"schema": CHAIN, "comment": "days whose held payments were recorded as released"},
    )

    agreement: Mapped[AgreementId] = mapped_column(comment="the agreement")
    token: Mapped[bytes] = mapped_column(comment="the token's address")
    matures_at: Mapped[int] = mapped_column(comment="the day's beginning, from when on they were due")
    amount: Mapped[Amount] = mapped_column(comment="what was left of that day's payments, base units")
    matured_at: Mapped[int] = mapped_column(comment="when it was recorded, seconds since 1970")


class DepositPause(ByEntry, Base):
    """New deposits were stopped, or taken again."""

    __tablename__ = "deposit_pause"
    __table_args__ = ({"schema": CHAIN, "comment": "when new deposits were stopped and taken again"},)

    paused: Mapped[bool] = mapped_column(comment="true: stopped; false: taken again")
    by_account: Mapped[bytes] = mapped_column(comment="address that did it")
    at: Mapped[int] = mapped_column(comment="when, seconds since 1970")
