"""Which entry ended an attestation or a recovery, or took back a review: whoever reads as of a block asks."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = {
    "attestation": ("ended_seq", "number of the entry that ended it; NULL: none did"),
    "recovery": ("ended_seq", "number of the entry that ended it; NULL: it waits"),
    "review": ("revoked_seq", "number of the entry that took it back; NULL: none did"),
}
ENDED = """
UPDATE chain.{table} AS row SET {column} = (
    SELECT min(entry.seq) FROM chain.entry
    WHERE entry.chain_id = row.chain_id AND entry.contract = row.contract AND entry.seq > row.seq
      AND entry.event IN ({events}) AND {subject}
) WHERE row.{when} IS NOT NULL
"""
_ADDRESS = "decode(repeat('00', 12), 'hex') || row.{column}"
_ACCOUNT = "entry.topics[2] = " + _ADDRESS.format(column="account")
_REVIEW = "entry.topics[2] = row.deal AND entry.topics[3] = " + _ADDRESS.format(column="reviewer")


def upgrade() -> None:
    for table, (column, comment) in COLUMNS.items():
        op.add_column(
            table, sa.Column(column, sa.BigInteger(), nullable=True, comment=comment), schema="chain"
        )
    # The next entry about the thing ended it: each has one that is open at most.
    for table, when, events, subject in (
        ("attestation", "ended_at", "'PartnerAttested', 'AttestationRevoked'", _ACCOUNT),
        ("recovery", "ended_at", "'RecoveryProposed', 'RecoveryCancelled', 'AccountRecovered'", _ACCOUNT),
        ("review", "revoked_at", "'ReviewRevoked'", _REVIEW),
    ):
        column, _ = COLUMNS[table]
        op.execute(ENDED.format(table=table, column=column, when=when, events=events, subject=subject))


def downgrade() -> None:
    for table, (column, _) in COLUMNS.items():
        op.drop_column(table, column, schema="chain")
