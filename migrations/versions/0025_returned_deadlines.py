"""A returned deal's new time to decide; won deals that their vendor tagged again."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BEFORE = "the partner that tagged it"
_NOW = "who tagged it: its partner, or the vendor of a won deal"


def upgrade() -> None:
    op.add_column(
        "deal",
        sa.Column(
            "decide_again_by",
            sa.BigInteger(),
            nullable=True,
            comment="last second of the new time to decide that a return gave; NULL: it gave none",
        ),
        schema="chain",
    )
    op.add_column(
        "deal_decision",
        sa.Column(
            "decide_by",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="last second of the new time to decide that a return gives, else 0",
        ),
        schema="chain",
    )
    op.alter_column("deal_decision", "decide_by", server_default=None, schema="chain")
    _comment(_NOW, _BEFORE)


def downgrade() -> None:
    _comment(_BEFORE, _NOW)
    op.drop_column("deal_decision", "decide_by", schema="chain")
    op.drop_column("deal", "decide_again_by", schema="chain")


def _comment(text: str, before: str) -> None:
    op.alter_column(
        "deal_retag",
        "account",
        existing_type=sa.LargeBinary(),
        comment=text,
        existing_comment=before,
        existing_nullable=False,
        schema="chain",
    )
