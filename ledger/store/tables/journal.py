"""How far the mirror has come, and the entries themselves as the contracts emitted them."""

from typing import cast

from sqlalchemy import Index, Table, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Base, ByEntry

TOPICS = (2, 3, 4)
"""Where an entry's topics say what it is about; PostgreSQL counts from 1, and the first names the event."""
TOPICS_INDEX = "entry_topics_idx"
TRANSACTIONS_INDEX = "entry_transaction_hash_idx"
ABOUT_INDEXES = [f"entry_about_{place}_idx" for place in TOPICS]
_BLOOM = "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)"


def topic_hash(topic: str) -> str:
    """SQL for the eight bytes by which entries about something are found, the newest first."""
    return f"hashtextextended(encode({topic}, 'hex'), 0)"


class Block(Base):
    """A block that carries entries of the deployment, or is not final yet (kept to notice a reorganisation).

    The row belongs to a deployment because each has a checkpoint of its own: one may already stand on the new
    branch while another still holds entries of the old.
    """

    __tablename__ = "block"
    __table_args__ = (
        # Of those that go alone: they are few, however many blocks carry entries.
        Index(None, "chain_id", "deployment", "number", postgresql_where=text("NOT carries")),
        # On most chains there are none.
        Index(
            "block_unverified_idx", "chain_id", "deployment", "number", postgresql_where=text("NOT verified")
        ),
        {"schema": CHAIN, "comment": "blocks that carry entries or are not final yet"},
    )

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, comment="address of the deployment's RevenueLedger"
    )
    number: Mapped[int] = mapped_column(primary_key=True, comment="block number")
    hash: Mapped[bytes] = mapped_column(comment="block hash, 32 bytes")
    parent_hash: Mapped[bytes] = mapped_column(comment="hash of the block before, 32 bytes")
    timestamp: Mapped[int] = mapped_column(comment="the block's time, seconds since 1970")
    carries: Mapped[bool] = mapped_column(
        comment="whether it carries entries of the deployment, or changes of powers; another one goes when "
        "it is final"
    )
    verified: Mapped[bool] = mapped_column(
        comment="whether its hash was seen to stand for its time; else the time is the node's word alone"
    )


class Checkpoint(Base):
    """The block up to which a deployment is mirrored, everything in it included."""

    __tablename__ = "checkpoint"
    __table_args__ = ({"schema": CHAIN, "comment": "the block up to which a deployment is mirrored"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    deployment: Mapped[bytes] = mapped_column(
        primary_key=True, comment="address of the deployment's RevenueLedger"
    )
    block_number: Mapped[int] = mapped_column(comment="last mirrored block")
    block_hash: Mapped[bytes] = mapped_column(comment="its hash, 32 bytes")
    timestamp: Mapped[int] = mapped_column(comment="its time, seconds since 1970")


class Entry(ByEntry, Base):
    """An entry of a contract's journal: the log as the node gave it, checked against the entry before it.

    Partitioned by ranges of blocks, which `ledger.store.partitions` makes; each has the primary key.
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index(None, "chain_id", "block_number", "log_index"),
        # By what entries are about: for runs of 32 pages, some 300 entries, which ids are among their
        # topics. A hundredth of an index that says where, and next to nothing to write: see
        # `ledger.store.partitions.summarize`.
        Index(
            TOPICS_INDEX,
            *(literal_column(f"(topics[{place}])") for place in TOPICS),
            postgresql_using="brin",
            postgresql_ops={f"(topics[{place}])": _BLOOM for place in TOPICS},
            postgresql_with={"pages_per_range": 32},
        ),
        # The same of the transactions that brought them.
        Index(
            TRANSACTIONS_INDEX,
            "transaction_hash",
            postgresql_using="brin",
            postgresql_ops={"transaction_hash": _BLOOM},
            postgresql_with={"pages_per_range": 32},
        ),
        # In the chain's order, for who reads the newest.
        *(
            Index(
                name,
                "chain_id",
                literal_column(f"({topic_hash(f'topics[{place}]')})"),
                "block_number",
                "log_index",
                postgresql_where=text(f"topics[{place}] IS NOT NULL"),
            )
            for place, name in zip(TOPICS, ABOUT_INDEXES, strict=True)
        ),
        {
            "schema": CHAIN,
            "comment": "the contracts' journals, entry by entry, as emitted",
            "postgresql_partition_by": "RANGE (chain_id, block_number)",
        },
    )

    head: Mapped[bytes] = mapped_column(comment="journal head after the entry, 24 bytes")
    entry_hash: Mapped[bytes] = mapped_column(
        comment="keccak256 of emitter, topics and data without seq and head; what the head chains"
    )
    block_number: Mapped[int] = mapped_column(comment="block that carries the log")
    block_hash: Mapped[bytes] = mapped_column(comment="its hash, 32 bytes")
    block_timestamp: Mapped[int] = mapped_column(comment="its time, seconds since 1970")
    transaction_hash: Mapped[bytes] = mapped_column(comment="transaction that emitted the log, 32 bytes")
    transaction_index: Mapped[int] = mapped_column(comment="its place in the block, from 0")
    log_index: Mapped[int] = mapped_column(comment="the log's place in the block, from 0")
    topics: Mapped[list[bytes]] = mapped_column(comment="the log's topics, 32 bytes each, signature first")
    data: Mapped[bytes] = mapped_column(comment="the log's data, seq and head included")
    event: Mapped[str] = mapped_column(comment="name of the event")


class ProjectionsVersion(Base):
    """Which version of this program the tables are of that follow from entries."""

    __tablename__ = "projections"
    __table_args__ = ({"schema": CHAIN, "comment": "version of the tables that follow from entries"},)

    version: Mapped[str] = mapped_column(
        primary_key=True, comment="what rows mean, and a hash of tables and indexes; one row"
    )


# PostgreSQL's key of a partitioned table would have to contain the block's number: its partitions have it.
cast(Table, Entry.__table__).primary_key.ddl_if(callable_=lambda *_, **__: False)
