"""Rulings have rows of their own: what was so before a ruling is read without a look at it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BEFORE = "held payments that were disputed, and their rulings"
_NOW = "held payments that were disputed"
_INDEXES = (["chain_id", "contract", "payer", "invoice_ref"], ["chain_id", "contract", "agreement"])
_MOVED = (
    ("ruled_at", sa.BigInteger(), "when it was ruled, dropped or taken back; NULL: it waits"),
    ("ruled_seq", sa.BigInteger(), "number of the entry that ended it; NULL: it waits"),
    ("ruled_by", sa.LargeBinary(), "the arbiter; NULL: nobody, or it waits"),
    ("refunded", sa.Numeric(78, 0), "ruled to be the payer's; NULL: it waits"),
    ("remaining", sa.Numeric(78, 0), "ruled to be the payees'; NULL: it waits"),
    ("ruling", sa.LargeBinary(), "the ruling's reason code; NULL: none or it waits"),
)
# What a payer took back whole in the dispute ended it too, and was not a ruling: its refund says so.
_FILL = """
INSERT INTO chain.ruling
SELECT chain_id, contract, ruled_seq, agreement, payer, token, invoice_ref, ruled_by, refunded, remaining,
  ruling, ruled_at
FROM chain.dispute WHERE ruled_seq IS NOT NULL AND refunded + remaining > 0
"""
_FILL_BACK = """
UPDATE chain.dispute d SET ruled_at = ended.at, ruled_seq = ended.seq, ruled_by = ended.by_account,
  refunded = ended.refunded, remaining = ended.remaining, ruling = ended.reason
FROM (
  SELECT chain_id, contract, payer, invoice_ref, seq, ruled_at AS at, by_account, refunded, remaining, reason
  FROM chain.ruling
  UNION ALL
  SELECT r.chain_id, r.contract, r.payer, r.invoice_ref, max(r.seq), max(r.refunded_at), NULL, 0, 0, NULL
  FROM chain.refund r
  JOIN chain.dispute o USING (chain_id, contract, payer, invoice_ref)
  WHERE r.in_dispute
  GROUP BY r.chain_id, r.contract, r.payer, r.invoice_ref, o.amount
  HAVING sum(r.amount) = o.amount
) ended
WHERE ended.chain_id = d.chain_id AND ended.contract = d.contract AND ended.payer = d.payer
  AND ended.invoice_ref = d.invoice_ref
"""


def upgrade() -> None:
    op.create_table(
        "ruling",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="agreement that was paid"),
        sa.Column("payer", sa.LargeBinary(), nullable=False, comment="wallet that paid"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "invoice_ref", sa.LargeBinary(), nullable=False, comment="the payer's reference of the payment"
        ),
        sa.Column(
            "by_account", sa.LargeBinary(), nullable=True, comment="the arbiter; NULL: nobody, it was dropped"
        ),
        sa.Column(
            "refunded", sa.Numeric(78, 0), nullable=False, comment="ruled to be the payer's, base units"
        ),
        sa.Column(
            "remaining", sa.Numeric(78, 0), nullable=False, comment="ruled to be the payees', base units"
        ),
        sa.Column(
            "reason", sa.LargeBinary(), nullable=True, comment="reason code, 32 bytes; NULL: none was given"
        ),
        sa.Column(
            "ruled_at", sa.BigInteger(), nullable=False, comment="time of the ruling, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="ruling_pkey"),
        schema="chain",
        comment="rulings on disputed payments, and disputes that were dropped",
    )
    for columns in _INDEXES:
        op.create_index(f"ruling_{'_'.join(columns)}_idx", "ruling", columns, schema="chain")
    op.execute(_FILL)
    for name, *_ in _MOVED:
        op.drop_column("dispute", name, schema="chain")
    op.create_table_comment("dispute", _NOW, existing_comment=_BEFORE, schema="chain")


def downgrade() -> None:
    op.create_table_comment("dispute", _BEFORE, existing_comment=_NOW, schema="chain")
    for name, kind, comment in _MOVED:
        op.add_column("dispute", sa.Column(name, kind, nullable=True, comment=comment), schema="chain")
    op.execute(_FILL_BACK)
    op.drop_table("ruling", schema="chain")
