"""Which refunds came out of what was in dispute."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_COMMENTS = {
    "refund": ("held payments that payers took back", "payments that payers took back before their release"),
}
_FILL = """
UPDATE chain.refund AS row SET in_dispute = true FROM chain.entry
WHERE entry.chain_id = row.chain_id AND entry.contract = row.contract AND entry.seq = row.seq
  AND entry.event = 'RefundedInDispute'
"""
_OF_DISPUTE = {
    "amount": (
        sa.Numeric(78, 0),
        False,
        "what was left of the payment, base units",
        "what was left of the payment then, base units",
    ),
    "ruled_at": (
        sa.BigInteger(),
        True,
        "when it was ruled or dropped; NULL: it waits",
        "when it was ruled, dropped or taken back; NULL: it waits",
    ),
    "ruled_seq": (
        sa.BigInteger(),
        True,
        "number of the ruling's entry; NULL: it waits",
        "number of the entry that ended it; NULL: it waits",
    ),
    "ruled_by": (
        sa.LargeBinary(),
        True,
        "the arbiter; NULL: nobody, dropped or it waits",
        "the arbiter; NULL: nobody, or it waits",
    ),
}


def upgrade() -> None:
    op.add_column(
        "refund",
        sa.Column(
            "in_dispute",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="true: out of what waited for a ruling; false: held",
        ),
        schema="chain",
    )
    op.alter_column("refund", "in_dispute", server_default=None, schema="chain")
    op.execute(_FILL)
    for table, (before, after) in _COMMENTS.items():
        op.create_table_comment(table, after, existing_comment=before, schema="chain")
    for name, (kind, nullable, before, after) in _OF_DISPUTE.items():
        op.alter_column(
            "dispute",
            name,
            existing_type=kind,
            existing_nullable=nullable,
            existing_comment=before,
            comment=after,
            schema="chain",
        )


def downgrade() -> None:
    op.drop_column("refund", "in_dispute", schema="chain")
