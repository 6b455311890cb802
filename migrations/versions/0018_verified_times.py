"""Blocks say whether their hash was seen to stand for their time."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAME = "block_unverified_idx"
KINDS_BEFORE = "entry, reorganisation, failover or stop"
KINDS = "entry, header, reorganisation, failover, unverified or stop"


def upgrade() -> None:
    # Nobody has looked yet: the next indexer asks for those blocks again.
    op.add_column(
        "block",
        sa.Column(
            "verified",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="whether its hash was seen to stand for its time; else the time is the node's word alone",
        ),
        schema="chain",
    )
    op.alter_column("block", "verified", server_default=None, schema="chain")
    op.create_index(
        NAME,
        "block",
        ["chain_id", "deployment", "number"],
        postgresql_where=sa.text("NOT verified"),
        schema="chain",
    )
    op.alter_column("incident", "kind", comment=KINDS, existing_comment=KINDS_BEFORE, schema="app")


def downgrade() -> None:
    op.alter_column("incident", "kind", comment=KINDS_BEFORE, existing_comment=KINDS, schema="app")
    op.drop_index(NAME, table_name="block", schema="chain")
    op.drop_column("block", "verified", schema="chain")
