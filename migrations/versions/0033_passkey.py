"""Which account a passkey signs for."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        _whole("chain_id", "EIP-155 id of the chain"),
        _bytes("contract", "address of the PartnerRegistry"),
        _bytes("credential", "by which browsers name the passkey"),
        _bytes("account", "the wallet that it signs for"),
        _bytes("passkey", "the account's first passkey: x and y, 64 bytes"),
        _bytes("recovery", "its first recovery key: x and y, 64 bytes"),
        _whole("added_at", "seconds since 1970, by the server's clock"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "credential", name="passkey_pkey"),
        schema="app",
        comment="passkeys, and the accounts that they sign for",
    )
    op.create_index(
        "passkey_chain_id_contract_account_idx",
        "passkey",
        ["chain_id", "contract", "account"],
        schema="app",
    )


def downgrade() -> None:
    op.drop_table("passkey", schema="app")


def _whole(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)


def _bytes(name: str, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False, comment=comment)
