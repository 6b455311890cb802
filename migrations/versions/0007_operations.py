"""Incidents, and how the indexers are doing."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False, comment="counts up, with gaps"),
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="entry, reorganisation, failover or stop"),
        sa.Column(
            "at",
            sa.BigInteger(),
            nullable=False,
            comment="when, by the indexer's clock, seconds since 1970",
        ),
        sa.Column(
            "block",
            sa.BigInteger(),
            nullable=True,
            comment="block where it was noticed; NULL: none in particular",
        ),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=True,
            comment="contract whose journal broke; NULL: none did",
        ),
        sa.Column(
            "seq",
            sa.BigInteger(),
            nullable=True,
            comment="number of the first entry in doubt; NULL: none was",
        ),
        sa.Column(
            "node",
            sa.Text(),
            nullable=False,
            comment="the node that was asked then, without what may be a key",
        ),
        sa.Column("what", sa.Text(), nullable=False, comment="what happened, in a sentence"),
        sa.Column(
            "resolved_at",
            sa.BigInteger(),
            nullable=True,
            comment="when the mirror was whole again, seconds since 1970; NULL: it is not",
        ),
        sa.PrimaryKeyConstraint("number", name="incident_pkey"),
        schema="app",
        comment="what indexers met: wrong answers, reorganisations, failed nodes, stops",
    )
    op.create_index(
        "incident_chain_id_deployment_number_idx",
        "incident",
        ["chain_id", "deployment", "number"],
        schema="app",
    )
    comments = {
        "started_at": "when it started, seconds since 1970",
        "seen_at": "when it last heard from a node, seconds since 1970",
        "node": "the node that it asks, without what may be a key",
        "head_block": "that node's newest block then",
        "head_timestamp": "that block's time, seconds since 1970",
        "entries_read": "entries written since the database was made",
        "entries_taken_back": "of those, entries taken back again",
        "blocks_read": "blocks looked through since the database was made",
        "last_entries": "entries of the last reading that brought any",
        "last_blocks": "blocks of that reading",
        "last_milliseconds": "how long that reading took",
    }
    op.create_table(
        "indexer",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        *(
            sa.Column(name, sa.Text() if name == "node" else sa.BigInteger(), nullable=False, comment=comment)
            for name, comment in comments.items()
        ),
        sa.PrimaryKeyConstraint("chain_id", "deployment", name="indexer_pkey"),
        schema="app",
        comment="how each deployment's indexer is doing",
    )


def downgrade() -> None:
    op.drop_table("indexer", schema="app")
    op.drop_table("incident", schema="app")
