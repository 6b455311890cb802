"""Entries are found by their transaction."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "entry_transaction_hash_idx",
        "entry",
        ["transaction_hash"],
        unique=False,
        schema="chain",
        postgresql_using="brin",
        postgresql_ops={
            "transaction_hash": "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)"
        },
        postgresql_with={"pages_per_range": 32},
    )


def downgrade() -> None:
    op.drop_index("entry_transaction_hash_idx", table_name="entry", schema="chain")
