"""Entries about something, the newest first: by a hash of each topic."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

PLACES = (2, 3, 4)


def upgrade() -> None:
    for place in PLACES:
        op.create_index(
            _name(place),
            "entry",
            [
                "chain_id",
                sa.text(f"(hashtextextended(encode(topics[{place}], 'hex'), 0))"),
                "block_number",
                "log_index",
            ],
            postgresql_where=sa.text(f"topics[{place}] IS NOT NULL"),
            schema="chain",
        )


def downgrade() -> None:
    for place in PLACES:
        op.drop_index(_name(place), table_name="entry", schema="chain", if_exists=True)


def _name(place: int) -> str:
    return f"entry_about_{place}_idx"
