"""Consents by transaction say what they are to, and until when they count; so do acceptances and recoveries.

These tables follow contracts that say more, so that no row of earlier ones can be kept: the schema ``chain``
is emptied, on the way up and down, and the next indexing rebuilds it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SAID = (
    ("kind", sa.SmallInteger(), False, "to what: 1 an agreement's end, 2 longer exclusivity, 3 a clawback"),
    ("agreement", sa.LargeBinary(), True, "which is to end, or to owe; NULL of 2"),
    ("deal", sa.LargeBinary(), True, "the deal; NULL of 1 and 3"),
    ("until", sa.BigInteger(), True, "last second in force, or of the exclusivity; NULL of 3"),
    ("payer", sa.LargeBinary(), True, "who paid the invoice, of 3; NULL of others"),
    ("invoice_ref", sa.LargeBinary(), True, "the invoice, of 3; NULL of others"),
    ("refunded", sa.Numeric(78, 0), True, "refunded before, of 3; NULL of others"),
    ("amount", sa.Numeric(78, 0), True, "what is clawed back, of 3; NULL of others"),
    ("deadline", sa.BigInteger(), False, "last second at which it counts"),
    ("ended_seq", sa.BigInteger(), True, "number of the entry that ended it; NULL: none did"),
)
NEWEST = "time of the newest acceptance, seconds since 1970"
FIRST = "time of the acceptance, seconds since 1970"


def upgrade() -> None:
    _empty_chain()
    for name, kind, nullable, comment in SAID:
        _add("consent", sa.Column(name, kind, nullable=nullable, comment=comment))
    op.create_index(
        "consent_chain_id_contract_agreement_idx",
        "consent",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    _add(
        "acceptance",
        sa.Column("deadline", sa.BigInteger(), nullable=False, comment="last second at which it counts"),
    )
    _comment_acceptance(NEWEST, FIRST)
    _add(
        "recovery",
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            nullable=False,
            comment="last second at which it can be completed",
        ),
    )


def downgrade() -> None:
    _empty_chain()
    op.drop_column("recovery", "expires_at", schema="chain")
    _comment_acceptance(FIRST, NEWEST)
    op.drop_column("acceptance", "deadline", schema="chain")
    op.drop_index("consent_chain_id_contract_agreement_idx", "consent", schema="chain")
    for name, *_ in SAID:
        op.drop_column("consent", name, schema="chain")


def _add(table: str, column: sa.Column[object]) -> None:
    op.add_column(table, column, schema="chain")


def _comment_acceptance(comment: str, before: str) -> None:
    op.alter_column(
        "acceptance",
        "accepted_at",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
        comment=comment,
        existing_comment=before,
        schema="chain",
    )


def _empty_chain() -> None:
    names = sa.inspect(op.get_bind()).get_table_names(schema="chain")
    op.execute("TRUNCATE " + ", ".join(f"chain.{name}" for name in sorted(names)))
