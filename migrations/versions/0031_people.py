"""Sessions, members, keys of machines; who drafted a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_secret",
        sa.Column("name", sa.Text(), nullable=False, comment="what it is for"),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="32 random bytes"),
        sa.PrimaryKeyConstraint("name", name="server_secret_pkey"),
        schema="app",
        comment="what the servers of this database share",
    )
    op.create_table(
        "used_nonce",
        sa.Column("nonce", sa.Text(), nullable=False, comment="as it stood in the message"),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            nullable=False,
            comment="when it would be refused anyway, seconds since 1970",
        ),
        sa.PrimaryKeyConstraint("nonce", name="used_nonce_pkey"),
        schema="app",
        comment="nonces that were used",
    )
    op.create_index("used_nonce_expires_at_idx", "used_nonce", ["expires_at"], schema="app")
    op.create_table(
        "sign_in",
        *_of_partners(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of what the cookie holds"),
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="the wallet that signed"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the account that it acts for"),
        _by_clock("created_at", "seconds since 1970, by the server's clock"),
        _by_clock("expires_at", "from when on it counts no more, seconds since 1970"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "token_hash", name="sign_in_pkey"),
        schema="app",
        comment="sessions of people who have signed in",
    )
    op.create_index(
        "sign_in_chain_id_contract_address_idx",
        "sign_in",
        ["chain_id", "contract", "address"],
        schema="app",
    )
    op.create_index("sign_in_expires_at_idx", "sign_in", ["expires_at"], schema="app")
    op.create_table(
        "member",
        *_of_partners(),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the account"),
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="the wallet that they sign in with"),
        sa.Column("role", sa.Text(), nullable=False, comment="owner, finance, deals or read"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="what the owner calls them; private to the account"
        ),
        sa.Column(
            "wallet",
            sa.LargeBinary(),
            nullable=False,
            comment="the account's wallet when they were let in: once it is another, they are confirmed anew",
        ),
        sa.Column("added_by", sa.LargeBinary(), nullable=False, comment="the wallet of whoever let them in"),
        _by_clock("added_at", "seconds since 1970, by the server's clock"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "account", "address", name="member_pkey"),
        schema="app",
        comment="who else acts for an account",
    )
    op.create_index(
        "member_chain_id_contract_address_idx", "member", ["chain_id", "contract", "address"], schema="app"
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False, comment="the key's public part"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of its secret part"),
        *_of_partners(),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the account that it acts for"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="what its maker calls it; private to the account"
        ),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False, comment="what it may do, by name"),
        sa.Column(
            "made_by",
            sa.LargeBinary(),
            nullable=False,
            comment="the wallet of its maker: it counts as long as they may make keys of the account",
        ),
        _by_clock("made_at", "seconds since 1970, by the server's clock"),
        _by_clock("expires_at", "from when on it counts no more, seconds since 1970"),
        sa.Column(
            "revoked_at", sa.BigInteger(), nullable=True, comment="when it was revoked; NULL: it was not"
        ),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True, comment="to the minute; NULL: never"),
        sa.PrimaryKeyConstraint("id", name="api_key_pkey"),
        schema="app",
        comment="keys of machines",
    )
    op.create_index(
        "api_key_chain_id_contract_account_id_idx",
        "api_key",
        ["chain_id", "contract", "account", "id"],
        schema="app",
    )
    op.add_column(
        "draft",
        sa.Column(
            "drafted_by",
            sa.LargeBinary(),
            nullable=True,
            comment="account of who made it, and may read it as its parties may; NULL: nobody signed in did",
        ),
        schema="app",
    )
    op.alter_column(
        "draft",
        "link",
        comment="unguessable; of use to its parties alone",
        schema="app",
    )


def downgrade() -> None:
    op.alter_column(
        "draft",
        "link",
        comment="unguessable; whoever knows it may read the draft",
        schema="app",
    )
    op.drop_column("draft", "drafted_by", schema="app")
    for table in ("api_key", "member", "sign_in", "used_nonce", "server_secret"):
        op.drop_table(table, schema="app")


def _of_partners() -> list[sa.Column[object]]:
    return [
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the PartnerRegistry"),
    ]


def _by_clock(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)
