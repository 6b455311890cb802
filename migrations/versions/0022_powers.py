"""Changes of who may do what; blocks that carry some are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CARRIES = "whether it carries entries of the deployment{}; another one goes when it is final"
_NOW, _BEFORE = _CARRIES.format(", or changes of powers"), _CARRIES.format("")


def upgrade() -> None:
    op.create_table(
        "power_change",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the access manager"),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="block that carries the log"),
        sa.Column(
            "log_index", sa.BigInteger(), nullable=False, comment="the log's place in the block, from 0"
        ),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="the block's hash, 32 bytes"),
        sa.Column(
            "block_timestamp", sa.BigInteger(), nullable=False, comment="the block's time, seconds since 1970"
        ),
        sa.Column(
            "transaction_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="transaction that emitted the log, 32 bytes",
        ),
        sa.Column(
            "transaction_index", sa.BigInteger(), nullable=False, comment="its place in the block, from 0"
        ),
        sa.Column(
            "topics",
            sa.ARRAY(sa.LargeBinary()),
            nullable=False,
            comment="the log's topics, 32 bytes each, signature first",
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="the log's data"),
        sa.Column("event", sa.Text(), nullable=False, comment="name of the event"),
        sa.Column("role", sa.Numeric(20, 0), nullable=True, comment="number of the role; 0: admin"),
        sa.Column(
            "other_role",
            sa.Numeric(20, 0),
            nullable=True,
            comment="the role that gives and takes it from then on, or cancels what it schedules",
        ),
        sa.Column("account", sa.LargeBinary(), nullable=True, comment="who was given the role, or lost it"),
        sa.Column("target", sa.LargeBinary(), nullable=True, comment="the contract that it is about"),
        sa.Column(
            "selector",
            sa.LargeBinary(),
            nullable=True,
            comment="its function, 4 bytes, that the role may call",
        ),
        sa.Column(
            "delay", sa.BigInteger(), nullable=True, comment="seconds that orders wait, or new holders"
        ),
        sa.Column(
            "effective_at",
            sa.BigInteger(),
            nullable=True,
            comment="from which second on that holds, or the operation may run",
        ),
        sa.Column(
            "new_member",
            sa.Boolean(),
            nullable=True,
            comment="true: the account had not the role; false: its delay changed",
        ),
        sa.Column(
            "closed", sa.Boolean(), nullable=True, comment="whether nobody may call the contract any more"
        ),
        sa.Column("label", sa.Text(), nullable=True, comment="what the role is called"),
        sa.Column(
            "operation", sa.LargeBinary(), nullable=True, comment="number of a scheduled operation, 32 bytes"
        ),
        sa.Column(
            "nonce", sa.BigInteger(), nullable=True, comment="how often the same operation was scheduled"
        ),
        sa.Column("caller", sa.LargeBinary(), nullable=True, comment="who scheduled it"),
        sa.Column(
            "calldata", sa.LargeBinary(), nullable=True, comment="what it calls, selector and arguments"
        ),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract", "block_number", "log_index", name="power_change_pkey"
        ),
        schema="chain",
        comment="changes of who may do what, as the access manager emitted them",
    )
    op.create_index(
        "power_change_chain_id_contract_role_account_idx",
        "power_change",
        ["chain_id", "contract", "role", "account"],
        schema="chain",
    )
    op.alter_column(
        "block",
        "carries",
        existing_type=sa.Boolean(),
        existing_nullable=False,
        comment=_NOW,
        existing_comment=_BEFORE,
        schema="chain",
    )


def downgrade() -> None:
    op.alter_column(
        "block",
        "carries",
        existing_type=sa.Boolean(),
        existing_nullable=False,
        comment=_BEFORE,
        existing_comment=_NOW,
        schema="chain",
    )
    op.drop_table("power_change", schema="chain")
