"""What the relayer has to send, what it signed, and how its keys are doing."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relay",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False, comment="counts up, with gaps"),
        sa.Column("id", sa.Text(), nullable=False, comment="by which it is asked for; unguessable"),
        _whole("chain_id", "EIP-155 id of the chain"),
        _bytes("contract", "address of the PartnerRegistry that the account is of"),
        _bytes("account", "for whom it is sent, and whose budget it takes"),
        _text("asked_by", "wallet of who asked, or id of the key"),
        _text("idempotency_key", "the account's own name for it: one for one call"),
        _bytes("body_hash", "SHA-256 of what was asked under that name"),
        _text("action", "the action's name"),
        _text("words", "what it does, in a sentence"),
        _bytes("to", "the contract that is called"),
        _bytes("data", "calldata"),
        _whole("gas", "gas that it was estimated to use"),
        _whole("asked_at", "seconds since 1970, by the server's clock"),
        _text("state", "waiting, sent, mined or failed"),
        sa.Column("settled", sa.Boolean(), nullable=False, comment="whether nothing more happens to it"),
        _bytes("sender", "the relayer's key that sends it; NULL: none yet", null=True),
        _whole("nonce", "that account's number of it; NULL: none yet", null=True),
        _whole(
            "missing_since",
            "since when another transaction seems to have its nonce, seconds since 1970; NULL: none has",
            null=True,
        ),
        _bytes("transaction_hash", "the attempt that was mined; NULL: none", null=True),
        _whole("block_number", "block in which it was mined; NULL: it was not", null=True),
        _amount("cost", "what its gas cost, in wei; NULL: nothing yet", null=True),
        _text("failure", "why it was not sent, or came to nothing", null=True),
        _text("failure_hint", "what to do about that", null=True),
        sa.PrimaryKeyConstraint("number", name="relay_pkey"),
        sa.UniqueConstraint("id", name="relay_id_key"),
        sa.UniqueConstraint(
            "chain_id",
            "contract",
            "account",
            "idempotency_key",
            name="relay_chain_id_contract_account_idempotency_key_key",
        ),
        schema="app",
        comment="calls that the relayer sends for accounts",
    )
    op.create_index(
        "relay_waiting_idx",
        "relay",
        ["chain_id", "number"],
        schema="app",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "relay_open_idx",
        "relay",
        ["chain_id", "sender", "nonce"],
        schema="app",
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_index(
        "relay_chain_id_contract_account_asked_at_idx",
        "relay",
        ["chain_id", "contract", "account", "asked_at"],
        schema="app",
    )
    op.create_index("relay_asked_at_idx", "relay", ["asked_at"], schema="app")
    op.create_table(
        "relay_attempt",
        _bytes("hash", "the transaction's hash"),
        _whole("relay", "number of the relay"),
        _whole("nonce", "the sender's number of the transaction"),
        _bytes("raw", "the signed transaction"),
        _amount("fee", "most that it pays for a unit of gas, in wei"),
        _amount("tip", "tip for a unit of gas, in wei; NULL: a plain price", null=True),
        _whole("signed_at", "seconds since 1970, by the relayer's clock"),
        sa.PrimaryKeyConstraint("hash", name="relay_attempt_pkey"),
        sa.ForeignKeyConstraint(
            ["relay"], ["app.relay.number"], name="relay_attempt_relay_fkey", ondelete="CASCADE"
        ),
        schema="app",
        comment="transactions that were signed for relays",
    )
    op.create_index(
        "relay_attempt_relay_signed_at_idx", "relay_attempt", ["relay", "signed_at"], schema="app"
    )
    op.create_table(
        "relay_lane",
        _whole("chain_id", "EIP-155 id of the chain"),
        _bytes("sender", "the key's account"),
        _whole("seen_at", "when it last looked, seconds since 1970"),
        _amount("balance", "in wei; NULL: the node does not say", null=True),
        sa.Column(
            "low",
            sa.Boolean(),
            nullable=False,
            comment="whether that is less than its operator wants it to be",
        ),
        _text("trouble", "what keeps it from sending; NULL: nothing", null=True),
        sa.PrimaryKeyConstraint("chain_id", "sender", name="relay_lane_pkey"),
        schema="app",
        comment="how each of the relayer's keys is doing",
    )


def downgrade() -> None:
    for table in ("relay_lane", "relay_attempt", "relay"):
        op.drop_table(table, schema="app")


def _whole(name: str, comment: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null, comment=comment)


def _amount(name: str, comment: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(78, 0), nullable=null, comment=comment)


def _bytes(name: str, comment: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null, comment=comment)


def _text(name: str, comment: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, comment=comment)
