"""Partners, attestations, cancelled nonces."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "account", sa.LargeBinary(), nullable=False, comment="permanent id: the partner's first address"
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="public name; bytes that are not text read U+FFFD"
        ),
        sa.Column(
            "uri", sa.Text(), nullable=False, comment="where the partner describes itself, may be empty"
        ),
        sa.Column(
            "registered_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the registration, seconds since 1970",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "account", name="partner_pkey"),
        schema="chain",
        comment="companies that made themselves known",
    )
    op.create_table(
        "attestation",
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
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="whom it is about"),
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="verification level, 1 and up"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="last second at which it holds"),
        sa.Column(
            "evidence", sa.LargeBinary(), nullable=False, comment="hash of what the consortium saw, 32 bytes"
        ),
        sa.Column(
            "attested_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the attestation, seconds since 1970",
        ),
        sa.Column(
            "ended_at",
            sa.BigInteger(),
            nullable=True,
            comment="when a later attestation or a revocation ended it; NULL: neither did",
        ),
        sa.Column(
            "end_reason",
            sa.LargeBinary(),
            nullable=True,
            comment="the revocation's reason, 32 bytes; NULL when not revoked, though perhaps replaced",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="attestation_pkey"),
        schema="chain",
        comment="verification levels attested by the consortium",
    )
    op.create_index(
        "attestation_chain_id_contract_account_idx",
        "attestation",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "cancelled_nonce",
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
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="whose nonce"),
        sa.Column("nonce", sa.Numeric(78, 0), nullable=False, comment="the nonce, uint256"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="cancelled_nonce_pkey"),
        schema="chain",
        comment="nonces that accounts made worthless",
    )
    op.create_index(
        "cancelled_nonce_chain_id_contract_account_idx",
        "cancelled_nonce",
        ["chain_id", "contract", "account"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("cancelled_nonce", schema="chain")
    op.drop_table("attestation", schema="chain")
    op.drop_table("partner", schema="chain")
