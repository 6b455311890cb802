"""Payments by agreement in the journal's order, with what is summed up of them; payments by deal."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "payment_chain_id_contract_agreement_seq_idx",
        "payment",
        ["chain_id", "contract", "agreement", "seq"],
        postgresql_include=["token", "amount", "matures_at", "paid_at"],
        schema="chain",
    )
    op.create_index(
        "payment_chain_id_contract_deal_idx",
        "payment",
        ["chain_id", "contract", "deal"],
        postgresql_where=sa.text("deal IS NOT NULL"),
        schema="chain",
    )


def downgrade() -> None:
    op.drop_index("payment_chain_id_contract_deal_idx", table_name="payment", schema="chain", if_exists=True)
    op.drop_index(
        "payment_chain_id_contract_agreement_seq_idx", table_name="payment", schema="chain", if_exists=True
    )
