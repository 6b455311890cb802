"""Indexes in whose order lists are read: of all, and of a partner's or an agreement's."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BEGIN = ("chain_id", "contract")
NEW = (
    ("deal", ("seq",)),
    ("agreement", ("seq",)),
    ("agreement_payee", ("seq", "position")),
    ("partner", ("seq",)),
    ("programme", ("owner",)),
    ("debt", ("agreement", "seq")),
)
LONGER = (
    ("agreement_party", "account"),
    ("agreement_payee", "account"),
    ("deal", "account"),
    ("deal", "agreement"),
    ("review", "reviewed"),
    ("attestation", "account"),
    ("claim", "account"),
    ("set_aside", "account"),
    ("maturity", "agreement"),
    ("netting", "agreement"),
    ("wallet_change", "account"),
    ("owner_change", "account"),
    ("recovery", "account"),
)
"""With the number of the entry behind them."""
LASTING = "attestation_lasting_idx"


def upgrade() -> None:
    for table, columns in NEW:
        _create(table, *columns)
    for table, column in LONGER:
        _drop(table, column)
        _create(table, column, "seq")
    op.create_index(
        LASTING,
        "attestation",
        [*BEGIN, "expires_at"],
        postgresql_include=["account"],
        postgresql_where=sa.text("ended_seq IS NULL"),
        schema="chain",
    )


def downgrade() -> None:
    op.drop_index(LASTING, table_name="attestation", schema="chain")
    for table, column in LONGER:
        _drop(table, column, "seq")
        _create(table, column)
    for table, columns in NEW:
        _drop(table, *columns)


def _create(table: str, *columns: str) -> None:
    op.create_index(_name(table, columns), table, [*BEGIN, *columns], schema="chain")


def _drop(table: str, *columns: str) -> None:
    """An indexer that was killed in its first reading may have left it out."""
    op.drop_index(_name(table, columns), table_name=table, schema="chain", if_exists=True)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return "_".join((table, *BEGIN, *columns, "idx"))
