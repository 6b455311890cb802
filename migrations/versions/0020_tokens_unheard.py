"""Tokens that a node, in a bad moment, did not let one hear: they are asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "token",
        sa.Column(
            "answered",
            sa.Boolean(),
            server_default=sa.true(),
            nullable=False,
            comment="whether the token was heard; if not, it is asked again, and what is NULL is not known",
        ),
        schema="app",
    )
    # Until now, an error of the node was taken for a token that says nothing.
    op.execute("UPDATE app.token SET answered = FALSE WHERE symbol IS NULL OR decimals IS NULL")


def downgrade() -> None:
    op.drop_column("token", "answered", schema="app")
