"""Entries partitioned by ranges of blocks. They are copied, which wants their disk space once more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WIDTH = 1_000_000  # as ledger/store/partitions.py had it when this was written


def upgrade() -> None:
    op.rename_table("entry", "entry_whole", schema="chain")
    op.execute("ALTER TABLE chain.entry_whole DROP CONSTRAINT entry_pkey")
    op.execute(
        "CREATE TABLE chain.entry (LIKE chain.entry_whole INCLUDING COMMENTS) "
        "PARTITION BY RANGE (chain_id, block_number)"
    )
    _comment()
    found = sa.text(
        f"SELECT DISTINCT chain_id, block_number / {WIDTH} * {WIDTH} FROM chain.entry_whole ORDER BY 1, 2"  # noqa: S608 - a constant
    )
    ranges = op.get_bind().execute(found).all()
    for chain_id, start in ranges:
        op.execute(
            f"CREATE TABLE chain.entry_{chain_id}_{start} PARTITION OF chain.entry "
            f"FOR VALUES FROM ({chain_id}, {start}) TO ({chain_id}, {start + WIDTH})"
        )
    op.execute(
        "INSERT INTO chain.entry SELECT * FROM chain.entry_whole ORDER BY chain_id, block_number, log_index"
    )
    op.drop_table("entry_whole", schema="chain")
    for chain_id, start in ranges:
        op.execute(f"ALTER TABLE chain.entry_{chain_id}_{start} ADD PRIMARY KEY (chain_id, contract, seq)")
    _index()


def downgrade() -> None:
    op.rename_table("entry", "entry_parts", schema="chain")
    op.execute("CREATE TABLE chain.entry (LIKE chain.entry_parts INCLUDING COMMENTS)")
    _comment()
    op.execute(
        "INSERT INTO chain.entry SELECT * FROM chain.entry_parts ORDER BY chain_id, block_number, log_index"
    )
    op.drop_table("entry_parts", schema="chain")
    op.create_primary_key("entry_pkey", "entry", ["chain_id", "contract", "seq"], schema="chain")
    _index()


def _comment() -> None:
    op.execute(
        "COMMENT ON TABLE chain.entry IS 'the contracts'' journals, entry by entry, as emitted'",
    )


def _index() -> None:
    op.create_index(
        "entry_chain_id_block_number_log_index_idx",
        "entry",
        ["chain_id", "block_number", "log_index"],
        schema="chain",
    )
