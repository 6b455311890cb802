"""Payments by maturity: of those that are held alone, so that the others are written faster."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = "payment_chain_id_contract_agreement_matures_at_idx"
COLUMNS = ["chain_id", "contract", "agreement", "matures_at"]


def upgrade() -> None:
    op.drop_index(NAME, table_name="payment", schema="chain")
    op.create_index(
        NAME, "payment", COLUMNS, postgresql_where=sa.text("matures_at > paid_at"), schema="chain"
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="payment", schema="chain", if_exists=True)
    op.create_index(NAME, "payment", COLUMNS, schema="chain")
