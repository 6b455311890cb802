"""What is kept of other tables as of the block of ``EvidenceKept``: nobody walks or counts through all.

It is made by a follower that has caught up (`ledger.reputation.kept`), and used as of exactly that block.
"""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, Small


class OfDeployment:
    """Beginning of the key of every row."""

    chain_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-20, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, sort_order=-19, comment="address of the deployment's RevenueLedger"
    )


class Score(OfDeployment, Base):
    """An account's score, as the consortium sees it; without a row it is 0."""

    __tablename__ = "score"
    __table_args__ = (
        Index(None, "chain_id", "deployment", text("score DESC"), "account"),
        {"schema": CHAIN, "comment": "scores of all accounts with evidence"},
    )

    account: Mapped[bytes] = mapped_column(primary_key=True, comment="whose")
    score: Mapped[Small] = mapped_column(comment="0 to 999")
    positive: Mapped[Amount] = mapped_column(comment="what speaks for it, scaled by 1e18")
    negative: Mapped[Amount] = mapped_column(comment="what speaks against it, scaled by 1e18")
    counterparties: Mapped[int] = mapped_column(comment="how many count for it")


class Trust(OfDeployment, Base):
    """How much an account's word counts on the block's day (UTC); without a row it does not."""

    __tablename__ = "trust"
    __table_args__ = ({"schema": CHAIN, "comment": "how much whose word counts today"},)

    account: Mapped[bytes] = mapped_column(primary_key=True, comment="whose")
    omega: Mapped[int] = mapped_column(comment="scaled by 1e18")


class Contested(OfDeployment, Base):
    """A customer that several partners registered."""

    __tablename__ = "contested"
    __table_args__ = (
        Index(None, "chain_id", "deployment", "newest"),
        {"schema": CHAIN, "comment": "customers that several partners registered"},
    )

    programme: Mapped[bytes] = mapped_column(primary_key=True, comment="of which programme")
    epoch: Mapped[int] = mapped_column(primary_key=True, comment="key epoch of the tag")
    tag: Mapped[bytes] = mapped_column(primary_key=True, comment="the customer, blinded, 32 bytes")
    newest: Mapped[int] = mapped_column(comment="number of the entry that committed to its newest deal")


class Tally(OfDeployment, Base):
    """How many there are of something, or how much came in."""

    __tablename__ = "tally"
    __table_args__ = ({"schema": CHAIN, "comment": "how much there is of everything"},)

    name: Mapped[str] = mapped_column(primary_key=True, comment="of what: ledger.read.figures names it")
    token: Mapped[bytes] = mapped_column(
        primary_key=True, comment="of which token, base units; empty where things are counted"
    )
    amount: Mapped[Amount] = mapped_column(comment="how many, or how much")
