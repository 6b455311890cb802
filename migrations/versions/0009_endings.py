"""Amendments, endings and key epochs; what the terms' new fields ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "agreement",
        "hold_seconds",
        existing_type=sa.BigInteger(),
        comment="how long at least a payment can be refunded",
        existing_comment="how long a payment can be refunded",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "clawback",
        existing_type=sa.SmallInteger(),
        comment="refunds after the hold: sum of 1 (can be owed), 2 (serves the predecessor's)",
        existing_comment="how a refund after the hold is served; 0: not at all",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "notice_seconds",
        existing_type=sa.BigInteger(),
        comment="notice that a party gives to end it alone; 0: none can",
        existing_comment="notice for ending it alone",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "after_end",
        existing_type=sa.SmallInteger(),
        comment="open deals once it has ended: 0 nothing, 1 approved ones can be won, 2 they go on",
        existing_comment="what open deals may still do once it has ended",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "programme",
        "rule",
        existing_type=sa.SmallInteger(),
        comment="how conflicts are settled: 1 first registered, 2 territory, 3 open",
        existing_comment="how conflicts are settled: 1 first registered",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "programme",
        "epoch",
        existing_type=sa.BigInteger(),
        comment="first epoch of the key that blinds customers; later ones: programme_epoch",
        existing_comment="epoch of the key that blinds customers",
        existing_nullable=False,
        schema="chain",
    )
    op.create_table(
        "programme_epoch",
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
        sa.Column("programme", sa.LargeBinary(), nullable=False, comment="the programme"),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="number of the epoch, from 2"),
        sa.Column(
            "grace_until",
            sa.BigInteger(),
            nullable=False,
            comment="last second at which earlier deals are tagged again",
        ),
        sa.Column(
            "opened_at", sa.BigInteger(), nullable=False, comment="time of its opening, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="programme_epoch_pkey"),
        schema="chain",
        comment="later key epochs of programmes",
    )
    op.create_index(
        "programme_epoch_chain_id_contract_programme_idx",
        "programme_epoch",
        ["chain_id", "contract", "programme"],
        schema="chain",
    )
    op.create_table(
        "amendment",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement that was amended"),
        sa.Column(
            "successor", sa.LargeBinary(), nullable=False, comment="the agreement that takes its place"
        ),
        sa.Column(
            "effective_at",
            sa.BigInteger(),
            nullable=False,
            comment="first second at which the successor stands there",
        ),
        sa.Column(
            "amended_at", sa.BigInteger(), nullable=False, comment="time of the amendment, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="amendment_pkey"),
        schema="chain",
        comment="successors of agreements",
    )
    op.create_index(
        "amendment_chain_id_contract_agreement_idx",
        "amendment",
        ["chain_id", "contract", "agreement"],
        unique=True,
        schema="chain",
    )
    op.create_index(
        "amendment_chain_id_contract_successor_idx",
        "amendment",
        ["chain_id", "contract", "successor"],
        schema="chain",
    )
    op.create_table(
        "ending",
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
        sa.Column(
            "cause",
            sa.SmallInteger(),
            nullable=False,
            comment="1 all parties' consent, 2 a party's notice, 3 a ruling",
        ),
        sa.Column(
            "by_account",
            sa.LargeBinary(),
            nullable=True,
            comment="the party that gave notice, or the arbiter; NULL: all parties consented",
        ),
        sa.Column("ends_at", sa.BigInteger(), nullable=False, comment="last second at which it is in force"),
        sa.Column(
            "reason",
            sa.LargeBinary(),
            nullable=True,
            comment="the ruling's reason code, 32 bytes; NULL: none",
        ),
        sa.Column(
            "ended_at", sa.BigInteger(), nullable=False, comment="time of the entry, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="ending_pkey"),
        schema="chain",
        comment="agreements that end before they expire",
    )
    op.create_index(
        "ending_chain_id_contract_agreement_idx",
        "ending",
        ["chain_id", "contract", "agreement"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("ending", schema="chain")
    op.drop_table("amendment", schema="chain")
    op.drop_table("programme_epoch", schema="chain")
    op.alter_column(
        "programme",
        "epoch",
        existing_type=sa.BigInteger(),
        comment="epoch of the key that blinds customers",
        existing_comment="first epoch of the key that blinds customers; later ones: programme_epoch",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "programme",
        "rule",
        existing_type=sa.SmallInteger(),
        comment="how conflicts are settled: 1 first registered",
        existing_comment="how conflicts are settled: 1 first registered, 2 territory, 3 open",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "after_end",
        existing_type=sa.SmallInteger(),
        comment="what open deals may still do once it has ended",
        existing_comment="open deals once it has ended: 0 nothing, 1 approved ones can be won, 2 they go on",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "notice_seconds",
        existing_type=sa.BigInteger(),
        comment="notice for ending it alone",
        existing_comment="notice that a party gives to end it alone; 0: none can",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "clawback",
        existing_type=sa.SmallInteger(),
        comment="how a refund after the hold is served; 0: not at all",
        existing_comment="refunds after the hold: sum of 1 (can be owed), 2 (serves the predecessor's)",
        existing_nullable=False,
        schema="chain",
    )
    op.alter_column(
        "agreement",
        "hold_seconds",
        existing_type=sa.BigInteger(),
        comment="how long a payment can be refunded",
        existing_comment="how long at least a payment can be refunded",
        existing_nullable=False,
        schema="chain",
    )
