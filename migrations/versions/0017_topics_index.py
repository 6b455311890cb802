"""What entries are about, found by a small index: in which runs of pages an id may be."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "entry_topics_idx"
BLOOM = "bytea_bloom_ops(n_distinct_per_range=500, false_positive_rate=0.001)"


def upgrade() -> None:
    op.create_index(
        NAME,
        "entry",
        [sa.text(f"(topics[{place}]) {BLOOM}") for place in (2, 3, 4)],
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32},
        schema="chain",
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="entry", schema="chain")
