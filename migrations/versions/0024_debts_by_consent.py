"""Debts by consent apart from those by ruling: only their own version's revenue serves them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Of the entry's data, the byte that says yes or no.
_NETTED = """
UPDATE chain.netting AS row SET by_consent = get_byte(entry.data, 63) = 1 FROM chain.entry
WHERE entry.chain_id = row.chain_id AND entry.contract = row.contract AND entry.seq = row.seq
"""
_OWED = """
UPDATE chain.book AS book SET agreed_debts = agreed.amount, debts = debts - agreed.amount FROM (
    SELECT chain_id, contract, agreement, token, sum(amount) AS amount FROM chain.debt
    WHERE by_account IS NULL GROUP BY chain_id, contract, agreement, token
) AS agreed
WHERE (agreed.chain_id, agreed.contract, agreed.agreement, agreed.token)
    = (book.chain_id, book.contract, book.agreement, book.token)
"""
_SERVED = """
UPDATE chain.book AS book
SET agreed_served = agreed.amount, debts_served = debts_served - agreed.amount FROM (
    SELECT chain_id, contract, debtor, token, sum(amount) AS amount FROM chain.netting
    WHERE by_consent GROUP BY chain_id, contract, debtor, token
) AS agreed
WHERE (agreed.chain_id, agreed.contract, agreed.debtor, agreed.token)
    = (book.chain_id, book.contract, book.agreement, book.token)
"""
_TOGETHER = """
UPDATE chain.book SET debts = debts + agreed_debts, debts_served = debts_served + agreed_served
"""
_BOOKS = {
    "agreed_debts": "its debts by all payees' consent, in all and ever",
    "agreed_served": "what its own revenue has netted of those",
}
_COMMENTS = {
    "debts": ("its debts, in all and ever", "its debts by ruling, in all and ever"),
    "debts_served": (
        "what revenue, whosever, has netted of its debts",
        "what revenue, whosever, has netted of those",
    ),
}


def upgrade() -> None:
    op.add_column(
        "netting",
        sa.Column(
            "by_consent",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="true: debts that all payees agreed to; false: by ruling",
        ),
        schema="chain",
    )
    op.alter_column("netting", "by_consent", server_default=None, schema="chain")
    for name, comment in _BOOKS.items():
        column = sa.Column(name, sa.Numeric(78, 0), nullable=False, server_default="0", comment=comment)
        op.add_column("book", column, schema="chain")
        op.alter_column("book", name, server_default=None, schema="chain")
    for statement in (_NETTED, _OWED, _SERVED):
        op.execute(statement)
    for name, (before, after) in _COMMENTS.items():
        op.alter_column("book", name, existing_comment=before, comment=after, schema="chain")


def downgrade() -> None:
    op.execute(_TOGETHER)
    for name in _BOOKS:
        op.drop_column("book", name, schema="chain")
    op.drop_column("netting", "by_consent", schema="chain")
