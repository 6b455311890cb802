"""Holds, refunds, disputes and debts; claims by period."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "payment",
        "matures_at",
        existing_type=sa.BigInteger(),
        comment="when it is released; its own time where there is no hold",
        existing_comment="when it is released, seconds since 1970",
        existing_nullable=False,
        schema="chain",
    )
    op.drop_index("payment_chain_id_contract_agreement_idx", table_name="payment", schema="chain")
    op.create_index(
        "payment_chain_id_contract_agreement_matures_at_idx",
        "payment",
        ["chain_id", "contract", "agreement", "matures_at"],
        schema="chain",
    )
    op.add_column(
        "claim",
        sa.Column(
            "period",
            sa.BigInteger(),
            nullable=False,
            comment="number of the period claimed for; 0 when there are none",
        ),
        schema="chain",
    )
    op.add_column(
        "claimed",
        sa.Column(
            "period", sa.BigInteger(), nullable=False, comment="number of the period; 0 when there are none"
        ),
        schema="chain",
    )
    op.drop_constraint("claimed_pkey", "claimed", schema="chain")
    op.create_primary_key(
        "claimed_pkey",
        "claimed",
        ["chain_id", "contract", "agreement", "token", "account", "period"],
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "refunded",
            sa.Numeric(78, 0),
            nullable=False,
            comment="payers' again: taken back in the hold, or by a ruling",
        ),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "paid_back",
            sa.Numeric(78, 0),
            nullable=False,
            comment="of what is refunded, what went out to payers",
        ),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column("disputed", sa.Numeric(78, 0), nullable=False, comment="what waits for a ruling"),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "matured",
            sa.Numeric(78, 0),
            nullable=False,
            comment="payments without a hold, and days' payments recorded as released; rulings not included",
        ),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "netted",
            sa.Numeric(78, 0),
            nullable=False,
            comment="revenue of it that served debts, its own or inherited",
        ),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column("debts", sa.Numeric(78, 0), nullable=False, comment="its debts, in all and ever"),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "debts_served",
            sa.Numeric(78, 0),
            nullable=False,
            comment="what revenue, whosever, has netted of its debts",
        ),
        schema="chain",
    )
    op.add_column(
        "book",
        sa.Column(
            "debts_paid", sa.Numeric(78, 0), nullable=False, comment="what of its debts went out to payers"
        ),
        schema="chain",
    )
    op.alter_column(
        "book",
        "received",
        existing_type=sa.Numeric(78, 0),
        comment="sum of its payments",
        existing_comment="sum of its payments, base units",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "book",
        "claimed",
        existing_type=sa.Numeric(78, 0),
        comment="sum of its claims",
        existing_comment="sum of its claims, base units",
        existing_nullable=False,
        schema="chain",
    )
    op.create_table(
        "maturity",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "matures_at",
            sa.BigInteger(),
            nullable=False,
            comment="the day's beginning, from when on they were due",
        ),
        sa.Column(
            "amount",
            sa.Numeric(78, 0),
            nullable=False,
            comment="what was left of that day's payments, base units",
        ),
        sa.Column(
            "matured_at", sa.BigInteger(), nullable=False, comment="when it was recorded, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="maturity_pkey"),
        schema="chain",
        comment="days whose held payments were recorded as released",
    )
    op.create_index(
        "maturity_chain_id_contract_agreement_idx",
        "maturity",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_table(
        "refund",
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
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="wallet that the tokens went to"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what went back, base units"),
        sa.Column(
            "refunded_at", sa.BigInteger(), nullable=False, comment="time of the refund, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="refund_pkey"),
        schema="chain",
        comment="held payments that payers took back",
    )
    op.create_index(
        "refund_chain_id_contract_agreement_idx",
        "refund",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_index(
        "refund_chain_id_contract_payer_invoice_ref_idx",
        "refund",
        ["chain_id", "contract", "payer", "invoice_ref"],
        schema="chain",
    )
    op.create_table(
        "dispute",
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
        sa.Column("by_account", sa.LargeBinary(), nullable=False, comment="the party that disputed it"),
        sa.Column(
            "amount", sa.Numeric(78, 0), nullable=False, comment="what was left of the payment, base units"
        ),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="reason code, 32 bytes"),
        sa.Column(
            "disputed_at", sa.BigInteger(), nullable=False, comment="time of the dispute, seconds since 1970"
        ),
        sa.Column(
            "rule_by", sa.BigInteger(), nullable=False, comment="from when on anyone can have it dropped"
        ),
        sa.Column(
            "ruled_at", sa.BigInteger(), nullable=True, comment="when it was ruled or dropped; NULL: it waits"
        ),
        sa.Column(
            "ruled_seq",
            sa.BigInteger(),
            nullable=True,
            comment="number of the ruling's entry; NULL: it waits",
        ),
        sa.Column(
            "ruled_by",
            sa.LargeBinary(),
            nullable=True,
            comment="the arbiter; NULL: nobody, dropped or it waits",
        ),
        sa.Column(
            "refunded", sa.Numeric(78, 0), nullable=True, comment="ruled to be the payer's; NULL: it waits"
        ),
        sa.Column(
            "remaining", sa.Numeric(78, 0), nullable=True, comment="ruled to be the payees'; NULL: it waits"
        ),
        sa.Column(
            "ruling",
            sa.LargeBinary(),
            nullable=True,
            comment="the ruling's reason code; NULL: none or it waits",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="dispute_pkey"),
        schema="chain",
        comment="held payments that were disputed, and their rulings",
    )
    op.create_index(
        "dispute_chain_id_contract_agreement_idx",
        "dispute",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_index(
        "dispute_chain_id_contract_payer_invoice_ref_idx",
        "dispute",
        ["chain_id", "contract", "payer", "invoice_ref"],
        schema="chain",
    )
    op.create_table(
        "refund_payout",
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
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="wallet that the tokens went to"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what went out, base units"),
        sa.Column(
            "paid_at", sa.BigInteger(), nullable=False, comment="time of the payout, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="refund_payout_pkey"),
        schema="chain",
        comment="payouts of what rulings gave back to payers",
    )
    op.create_index(
        "refund_payout_chain_id_contract_payer_invoice_ref_idx",
        "refund_payout",
        ["chain_id", "contract", "payer", "invoice_ref"],
        schema="chain",
    )
    op.create_table(
        "debt",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement that owes it"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "debt",
            sa.BigInteger(),
            nullable=False,
            comment="number of the debt in this agreement and token, from 1",
        ),
        sa.Column("payer", sa.LargeBinary(), nullable=False, comment="wallet that paid"),
        sa.Column(
            "invoice_ref", sa.LargeBinary(), nullable=False, comment="the payer's reference of the payment"
        ),
        sa.Column(
            "by_account", sa.LargeBinary(), nullable=True, comment="the arbiter; NULL: all payees consented"
        ),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what is owed, base units"),
        sa.Column(
            "reason",
            sa.LargeBinary(),
            nullable=True,
            comment="the ruling's reason code, 32 bytes; NULL: none",
        ),
        sa.Column(
            "clawed_back_at", sa.BigInteger(), nullable=False, comment="time of the entry, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="debt_pkey"),
        schema="chain",
        comment="refunds after the hold that agreements owe",
    )
    op.create_index(
        "debt_chain_id_contract_agreement_token_debt_idx",
        "debt",
        ["chain_id", "contract", "agreement", "token", "debt"],
        unique=True,
        schema="chain",
    )
    op.create_index(
        "debt_chain_id_contract_payer_invoice_ref_idx",
        "debt",
        ["chain_id", "contract", "payer", "invoice_ref"],
        schema="chain",
    )
    op.create_table(
        "netting",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="agreement whose revenue it was"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column("debtor", sa.LargeBinary(), nullable=False, comment="agreement whose debts were served"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what was netted, base units"),
        sa.Column(
            "matures_at",
            sa.BigInteger(),
            nullable=False,
            comment="when the revenue was due: of its payment, or its day",
        ),
        sa.Column(
            "netted_at", sa.BigInteger(), nullable=False, comment="time of the entry, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="netting_pkey"),
        schema="chain",
        comment="revenue that served debts",
    )
    op.create_index(
        "netting_chain_id_contract_agreement_idx",
        "netting",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.create_index(
        "netting_chain_id_contract_debtor_idx", "netting", ["chain_id", "contract", "debtor"], schema="chain"
    )
    op.create_table(
        "debt_payout",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement that owed it"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "debt", sa.BigInteger(), nullable=False, comment="number of the debt in this agreement and token"
        ),
        sa.Column("payer", sa.LargeBinary(), nullable=False, comment="wallet that had paid"),
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="wallet that the tokens went to"),
        sa.Column("amount", sa.Numeric(78, 0), nullable=False, comment="what went out, base units"),
        sa.Column(
            "paid_at", sa.BigInteger(), nullable=False, comment="time of the payout, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="debt_payout_pkey"),
        schema="chain",
        comment="payouts of what was netted for debts",
    )
    op.create_index(
        "debt_payout_chain_id_contract_agreement_token_debt_idx",
        "debt_payout",
        ["chain_id", "contract", "agreement", "token", "debt"],
        schema="chain",
    )


def downgrade() -> None:
    _empty_chain()
    op.drop_table("debt_payout", schema="chain")
    op.drop_table("netting", schema="chain")
    op.drop_table("debt", schema="chain")
    op.drop_table("refund_payout", schema="chain")
    op.drop_table("dispute", schema="chain")
    op.drop_table("refund", schema="chain")
    op.drop_table("maturity", schema="chain")
    op.alter_column(
        "book",
        "claimed",
        existing_type=sa.Numeric(78, 0),
        comment="sum of its claims, base units",
        existing_comment="sum of its claims",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "book",
        "received",
        existing_type=sa.Numeric(78, 0),
        comment="sum of its payments, base units",
        existing_comment="sum of its payments",
        existing_nullable=False,
        schema="chain",
    )
    op.drop_column("book", "debts_paid", schema="chain")
    op.drop_column("book", "debts_served", schema="chain")
    op.drop_column("book", "debts", schema="chain")
    op.drop_column("book", "netted", schema="chain")
    op.drop_column("book", "matured", schema="chain")
    op.drop_column("book", "disputed", schema="chain")
    op.drop_column("book", "paid_back", schema="chain")
    op.drop_column("book", "refunded", schema="chain")
    op.drop_column("claimed", "period", schema="chain")
    op.create_primary_key(
        "claimed_pkey", "claimed", ["chain_id", "contract", "agreement", "token", "account"], schema="chain"
    )
    op.drop_column("claim", "period", schema="chain")
    op.drop_index("payment_chain_id_contract_agreement_matures_at_idx", table_name="payment", schema="chain")
    op.create_index(
        "payment_chain_id_contract_agreement_idx",
        "payment",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )
    op.alter_column(
        "payment",
        "matures_at",
        existing_type=sa.BigInteger(),
        comment="when it is released, seconds since 1970",
        existing_comment="when it is released; its own time where there is no hold",
        existing_nullable=False,
        schema="chain",
    )


def _empty_chain() -> None:
    names = sa.inspect(op.get_bind()).get_table_names(schema="chain")
    op.execute("TRUNCATE " + ", ".join(f"chain.{name}" for name in sorted(names)))
