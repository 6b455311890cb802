"""Programmes, acceptances, agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column(
            "programme",
            sa.LargeBinary(),
            nullable=False,
            comment="id: the owner in the high 160 bits, its number below",
        ),
        sa.Column("owner", sa.LargeBinary(), nullable=False, comment="account that decides on deals"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="public name; bytes that are not text read U+FFFD"
        ),
        sa.Column(
            "rule", sa.SmallInteger(), nullable=False, comment="how conflicts are settled: 1 first registered"
        ),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="epoch of the key that blinds customers"),
        sa.Column(
            "created_at", sa.BigInteger(), nullable=False, comment="time of its creation, seconds since 1970"
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "programme", name="programme_pkey"),
        schema="chain",
        comment="programmes under which deals are registered",
    )
    op.create_table(
        "acceptance",
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
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="id of the terms"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the party"),
        sa.Column(
            "accepted_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the acceptance, seconds since 1970",
        ),
        sa.Column(
            "withdrawn_at", sa.BigInteger(), nullable=True, comment="when it was taken back; NULL: it was not"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "seq", name="acceptance_pkey"),
        schema="chain",
        comment="acceptances by transaction, ahead of the activation",
    )
    op.create_index(
        "acceptance_chain_id_contract_agreement_account_idx",
        "acceptance",
        ["chain_id", "contract", "agreement", "account"],
        schema="chain",
    )
    op.create_table(
        "agreement",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="id: EIP-712 digest of the terms"),
        sa.Column(
            "programme", sa.LargeBinary(), nullable=False, comment="programme of its deals; zero for none"
        ),
        sa.Column(
            "list_root",
            sa.LargeBinary(),
            nullable=False,
            comment="root of a payee list kept off chain; zero for none",
        ),
        sa.Column(
            "list_hash", sa.LargeBinary(), nullable=False, comment="hash of that list's file; zero for none"
        ),
        sa.Column("list_count", sa.BigInteger(), nullable=False, comment="number of payees in that list"),
        sa.Column(
            "territories",
            sa.ARRAY(sa.LargeBinary()),
            nullable=False,
            comment="territories in which deals may be registered",
        ),
        sa.Column(
            "decision_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="how long the vendor has to decide on a deal",
        ),
        sa.Column(
            "exclusivity_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="how long an approved deal keeps others off",
        ),
        sa.Column(
            "hold_seconds", sa.BigInteger(), nullable=False, comment="how long a payment can be refunded"
        ),
        sa.Column(
            "payment_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="how soon after a win its revenue is to be recorded",
        ),
        sa.Column(
            "clawback",
            sa.SmallInteger(),
            nullable=False,
            comment="how a refund after the hold is served; 0: not at all",
        ),
        sa.Column(
            "arbiter",
            sa.LargeBinary(),
            nullable=False,
            comment="who rules on disputes; zero address for nobody",
        ),
        sa.Column(
            "valid_from", sa.BigInteger(), nullable=False, comment="first second at which it is in force"
        ),
        sa.Column(
            "valid_until", sa.BigInteger(), nullable=False, comment="last such second; 2^40 - 1: open-ended"
        ),
        sa.Column("notice_seconds", sa.BigInteger(), nullable=False, comment="notice for ending it alone"),
        sa.Column(
            "after_end",
            sa.SmallInteger(),
            nullable=False,
            comment="what open deals may still do once it has ended",
        ),
        sa.Column(
            "predecessor",
            sa.LargeBinary(),
            nullable=False,
            comment="agreement that this one amends; zero for none",
        ),
        sa.Column("document_hash", sa.LargeBinary(), nullable=False, comment="hash of the contract document"),
        sa.Column("uri", sa.Text(), nullable=False, comment="where that document is"),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            nullable=False,
            comment="makes otherwise equal terms different agreements",
        ),
        sa.Column(
            "activated_at",
            sa.BigInteger(),
            nullable=False,
            comment="time of the activation, seconds since 1970",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", name="agreement_pkey"),
        schema="chain",
        comment="terms that every party accepted",
    )
    op.create_index(
        "agreement_chain_id_contract_programme_idx",
        "agreement",
        ["chain_id", "contract", "programme"],
        schema="chain",
    )
    op.create_table(
        "agreement_party",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="place in the list, from 0"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the party"),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "position", name="agreement_party_pkey"),
        schema="chain",
        comment="whose acceptance an agreement needed",
    )
    op.create_index(
        "agreement_party_chain_id_contract_account_idx",
        "agreement_party",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "agreement_payee",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="place in the list, from 0"),
        sa.Column("account", sa.LargeBinary(), nullable=False, comment="the payee"),
        sa.Column(
            "weights",
            sa.ARRAY(sa.Numeric(20, 0)),
            nullable=False,
            comment="weight in each tranche, of 10^18 in all",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "position", name="agreement_payee_pkey"),
        schema="chain",
        comment="who is paid, and how much of each tranche",
    )
    op.create_index(
        "agreement_payee_chain_id_contract_account_idx",
        "agreement_payee",
        ["chain_id", "contract", "account"],
        schema="chain",
    )
    op.create_table(
        "agreement_tranche",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="place in the list, from 0"),
        sa.Column(
            "up_to",
            sa.Numeric(78, 0),
            nullable=False,
            comment="cumulative boundary, base units; 2^256 - 1: unbounded",
        ),
        sa.Column(
            "period_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="after how many seconds it starts anew; 0 never",
        ),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract", "agreement", "position", name="agreement_tranche_pkey"
        ),
        schema="chain",
        comment="bands of cumulative revenue",
    )
    op.create_table(
        "agreement_token",
        sa.Column("chain_id", sa.BigInteger(), nullable=False, comment="EIP-155 id of the chain"),
        sa.Column(
            "contract",
            sa.LargeBinary(),
            nullable=False,
            comment="address of the contract whose journal made the row",
        ),
        sa.Column("agreement", sa.LargeBinary(), nullable=False, comment="the agreement"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="place in the list, from 0"),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the token's address"),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="number of the entry that made the row, from 1"
        ),
        sa.PrimaryKeyConstraint("chain_id", "contract", "agreement", "position", name="agreement_token_pkey"),
        schema="chain",
        comment="tokens in which revenue may be paid",
    )


def downgrade() -> None:
    op.drop_table("agreement_token", schema="chain")
    op.drop_table("agreement_tranche", schema="chain")
    op.drop_table("agreement_payee", schema="chain")
    op.drop_table("agreement_party", schema="chain")
    op.drop_table("agreement", schema="chain")
    op.drop_table("acceptance", schema="chain")
    op.drop_table("programme", schema="chain")
