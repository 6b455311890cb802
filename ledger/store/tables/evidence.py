"""What speaks for or against partners, kept so that a score costs what its own evidence does."""

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Base, Small
from ledger.terms.ids import DealId

_WEIGHED = ["counterparty", "kind", "as_owner", "rating", "at", "since", "until", "arbiter"]


class Evidence(Base):
    """Something that speaks for or against an account, from a second on, as the block of ``EvidenceKept``
    has it. It follows from other tables: `ledger.reputation.kept` makes it, and makes it anew at will.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index(
            None,
            "chain_id",
            "deployment",
            "account",
            postgresql_include=[
                "counterparty",
                "kind",
                "as_owner",
                "rating",
                "at",
                "since",
                "until",
                "arbiter",
            ],
        ),
        Index(None, "chain_id", "deployment", "deal"),
        # Whose score time alone changes, or an arbiter's attestation.
        Index(None, "chain_id", "deployment", "since"),
        Index(None, "chain_id", "deployment", "until", postgresql_where=text("until IS NOT NULL")),
        Index(None, "chain_id", "deployment", "arbiter", postgresql_where=text("arbiter IS NOT NULL")),
        {"schema": CHAIN, "comment": "what speaks for or against partners"},
    )

    number: Mapped[int] = mapped_column(Identity(), primary_key=True, comment="counts up, with gaps")
    chain_id: Mapped[int] = mapped_column(comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(comment="address of the deployment's RevenueLedger")
    account: Mapped[bytes] = mapped_column(comment="whom it is about")
    counterparty: Mapped[bytes] = mapped_column(comment="the deal's other side")
    kind: Mapped[Small] = mapped_column(comment="which kind of evidence, by its number")
    as_owner: Mapped[bool] = mapped_column(comment="whether the account owns the deal's programme")
    rating: Mapped[Small] = mapped_column(comment="1 to 5 of a review, else 0")
    at: Mapped[int] = mapped_column(comment="when it happened, seconds since 1970")
    journal: Mapped[Small] = mapped_column(comment="contract of the entry that shows it, by its number")
    entry: Mapped[int] = mapped_column(comment="number of that entry")
    position: Mapped[Small] = mapped_column(comment="place in that entry, where it tells of several deals")
    deal: Mapped[DealId] = mapped_column(comment="the deal that it is about")
    since: Mapped[int] = mapped_column(comment="first second at which it counts")
    until: Mapped[int | None] = mapped_column(comment="last second at which it counts; NULL: it goes on")
    arbiter: Mapped[bytes | None] = mapped_column(
        comment="who must be attested for it to count; NULL: nobody must"
    )


class EvidenceKept(Base):
    """As of which block the evidence of a deployment is kept, and where its journals stood."""

    __tablename__ = "evidence_kept"
    __table_args__ = ({"schema": CHAIN, "comment": "as of which block evidence is kept"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, comment="address of the deployment's RevenueLedger"
    )
    block_number: Mapped[int] = mapped_column(comment="the block")
    block_hash: Mapped[bytes] = mapped_column(comment="its hash")
    timestamp: Mapped[int] = mapped_column(sort_order=100, comment="its time, seconds since 1970")
    seqs: Mapped[list[int]] = mapped_column(comment="number of each journal's newest entry")
    heads: Mapped[list[bytes]] = mapped_column(comment="head of each journal after it; empty: it has none")
