"""Wallets, owners, recoveries and consents by transaction.

These tables follow contracts that say more, so that no row of earlier ones can be kept: the schema ``chain``
is emptied, here on the way up and in 0011 on the way down, and the next indexing rebuilds it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _empty_chain()
    op.create_table(
        "wallet_change",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="whose wallet it is"),
        sa.Column(
            "wallet", sa.LargeBinary(), nullable=False, comment="the address that acts for it from then on"
        ),
        sa.Column("previous", sa.LargeBinary(), nullable=False, comment="the address that did until then"),
        sa.Column(
            "recovered",
            sa.Boolean(),
            nullable=False,
            comment="true: by the consortium's recovery, which also gives the owner's place to the wallet",
        ),
        sa.Column(
            "changed_at", sa.BigInteger(), nullable=False, comment="time of the change, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="wallet_change_pkey"),
        schema="chain",
        comment="wallets that came to act for accounts",
    )
    op.create_index(
        "wallet_change_chain_id_contract_account_idx",
        "wallet_change",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_index(
        "wallet_change_chain_id_contract_wallet_idx",
        "wallet_change",
        ["chain_id", "contract", "wallet"],
        schema="chain",
    )
    op.create_table(
        "owner_change",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="whose owner it is"),
        sa.Column(
            "owner",
            sa.LargeBinary(),
            nullable=False,
            comment="the key; zero address: the wallet, whichever it is",
        ),
        sa.Column(
            "previous", sa.LargeBinary(), nullable=False, comment="the owner until then, by the same rule"
        ),
        sa.Column(
            "changed_at", sa.BigInteger(), nullable=False, comment="time of the change, seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="owner_change_pkey"),
        schema="chain",
        comment="keys that became owners of accounts",
    )
    op.create_index(
        "owner_change_chain_id_contract_account_idx",
        "owner_change",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "recovery",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="whose keys are lost"),
        sa.Column("wallet", sa.LargeBinary(), nullable=False, comment="the address that is to act for it"),
        sa.Column(
            "proposed_at", sa.BigInteger(), nullable=False, comment="time of the proposal, seconds since 1970"
        ),
        sa.Column(
            "executable_at", sa.BigInteger(), nullable=False, comment="from when on it can be completed"
        ),
        sa.Column(
            "ended_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was completed, cancelled or replaced by another; NULL: it waits",
        ),
        sa.Column(
            "completed",
            sa.Boolean(),
            nullable=False,
            comment="true: completed; false: it waits, or came to nothing",
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="recovery_pkey"),
        schema="chain",
        comment="recoveries of accounts by the consortium",
    )
    op.create_index(
        "recovery_chain_id_contract_account_idx",
        "recovery",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "consent",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="who consented"),
        sa.Column("action", sa.LargeBinary(), nullable=False, comment="hash of the action, 32 bytes"),
        sa.Column(
            "consented_at", sa.BigInteger(), nullable=False, comment="time of the consent, seconds since 1970"
        ),
        sa.Column(
            "ended_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was taken back, or given again after it was used; NULL: neither",
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, comment="true: taken back before it was used"),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="consent_pkey"),
        schema="chain",
        comment="consents by transaction, ahead of the action",
    )
    op.create_index(
        "consent_chain_id_contract_account_action_idx",
        "consent",
        ["chain_id", "contract", "account", "action"],
        schema="chain",
    )


def downgrade() -> None:
    op.drop_table("consent", schema="chain")
    op.drop_table("recovery", schema="chain")
    op.drop_table("owner_change", schema="chain")
    op.drop_table("wallet_change", schema="chain")


def _empty_chain() -> None:
    names = sa.inspect(op.get_bind()).get_table_names(schema="chain")
    op.execute("TRUNCATE " + ", ".join(f"chain.{name}" for name in sorted(names)))
