"""Territories, extensions, new tags, moves and reviews of deals."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deal",
        sa.Column(
            "registered_under",
            sa.LargeBinary(),
            nullable=True,
            comment="agreement that its reveal named; NULL until revealed",
        ),
        schema="chain",
    )
    op.add_column(
        "deal",
        sa.Column(
            "territory",
            sa.LargeBinary(),
            nullable=True,
            comment="where the customer is, 32 bytes; NULL until revealed, and unless the rule is territory",
        ),
        schema="chain",
    )
    op.add_column(
        "deal",
        sa.Column(
            "retagged_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was tagged again: contestable until its epoch's grace ends; NULL: never",
        ),
        schema="chain",
    )
    op.alter_column(
        "deal",
        "agreement",
        existing_type=sa.LargeBinary(),
        comment="it is registered under, or was won under, a successor perhaps; NULL until revealed",
        existing_comment="it is registered under; NULL until revealed",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "epoch",
        existing_type=sa.BigInteger(),
        comment="key epoch of its newest tag; NULL until revealed",
        existing_comment="key epoch of the tag; NULL until revealed",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "rival",
        existing_type=sa.LargeBinary(),
        comment="first live registration of the same customer as it was tagged last; NULL: none",
        existing_comment="first live registration of the same customer at the reveal; NULL: none",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "decide_by",
        existing_type=sa.BigInteger(),
        comment="last second for a decision; NULL until revealed, and where the terms set none",
        existing_comment="last second for a decision; NULL until revealed",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "exclusive_until",
        existing_type=sa.BigInteger(),
        comment="last second of its exclusivity, extensions included; NULL until approved",
        existing_comment="last second of the exclusivity its approval gave; NULL until approved",
        existing_nullable=True,
        schema="chain",
    )
    op.add_column(
        "deal_decision",
        sa.Column(
            "by_account",
            sa.LargeBinary(),
            nullable=True,
            comment="who had it approved by default, its deadline over; NULL: not by default",
        ),
        schema="chain",
    )
    op.alter_column(
        "deal_decision",
        "vendor",
        existing_type=sa.LargeBinary(),
        comment="who decided; NULL for a withdrawal and for an approval by default",
        existing_comment="who decided; NULL for a withdrawal",
        existing_nullable=True,
        schema="chain",
    )
    op.create_table(
        "deal_extension",
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
        sa.Column(
            "exclusive_until",
            sa.BigInteger(),
            nullable=False,
            comment="last second of the exclusivity from then on",
        ),
        sa.Column(
            "extended_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the extension, seconds since 1970",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="deal_extension_pkey"),
        schema="chain",
        comment="extensions of deals' exclusivity",
    )
    op.create_index(
        "deal_extension_chain_id_contract_deal_idx",
        "deal_extension",
        ["chain_id", "contract", "deal"],
        schema="chain",
    )
    op.create_table(
        "deal_retag",
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
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the partner that tagged it"),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="key epoch of the new tag"),
        sa.Column("tag", sa.LargeBinary(), nullable=False, comment="the customer, blinded, 32 bytes"),
        sa.Column(
            "rival",
            sa.LargeBinary(),
            nullable=True,
            comment="first live registration of the same customer in that epoch; NULL: none",
        ),
        sa.Column("retagged_at", sa.BigInteger(), nullable=False, comment="when, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="deal_retag_pkey"),
        schema="chain",
        comment="deals that were tagged again under a newer key",
    )
    op.create_index(
        "deal_retag_chain_id_contract_deal_idx",
        "deal_retag",
        ["chain_id", "contract", "deal"],
        schema="chain",
    )
    op.create_table(
        "deal_move",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the successor"),
        sa.Column("moved_at", sa.BigInteger(), nullable=False, comment="when, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="deal_move_pkey"),
        schema="chain",
        comment="deals that were won under a successor of their agreement",
    )
    op.create_index(
        "deal_move_chain_id_contract_deal_idx", "deal_move", ["chain_id", "contract", "deal"], schema="chain"
    )
    op.create_table(
        "review",
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
        sa.Column("reviewer", sa.LargeBinary(), nullable=False, comment="account that rated"),
        sa.Column("reviewed", sa.LargeBinary(), nullable=False, comment="account that was rated"),
        sa.Column("rating", sa.SmallInteger(), nullable=False, comment="1 to 5"),
        sa.Column(
            "comment",
            sa.LargeBinary(),
            nullable=False,
            comment="hash of a text kept elsewhere; zero for none",
        ),
        sa.Column(
            "reviewed_at", sa.BigInteger(), nullable=False, comment="time of the review, seconds since 1970"
        ),
        sa.Column(
            "revoked_at", sa.BigInteger(), nullable=True, comment="when it was taken back; NULL: it was not"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="review_pkey"),
        schema="chain",
        comment="ratings of won deals, each side of the other",
    )
    op.create_index(
        "review_chain_id_contract_deal_idx", "review", ["chain_id", "contract", "deal"], schema="chain"
    )
    op.create_index(
        "review_chain_id_contract_reviewed_idx",
        "review",
        ["chain_id", "contract", "reviewed"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("review", schema="chain")
    op.drop_table("deal_move", schema="chain")
    op.drop_table("deal_retag", schema="chain")
    op.drop_table("deal_extension", schema="chain")
    op.alter_column(
        "deal_decision",
        "vendor",
        existing_type=sa.LargeBinary(),
        comment="who decided; NULL for a withdrawal",
        existing_comment="who decided; NULL for a withdrawal and for an approval by default",
        existing_nullable=True,
        schema="chain",
    )
    op.drop_column("deal_decision", "by_account", schema="chain")
    op.alter_column(
        "deal",
        "exclusive_until",
        existing_type=sa.BigInteger(),
        comment="last second of the exclusivity its approval gave; NULL until approved",
        existing_comment="last second of its exclusivity, extensions included; NULL until approved",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "decide_by",
        existing_type=sa.BigInteger(),
        comment="last second for a decision; NULL until revealed",
        existing_comment="last second for a decision; NULL until revealed, and where the terms set none",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "rival",
        existing_type=sa.LargeBinary(),
        comment="first live registration of the same customer at the reveal; NULL: none",
        existing_comment="first live registration of the same customer as it was tagged last; NULL: none",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "epoch",
        existing_type=sa.BigInteger(),
        comment="key epoch of the tag; NULL until revealed",
        existing_comment="key epoch of its newest tag; NULL until revealed",
        existing_nullable=True,
        schema="chain",
    )
    op.alter_column(
        "deal",
        "agreement",
        existing_type=sa.LargeBinary(),
        comment="it is registered under; NULL until revealed",
        existing_comment="it is registered under, or was won under, a successor perhaps; NULL until revealed",
        existing_nullable=True,
        schema="chain",
    )
    op.drop_column("deal", "retagged_at", schema="chain")
    op.drop_column("deal", "territory", schema="chain")
    op.drop_column("deal", "registered_under", schema="chain")
