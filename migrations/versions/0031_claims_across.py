"""A claim across agreements is one entry with several payouts."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


BEGIN = ("chain_id", "contract", "agreement")
LONGER = (*BEGIN, "seq")


def upgrade() -> None:
    _replace(BEGIN, LONGER)
    op.add_column(
        "claim",
        sa.Column(
            "together",
            sa.Boolean(),
            nullable=True,
            comment="whether all payees were paid at once; else this one was paid by itself",
        ),
        schema="chain",
    )
    op.execute("UPDATE chain.claim SET together = position > 0")
    op.alter_column("claim", "together", nullable=False, schema="chain")
    op.alter_column(
        "claim",
        "position",
        comment="place among the payouts that the entry tells of, from 1; 0: it is the only one",
        existing_type=sa.BigInteger(),
        schema="chain",
    )


def downgrade() -> None:
    _replace(LONGER, BEGIN)
    op.alter_column(
        "claim",
        "position",
        comment="place among the payees that the entry paid, from 1; 0: it paid this one alone",
        existing_type=sa.BigInteger(),
        schema="chain",
    )
    op.drop_column("claim", "together", schema="chain")


def _replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """An indexer that was killed in its first reading may have left the old one out."""
    op.drop_index(_name(old), table_name="claim", schema="chain", if_exists=True)
    op.create_index(_name(new), "claim", list(new), schema="chain")


def _name(columns: tuple[str, ...]) -> str:
    return "_".join(("claim", *columns, "idx"))
