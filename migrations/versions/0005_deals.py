"""Deals and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("deal", sa.LargeBinary(), nullable=False, comment="id: hash of account and commitment"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the partner that committed"),
        sa.Column(
            "commitment",
            sa.LargeBinary(),
            nullable=False,
            comment="hash that hides agreement and customer until revealed",
        ),
        sa.Column(
            "priority",
            sa.BigInteger(),
            nullable=False,
            comment="number of the commitment's entry: the lower was first",
        ),
        sa.Column(
            "committed_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the commitment, seconds since 1970",
        ),
        sa.Column(
            "agreement",
            sa.LargeBinary(),
            nullable=True,
            comment="it is registered under; NULL until revealed",
        ),
        sa.Column(
            "programme",
            sa.LargeBinary(),
            nullable=True,
            comment="the agreement's programme; NULL until revealed",
        ),
        sa.Column(
            "epoch", sa.BigInteger(), nullable=True, comment="key epoch of the tag; NULL until revealed"
        ),
        sa.Column(
            "tag",
            sa.LargeBinary(),
            nullable=True,
            comment="the customer, blinded, 32 bytes; NULL until revealed",
        ),
        sa.Column(
            "rival",
            sa.LargeBinary(),
            nullable=True,
            comment="first live registration of the same customer at the reveal; NULL: none",
        ),
        sa.Column(
            "registered_at", sa.BigInteger(), nullable=True, comment="time of the reveal; NULL until revealed"
        ),
        sa.Column(
            "decide_by",
            sa.BigInteger(),
            nullable=True,
            comment="last second for a decision; NULL until revealed",
        ),
        sa.Column(
            "state",
            sa.SmallInteger(),
            nullable=False,
            comment="1 committed 2 registered 3 approved 4 returned 5 rejected 6 won 7 lost 8 withdrawn",
        ),
        sa.Column(
            "state_since", sa.BigInteger(), nullable=False, comment="time of the entry that gave the state"
        ),
        sa.Column(
            "vendor",
            sa.LargeBinary(),
            nullable=True,
            comment="programme's owner, who decides; NULL until revealed",
        ),
        sa.Column(
            "reason",
            sa.LargeBinary(),
            nullable=True,
            comment="reason code of the last decision, 32 bytes; NULL: it gave none",
        ),
        sa.Column(
            "value", sa.Numeric(78, 0), nullable=True, comment="declared value in base units; NULL until won"
        ),
        sa.Column(
            "token", sa.LargeBinary(), nullable=True, comment="token of the declared value; NULL until won"
        ),
        sa.Column(
            "exclusive_until",
            sa.BigInteger(),
            nullable=True,
            comment="last second of the exclusivity its approval gave; NULL until approved",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "deal", name="deal_pkey"),
        schema="chain",
        comment="customers that partners claim to have brought",
    )
    op.create_index(
        "deal_chain_id_contract_account_idx", "deal", ["chain_id", "contract", "account"], schema="chain"
    )
    op.create_index(
        "deal_chain_id_contract_agreement_idx", "deal", ["chain_id", "contract", "agreement"], schema="chain"
    )
    op.create_index(
        "deal_chain_id_contract_programme_epoch_tag_idx",
        "deal",
        ["chain_id", "contract", "programme", "epoch", "tag"],
        schema="chain",
    )
    op.create_table(
        "deal_decision",
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
        sa.Column("deal", sa.LargeBinary(), nullable=False, comment="the deal"),
        sa.Column("vendor", sa.LargeBinary(), nullable=True, comment="who decided; NULL for a withdrawal"),
        sa.Column(
            "outcome",
            sa.SmallInteger(),
            nullable=False,
            comment="3 approved, 4 returned, 5 rejected, 6 won, 7 lost, 8 withdrawn by the partner",
        ),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="reason code, 32 bytes, zero for none"),
        sa.Column(
            "value",
            sa.Numeric(78, 0),
            nullable=False,
            comment="declared value in base units when won, else 0",
        ),
        sa.Column(
            "token",
            sa.LargeBinary(),
            nullable=False,
            comment="token of the value when won, else the zero address",
        ),
        sa.Column(
            "exclusive_until",
            sa.BigInteger(),
            nullable=False,
            comment="last second of the exclusivity given, else 0",
        ),
        sa.Column(
            "decided_at", sa.BigInteger(), nullable=False, comment="time of the decision, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="deal_decision_pkey"),
        schema="chain",
        comment="decisions on deals, and withdrawals",
    )
    op.create_index(
        "deal_decision_chain_id_contract_deal_idx",
        "deal_decision",
        ["chain_id", "contract", "deal"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("deal_decision", schema="chain")
    op.drop_table("deal", schema="chain")
