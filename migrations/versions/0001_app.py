"""Deployments and tokens; the schemas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS app")
    op.execute("CREATE SCHEMA IF NOT EXISTS chain")
    op.create_table(
        "deployment",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("ledger", sa.LargeBinary(), nullable=False, comment="address of its RevenueLedger"),
        sa.Column("json", JSONB(), nullable=False, comment="its deployment file"),
        sa.Column(
            "start_block",
            sa.BigInteger(),
            nullable=False,
            comment="block in which its first contract was created",
        ),
        sa.PrimaryKeyConstraint("chain_id", "ledger", name="deployment_pkey"),
        schema="app",
        comment="deployments that this database mirrors",
    )
    op.create_table(
        "token",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "symbol", sa.Text(), nullable=True, comment="at most 32 printable characters; NULL: it gave none"
        ),
        sa.Column(
            "decimals",
            sa.SmallInteger(),
            nullable=True,
            comment="decimal places of a whole token, at most 255; NULL: it gave none",
        ),
        sa.PrimaryKeyConstraint("chain_id", "address", name="token_pkey"),
        schema="app",
        comment="tokens as they describe themselves",
    )
    op.create_table(
        "draft",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the AgreementRegistry"),
        sa.Column(
            "agreement",
            sa.LargeBinary(),
            nullable=False,
            comment="id that the terms have there: their EIP-712 digest",
        ),
        sa.Column(
            "link", sa.Text(), nullable=False, comment="unguessable; whoever knows it may read the draft"
        ),
        sa.Column("terms", JSONB(), nullable=False, comment="the terms, as Terms.to_json writes them"),
        sa.Column(
            "created_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the newest block then, seconds since 1970",
        ),
        sa.Column(
            "transaction_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="transaction by which this API put it in force; NULL: none of its own was mined",
        ),
        sa.Column("failure", sa.Text(), nullable=True, comment="why the last try to put it in force failed"),
        sa.Column("failure_hint", sa.Text(), nullable=True, comment="what to do about that failure"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", name="draft_pkey"),
        sa.UniqueConstraint("link", name="draft_link_key"),
        schema="app",
        comment="terms that wait for signatures",
    )
    op.create_table(
        "draft_signature",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the AgreementRegistry"),
        sa.Column(
            "agreement",
            sa.LargeBinary(),
            nullable=False,
            comment="id that the terms have there: their EIP-712 digest",
        ),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the party"),
        sa.Column("wallet", sa.LargeBinary(), nullable=False, comment="the account's wallet that signed"),
        sa.Column(
            "nonce", sa.Numeric(78, 0), nullable=False, comment="nonce inside the signed message, uint256"
        ),
        sa.Column(
            "deadline", sa.Numeric(78, 0), nullable=False, comment="last second at which it counts, uint256"
        ),
        sa.Column(
            "signature",
            sa.LargeBinary(),
            nullable=False,
            comment="65 bytes, or what the wallet's contract accepts",
        ),
        sa.Column(
            "signed_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the newest block then, seconds since 1970",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "account", name="draft_signature_pkey"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract", "agreement"],
            ["app.draft.chain_id", "app.draft.contract", "app.draft.agreement"],
            name="draft_signature_chain_id_contract_agreement_fkey",
            ondelete="CASCADE",
        ),
        schema="app",
        comment="signatures collected for drafts",
    )


def downgrade() -> None:
    op.drop_table("draft_signature", schema="app")
    op.drop_table("draft", schema="app")
    op.drop_table("token", schema="app")
    op.drop_table("deployment", schema="app")
    op.execute("DROP SCHEMA chain")
