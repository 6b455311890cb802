"""What indexers and auditors note of their work, for who runs them. No amount and no proof depends on it."""

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import APP, Base


class Incident(Base):
    """Something that an indexer met and dealt with, or could not deal with."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(None, "chain_id", "deployment", "number"),
        {"schema": APP, "comment": "what indexers met: wrong answers, reorganisations, failed nodes, stops"},
    )

    number: Mapped[int] = mapped_column(Identity(), primary_key=True, comment="counts up, with gaps")
    chain_id: Mapped[int] = mapped_column(comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(comment="address of the deployment's RevenueLedger")
    kind: Mapped[str] = mapped_column(comment="entry, header, reorganisation, failover, unverified or stop")
    at: Mapped[int] = mapped_column(comment="when, by the indexer's clock, seconds since 1970")
    block: Mapped[int | None] = mapped_column(comment="block where it was noticed; NULL: none in particular")
    contract: Mapped[bytes | None] = mapped_column(comment="contract whose journal broke; NULL: none did")
    seq: Mapped[int | None] = mapped_column(comment="number of the first entry in doubt; NULL: none was")
    node: Mapped[str] = mapped_column(comment="the node that was asked then, without what may be a key")
    what: Mapped[str] = mapped_column(comment="what happened, in a sentence")
    resolved_at: Mapped[int | None] = mapped_column(
        comment="when the mirror was whole again, seconds since 1970; NULL: it is not"
    )


class IndexerState(Base):
    """How an indexer of a deployment is doing, as it last said."""

    __tablename__ = "indexer"
    __table_args__ = ({"schema": APP, "comment": "how each deployment's indexer is doing"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, comment="address of the deployment's RevenueLedger"
    )
    started_at: Mapped[int] = mapped_column(comment="when it started, seconds since 1970")
    seen_at: Mapped[int] = mapped_column(comment="when it last heard from a node, seconds since 1970")
    node: Mapped[str] = mapped_column(comment="the node that it asks, without what may be a key")
    head_block: Mapped[int] = mapped_column(comment="that node's newest block then")
    head_timestamp: Mapped[int] = mapped_column(comment="that block's time, seconds since 1970")
    entries_read: Mapped[int] = mapped_column(comment="entries written since the database was made")
    entries_taken_back: Mapped[int] = mapped_column(comment="of those, entries taken back again")
    blocks_read: Mapped[int] = mapped_column(comment="blocks looked through since the database was made")
    last_entries: Mapped[int] = mapped_column(comment="entries of the last reading that brought any")
    last_blocks: Mapped[int] = mapped_column(comment="blocks of that reading")
    last_milliseconds: Mapped[int] = mapped_column(comment="how long that reading took")


class FullAudit(Base):
    """The last audit of everything, as `pledger audit` found it."""

    __tablename__ = "full_audit"
    __table_args__ = (
        {
            "schema": APP,
            "comment": "the last audit of all entries and their places, of each deployment",
        },
    )

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, comment="address of the deployment's RevenueLedger"
    )
    block_number: Mapped[int] = mapped_column(comment="block as of which it was made")
    block_hash: Mapped[bytes] = mapped_column(comment="hash of that block")
    made_at: Mapped[int] = mapped_column(comment="when, by the auditor's clock, seconds since 1970")
    verdict: Mapped[str] = mapped_column(comment="match, difference or unverified")
    first_difference: Mapped[str | None] = mapped_column(comment="in words; NULL: there is none")
    entries: Mapped[int | None] = mapped_column(
        comment="entries whose places were compared with the chain; NULL: none, for a journal differed"
    )
    unverified_entries: Mapped[int | None] = mapped_column(
        comment="of those, entries of which it cannot be told where they stand; NULL as before"
    )
