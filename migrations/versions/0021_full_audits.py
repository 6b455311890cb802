"""The last audit of everything, of which a quick one can tell."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "full_audit",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="block as of which it was made"),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="hash of that block"),
        sa.Column(
            "made_at",
            sa.BigInteger(),
            nullable=False,
            comment="when, by the auditor's clock, seconds since 1970",
        ),
        sa.Column("verdict", sa.Text(), nullable=False, comment="match, difference or unverified"),
        sa.Column("first_difference", sa.Text(), nullable=True, comment="in words; NULL: there is none"),
        sa.Column(
            "entries",
            sa.BigInteger(),
            nullable=True,
            comment="entries whose places were compared with the chain; NULL: none, for a journal differed",
        ),
        sa.Column(
            "unverified_entries",
            sa.BigInteger(),
            nullable=True,
            comment="of those, entries of which it cannot be told where they stand; NULL as before",
        ),
        sa.PrimaryKeyConstraint("chain_id", "deployment", name="full_audit_pkey"),
        schema="app",
        comment="the last audit of all entries and their places, of each deployment",
    )


def downgrade() -> None:
    op.drop_table("full_audit", schema="app")
