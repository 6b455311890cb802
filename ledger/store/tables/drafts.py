"""Drafts of agreements and their signatures: what exists nowhere else until they are in force."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import APP, Amount, Base
from ledger.terms.ids import AgreementId


class OfDraft:
    """Key of a draft: one for the same terms on the same registry."""

    chain_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-20, comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(
        primary_key=True, sort_order=-19, comment="address of the AgreementRegistry"
    )
    agreement: Mapped[AgreementId] = mapped_column(
        primary_key=True, sort_order=-18, comment="id that the terms have there"
    )


class Draft(OfDraft, Base):
    """Terms that wait for signatures. Whether they are in force is the chain's to say, not this row's."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("link"),
        {"schema": APP, "comment": "terms that wait for signatures"},
    )

    link: Mapped[str] = mapped_column(comment="unguessable; of use to its parties alone")
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="the terms, as Terms.to_json writes them")
    created_at: Mapped[int] = mapped_column(comment="time of the newest block then, seconds since 1970")
    transaction_hash: Mapped[bytes | None] = mapped_column(
        comment="transaction by which this API put it in force; NULL: none of its own was mined"
    )
    failure: Mapped[str | None] = mapped_column(comment="why the last try to put it in force failed")
    failure_hint: Mapped[str | None] = mapped_column(comment="what to do about that failure")
    drafted_by: Mapped[bytes | None] = mapped_column(
        comment="account of who made it, and may read it as its parties may; NULL: nobody signed in did"
    )


class DraftSignature(OfDraft, Base):
    """A party's signature of an acceptance, checked before it was stored."""

    __tablename__ = "draft_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["chain_id", "contract", "agreement"],
            [Draft.chain_id, Draft.contract, Draft.agreement],
            ondelete="CASCADE",
        ),
        {"schema": APP, "comment": "signatures collected for drafts"},
    )

    account: Mapped[bytes] = mapped_column(primary_key=True, comment="the party")
    wallet: Mapped[bytes] = mapped_column(comment="the account's wallet that signed")
    nonce: Mapped[Amount] = mapped_column(comment="nonce inside the signed message, uint256")
    deadline: Mapped[Amount] = mapped_column(comment="last second at which it counts, uint256")
    signature: Mapped[bytes] = mapped_column(comment="65 bytes, or what the wallet's contract accepts")
    signed_at: Mapped[int] = mapped_column(comment="time of the newest block then, seconds since 1970")
