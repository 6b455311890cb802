"""Blocks that carry entries, told from those that go when they are final without a look at the entries."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "block_chain_id_deployment_number_idx"


def upgrade() -> None:
    op.add_column(
        "block",
        sa.Column(
            "carries",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="whether it carries entries of the deployment; another one goes when it is final",
        ),
        schema="chain",
    )
    # A deployment's ledger does not say which contracts are its own: what a neighbour's entries keep stays.
    op.execute(
        "UPDATE chain.block SET carries = false WHERE NOT EXISTS (SELECT FROM chain.entry "
        "WHERE entry.chain_id = block.chain_id AND entry.block_number = block.number)"
    )
    op.alter_column("block", "carries", server_default=None, schema="chain")
    op.create_index(
        NAME,
        "block",
        ["chain_id", "deployment", "number"],
        postgresql_where=sa.text("NOT carries"),
        schema="chain",
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="block", schema="chain")
    op.drop_column("block", "carries", schema="chain")
