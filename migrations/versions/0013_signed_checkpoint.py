"""The newest checkpoint that this operator signed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_checkpoint",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("ledger", sa.LargeBinary(), nullable=False, comment="address of its RevenueLedger"),
        sa.Column(
            "json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="heads, block, digest, operator and signature, as `pledger checkpoint sign` writes it",
        ),
        sa.PrimaryKeyConstraint("chain_id", "ledger", name=op.f("signed_checkpoint_pkey")),
        schema="app",
        comment="the newest checkpoint that this operator signed",
    )


def downgrade() -> None:
    op.drop_table("signed_checkpoint", schema="app")
