"""Payees paid all together, and what some of them could not be paid."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "claim",
        sa.Column(
            "position",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="place among the payees that the entry paid, from 1; 0: it paid this one alone",
        ),
        schema="chain",
    )
    op.alter_column("claim", "position", server_default=None, schema="chain")
    op.drop_constraint("claim_pkey", "claim", schema="chain")
    op.create_primary_key("claim_pkey", "claim", ["chain_id", "contract", "seq", "position"], schema="chain")
    op.alter_column(
        "book",
        "claimed",
        comment="sum of what its payees were paid",
        existing_type=sa.Numeric(78, 0),
        schema="chain",
    )
    op.alter_column(
        "claimed",
        "amount",
        comment="sum of what it was paid, base units",
        existing_type=sa.Numeric(78, 0),
        schema="chain",
    )
    op.create_table_comment("claimed", "sums of what payees were paid", schema="chain")
    op.create_table(
        "set_aside",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="agreement that earned it"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the payee"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "period",
            sa.BigInteger(),
            nullable=False,
            comment="number of the period paid out; 0 when there are none",
        ),
        sa.Column(
            "amount",
            sa.Numeric(78, 0),
            nullable=False,
            comment="all that was set aside for it by then, base units",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="set_aside_pkey"),
        schema="chain",
        comment="what payees could not be paid with all others",
    )
    op.create_index(
        "set_aside_chain_id_contract_account_idx",
        "set_aside",
        ["chain_id", "contract", "account"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("set_aside", schema="chain")
    op.create_table_comment("claimed", "sums of what payees have claimed", schema="chain")
    op.alter_column(
        "claimed",
        "amount",
        comment="sum of its claims, base units",
        existing_type=sa.Numeric(78, 0),
        schema="chain",
    )
    op.alter_column(
        "book", "claimed", comment="sum of its claims", existing_type=sa.Numeric(78, 0), schema="chain"
    )
    op.execute("DELETE FROM chain.claim WHERE position > 1")
    op.drop_constraint("claim_pkey", "claim", schema="chain")
    op.create_primary_key("claim_pkey", "claim", ["chain_id", "contract", "seq"], schema="chain")
    op.drop_column("claim", "position", schema="chain")
