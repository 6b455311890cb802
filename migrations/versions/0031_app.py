"""Everything that exists nowhere else, as the first release has it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False, comment="the key's public part"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of its secret part"),
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the PartnerRegistry"),
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
        sa.Column(
            "made_at", sa.BigInteger(), nullable=False, comment="seconds since 1970, by the server's clock"
        ),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            nullable=False,
            comment="from when on it counts no more, seconds since 1970",
        ),
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
        unique=False,
        schema="app",
    )
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
        "draft",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the AgreementRegistry"),
        sa.Column(
            "agreement",
            sa.LargeBinary(),
            nullable=False,
            comment="id that the terms have there",
        ),
        sa.Column("link", sa.Text(), nullable=False, comment="unguessable; of use to its parties alone"),
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
        sa.Column(
            "drafted_by",
            sa.LargeBinary(),
            nullable=True,
            comment="account of who made it, and may read it as its parties may; NULL: nobody signed in did",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", name="draft_pkey"),
        sa.UniqueConstraint("link", name="draft_link_key"),
        schema="app",
        comment="terms that wait for signatures",
    )
    op.create_table(
        "full_audit",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column("block_number", sa.BigInteger(), nullable=False, comment="block as of which it was made"),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False, comment="hash of that block"),
        sa.Column(
            "made_at",
            sa.BigInteger(),
            nullable=False,
            comment="when, by the auditor's clock, seconds since 1970",
        ),
        sa.Column("verdict", sa.Text(), nullable=False, comment="match, difference or unverified"),
        sa.Column("first_difference", sa.Text(), nullable=True, comment="in words; NULL: there is none"),
        sa.Column(
            "entries",
            sa.BigInteger(),
            nullable=True,
            comment="entries whose places were compared with the chain; NULL: none, for a journal differed",
        ),
        sa.Column(
            "unverified_entries",
            sa.BigInteger(),
            nullable=True,
            comment="of those, entries of which it cannot be told where they stand; NULL as before",
        ),
        sa.PrimaryKeyConstraint("chain_id", "deployment", name="full_audit_pkey"),
        schema="app",
        comment="the last audit of all entries and their places, of each deployment",
    )
    op.create_table(
        "incident",
        sa.Column(
            "number",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="counts up, with gaps",
        ),
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="entry, header, reorganisation, failover, unverified or stop",
        ),
        sa.Column(
            "at", sa.BigInteger(), nullable=False, comment="when, by the indexer's clock, seconds since 1970"
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
        unique=False,
        schema="app",
    )
    op.create_table(
        "indexer",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "deployment",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the deployment's RevenueLedger",
        ),
        sa.Column(
            "started_at", sa.BigInteger(), nullable=False, comment="when it started, seconds since 1970"
        ),
        sa.Column(
            "seen_at",
            sa.BigInteger(),
            nullable=False,
            comment="when it last heard from a node, seconds since 1970",
        ),
        sa.Column(
            "node", sa.Text(), nullable=False, comment="the node that it asks, without what may be a key"
        ),
        sa.Column("head_block", sa.BigInteger(), nullable=False, comment="that node's newest block then"),
        sa.Column(
            "head_timestamp", sa.BigInteger(), nullable=False, comment="that block's time, seconds since 1970"
        ),
        sa.Column(
            "entries_read",
            sa.BigInteger(),
            nullable=False,
            comment="entries written since the database was made",
        ),
        sa.Column(
            "entries_taken_back",
            sa.BigInteger(),
            nullable=False,
            comment="of those, entries taken back again",
        ),
        sa.Column(
            "blocks_read",
            sa.BigInteger(),
            nullable=False,
            comment="blocks looked through since the database was made",
        ),
        sa.Column(
            "last_entries",
            sa.BigInteger(),
            nullable=False,
            comment="entries of the last reading that brought any",
        ),
        sa.Column("last_blocks", sa.BigInteger(), nullable=False, comment="blocks of that reading"),
        sa.Column("last_milliseconds", sa.BigInteger(), nullable=False, comment="how long that reading took"),
        sa.PrimaryKeyConstraint("chain_id", "deployment", name="indexer_pkey"),
        schema="app",
        comment="how each deployment's indexer is doing",
    )
    op.create_table(
        "member",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the PartnerRegistry"),
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
        sa.Column(
            "added_at", sa.BigInteger(), nullable=False, comment="seconds since 1970, by the server's clock"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "account", "address", name="member_pkey"),
        schema="app",
        comment="who else acts for an account",
    )
    op.create_index(
        "member_chain_id_contract_address_idx",
        "member",
        ["chain_id", "contract", "address"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "server_secret",
        sa.Column("name", sa.Text(), nullable=False, comment="what it is for"),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="32 random bytes"),
        sa.PrimaryKeyConstraint("name", name="server_secret_pkey"),
        schema="app",
        comment="what the servers of this database share",
    )
    op.create_table(
        "sign_in",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the PartnerRegistry"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of what the cookie holds"),
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="the wallet that signed"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the account that it acts for"),
        sa.Column(
            "created_at", sa.BigInteger(), nullable=False, comment="seconds since 1970, by the server's clock"
        ),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            nullable=False,
            comment="from when on it counts no more, seconds since 1970",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "token_hash", name="sign_in_pkey"),
        schema="app",
        comment="sessions of people who have signed in",
    )
    op.create_index(
        "sign_in_chain_id_contract_address_idx",
        "sign_in",
        ["chain_id", "contract", "address"],
        unique=False,
        schema="app",
    )
    op.create_index("sign_in_expires_at_idx", "sign_in", ["expires_at"], unique=False, schema="app")
    op.create_table(
        "signed_checkpoint",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("ledger", sa.LargeBinary(), nullable=False, comment="address of its RevenueLedger"),
        sa.Column(
            "json",
            JSONB(),
            nullable=False,
            comment="heads, block, digest, operator and signature, as `pledger checkpoint sign` writes it",
        ),
        sa.PrimaryKeyConstraint("chain_id", "ledger", name="signed_checkpoint_pkey"),
        schema="app",
        comment="the newest checkpoint that this operator signed",
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
        sa.Column(
            "answered",
            sa.Boolean(),
            server_default=sa.true(),
            nullable=False,
            comment="whether the token was heard; if not, it is asked again, and what is NULL is not known",
        ),
        sa.PrimaryKeyConstraint("chain_id", "address", name="token_pkey"),
        schema="app",
        comment="tokens as they describe themselves",
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
    op.create_index("used_nonce_expires_at_idx", "used_nonce", ["expires_at"], unique=False, schema="app")
    op.create_table(
        "draft_signature",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column("contract", sa.LargeBinary(), nullable=False, comment="address of the AgreementRegistry"),
        sa.Column(
            "agreement",
            sa.LargeBinary(),
            nullable=False,
            comment="id that the terms have there",
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
        sa.ForeignKeyConstraint(
            ["chain_id", "contract", "agreement"],
            ["app.draft.chain_id", "app.draft.contract", "app.draft.agreement"],
            name="draft_signature_chain_id_contract_agreement_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "account", name="draft_signature_pkey"),
        schema="app",
        comment="signatures collected for drafts",
    )


def downgrade() -> None:
    op.drop_table("draft_signature", schema="app")
    op.drop_table("used_nonce", schema="app")
    op.drop_table("token", schema="app")
    op.drop_table("signed_checkpoint", schema="app")
    op.drop_table("sign_in", schema="app")
    op.drop_table("server_secret", schema="app")
    op.drop_table("member", schema="app")
    op.drop_table("indexer", schema="app")
    op.drop_table("incident", schema="app")
    op.drop_table("full_audit", schema="app")
    op.drop_table("draft", schema="app")
    op.drop_table("deployment", schema="app")
    op.drop_table("api_key", schema="app")
