"""Journal entries, blocks and checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="block number"),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="block hash, 32 bytes"),
        sa.Column(
            "parent_hash", sa.LargeBinary(), nullable=False, comment="hash of the block before, 32 bytes"
        ),
        sa.Column(
            "timestamp", sa.BigInteger(), nullable=False, comment="the block's time, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "deployment", "number", name="block_pkey"),
        schema="chain",
        comment="blocks that carry entries or are not final yet",
    )
    op.create_table(
        "checkpoint",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="last mirrored block"),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="its hash, 32 bytes"),
        sa.Column("timestamp", sa.BigInteger(), nullable=False, comment="its time, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "deployment", name="checkpoint_pkey"),
        schema="chain",
        comment="the block up to which a deployment is mirrored",
    )
    op.create_table(
        "entry",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.Column("head", sa.LargeBinary(), nullable=False, comment="journal head after the entry, 24 bytes"),
        sa.Column(
            "entry_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="keccak256 of emitter, topics and data without seq and head; what the head chains",
        ),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="block that carries the log"),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="its hash, 32 bytes"),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False, comment="its time, seconds since 1970"),
        sa.Column(
            "transaction_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="transaction that emitted the log, 32 bytes",
        ),
        sa.Column(
            "transaction_index", sa.BigInteger(), nullable=False, comment="its place in the block, from 0"
        ),
        sa.Column(
            "log_index", sa.BigInteger(), nullable=False, comment="the log's place in the block, from 0"
        ),
        sa.Column(
            "topics",
            sa.ARRAY(sa.LargeBinary()),
            nullable=False,
            comment="the log's topics, 32 bytes each, signature first",
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="the log's data, seq and head included"),
        sa.Column("event", sa.Text(), nullable=False, comment="name of the event"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="entry_pkey"),
        schema="chain",
        comment="the contracts' journals, entry by entry, as emitted",
    )
    op.create_index(
        "entry_chain_id_block_number_log_index_idx",
        "entry",
        ["chain_id", "block_number", "log_index"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("entry", schema="chain")
    op.drop_table("checkpoint", schema="chain")
    op.drop_table("block", schema="chain")
