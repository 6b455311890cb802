"""The entries as the contracts emitted them, the blocks that carry them, and how far they are read."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS chain")
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
        sa.Column(
            "carries",
            sa.Boolean(),
            nullable=False,
            comment="whether it carries entries of the deployment, or changes of powers; another one goes "
            "when it is final",
        ),
        sa.Column(
            "verified",
            sa.Boolean(),
            nullable=False,
            comment="whether its hash was seen to stand for its time; else the time is the node's word alone",
        ),
        sa.PrimaryKeyConstraint("chain_id", "deployment", "number", name="block_pkey"),
        schema="chain",
        comment="blocks that carry entries or are not final yet",
    )
    op.create_index(
        "block_chain_id_deployment_number_idx",
        "block",
        ["chain_id", "deployment", "number"],
        unique=False,
        schema="chain",
        postgresql_where=sa.text("NOT carries"),
    )
    op.create_index(
        "block_unverified_idx",
        "block",
        ["chain_id", "deployment", "number"],
        unique=False,
        schema="chain",
        postgresql_where=sa.text("NOT verified"),
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
        schema="chain",
        comment="the contracts' journals, entry by entry, as emitted",
        postgresql_partition_by="RANGE (chain_id, block_number)",
    )
    op.create_index(
        "entry_about_2_idx",
        "entry",
        [
            "chain_id",
            sa.literal_column("(hashtextextended(encode(topics[2], 'hex'), 0))"),
            "block_number",
            "log_index",
        ],
        unique=False,
        schema="chain",
        postgresql_where=sa.text("topics[2] IS NOT NULL"),
    )
    op.create_index(
        "entry_about_3_idx",
        "entry",
        [
            "chain_id",
            sa.literal_column("(hashtextextended(encode(topics[3], 'hex'), 0))"),
            "block_number",
            "log_index",
        ],
        unique=False,
        schema="chain",
        postgresql_where=sa.text("topics[3] IS NOT NULL"),
    )
    op.create_index(
        "entry_about_4_idx",
        "entry",
        [
            "chain_id",
            sa.literal_column("(hashtextextended(encode(topics[4], 'hex'), 0))"),
            "block_number",
            "log_index",
        ],
        unique=False,
        schema="chain",
        postgresql_where=sa.text("topics[4] IS NOT NULL"),
    )
    op.create_index(
        "entry_chain_id_block_number_log_index_idx",
        "entry",
        ["chain_id", "block_number", "log_index"],
        unique=False,
        schema="chain",
    )
    op.create_index(
        "entry_topics_idx",
        "entry",
        [
            sa.literal_column("(topics[2])"),
            sa.literal_column("(topics[3])"),
            sa.literal_column("(topics[4])"),
        ],
        unique=False,
        schema="chain",
        postgresql_using="brin",
        postgresql_ops={
            "(topics[2])": "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)",
            "(topics[3])": "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)",
            "(topics[4])": "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)",
        },
        postgresql_with={"pages_per_range": 32},
    )
    op.create_table(
        "power_change",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the access manager"),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="block that carries the log"),
        sa.Column(
            "log_index", sa.BigInteger(), nullable=False, comment="the log's place in the block, from 0"
        ),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="the block's hash, 32 bytes"),
        sa.Column(
            "block_timestamp", sa.BigInteger(), nullable=False, comment="the block's time, seconds since 1970"
        ),
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
            "topics",
            sa.ARRAY(sa.LargeBinary()),
            nullable=False,
            comment="the log's topics, 32 bytes each, signature first",
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="the log's data"),
        sa.Column("event", sa.Text(), nullable=False, comment="name of the event"),
        sa.Column("role", sa.Numeric(20, 0), nullable=True, comment="number of the role; 0: admin"),
        sa.Column(
            "other_role",
            sa.Numeric(20, 0),
            nullable=True,
            comment="the role that gives and takes it from then on, or cancels what it schedules",
        ),
        sa.Column("account", sa.LargeBinary(), nullable=True, comment="who was given the role, or lost it"),
        sa.Column("target", sa.LargeBinary(), nullable=True, comment="the contract that it is about"),
        sa.Column(
            "selector",
            sa.LargeBinary(),
            nullable=True,
            comment="its function, 4 bytes, that the role may call",
        ),
        sa.Column(
            "delay", sa.BigInteger(), nullable=True, comment="seconds that orders wait, or new holders"
        ),
        sa.Column(
            "effective_at",
            sa.BigInteger(),
            nullable=True,
            comment="from which second on that holds, or the operation may run",
        ),
        sa.Column(
            "new_member",
            sa.Boolean(),
            nullable=True,
            comment="true: the account had not the role; false: its delay changed",
        ),
        sa.Column(
            "closed", sa.Boolean(), nullable=True, comment="whether nobody may call the contract any more"
        ),
        sa.Column("label", sa.Text(), nullable=True, comment="what the role is called"),
        sa.Column(
            "operation", sa.LargeBinary(), nullable=True, comment="number of a scheduled operation, 32 bytes"
        ),
        sa.Column(
            "nonce", sa.BigInteger(), nullable=True, comment="how often the same operation was scheduled"
        ),
        sa.Column("caller", sa.LargeBinary(), nullable=True, comment="who scheduled it"),
        sa.Column(
            "calldata", sa.LargeBinary(), nullable=True, comment="what it calls, selector and arguments"
        ),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract", "block_number", "log_index", name="power_change_pkey"
        ),
        schema="chain",
        comment="changes of who may do what, as the access manager emitted them",
    )
    op.create_index(
        "power_change_chain_id_contract_role_account_idx",
        "power_change",
        ["chain_id", "contract", "role", "account"],
        unique=False,
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("power_change", schema="chain")
    op.drop_table("entry", schema="chain")
    op.drop_table("checkpoint", schema="chain")
    op.drop_table("block", schema="chain")
