"""Payments, claims and their sums."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment",
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
        sa.Column(
            "payer", sa.LargeBinary(), nullable=False, comment="wallet that paid: the account's, at the time"
        ),
        sa.Column(
            "invoice_ref",
            sa.LargeBinary(),
            nullable=False,
            comment="the payer's own reference, blinded; paid once",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="agreement whose plan splits it"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column("deal", sa.LargeBinary(), nullable=True, comment="the won deal it comes from; NULL: none"),
        sa.Column(
            "amount", sa.Numeric(78, 0), nullable=False, comment="what the ledger received, base units"
        ),
        sa.Column(
            "matures_at", sa.BigInteger(), nullable=False, comment="when it is released, seconds since 1970"
        ),
        sa.Column(
            "paid_at", sa.BigInteger(), nullable=False, comment="time of the payment, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="payment_pkey"),
        schema="chain",
        comment="revenue recorded against invoices",
    )
    op.create_index(
        "payment_chain_id_contract_agreement_idx",
        "payment",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_index(
        "payment_chain_id_contract_payer_invoice_ref_idx",
        "payment",
        ["chain_id", "contract", "payer", "invoice_ref"],
        schema="chain",
        unique=True,
    )
    op.create_table(
        "claim",
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
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="address that the tokens went to"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what was paid out, base units"),
        sa.Column(
            "claimed_at", sa.BigInteger(), nullable=False, comment="time of the payout, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="claim_pkey"),
        schema="chain",
        comment="payouts to payees",
    )
    op.create_index(
        "claim_chain_id_contract_account_idx", "claim", ["chain_id", "contract", "account"], schema="chain"
    )
    op.create_index(
        "claim_chain_id_contract_agreement_idx",
        "claim",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_table(
        "book",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column("received", sa.Numeric(78, 0), nullable=False, comment="sum of its payments, base units"),
        sa.Column("claimed", sa.Numeric(78, 0), nullable=False, comment="sum of its claims, base units"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "token", name="book_pkey"),
        schema="chain",
        comment="sums of an agreement in a token",
    )
    op.create_table(
        "claimed",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the payee"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="sum of its claims, base units"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "token", "account", name="claimed_pkey"),
        schema="chain",
        comment="sums of what payees have claimed",
    )
    op.create_index(
        "claimed_chain_id_contract_account_idx",
        "claimed",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "deposit_pause",
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
        sa.Column("paused", sa.Boolean(), nullable=False, comment="true: stopped; false: taken again"),
        sa.Column("by_account", sa.LargeBinary(), nullable=False, comment="address that did it"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="deposit_pause_pkey"),
        schema="chain",
        comment="when new deposits were stopped and taken again",
    )


def downgrade() -> None:
    op.drop_table("deposit_pause", schema="chain")
    op.drop_table("claimed", schema="chain")
    op.drop_table("book", schema="chain")
    op.drop_table("claim", schema="chain")
    op.drop_table("payment", schema="chain")
