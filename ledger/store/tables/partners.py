"""Partners, what the consortium attests of them, and what they took back or consented to by transaction."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, BySubject, Closing, Small, words
from ledger.terms.ids import AgreementId, DealId, InvoiceRef


class Partner(BySubject, Base):
    """A company that made itself known under its account."""

    __tablename__ = "partner"
    __table_args__ = (
        Index("partner_words_idx", words("name"), postgresql_using="gin"),
        Index(None, "chain_id", "contract", "seq"),
        {"schema": CHAIN, "comment": "companies that made themselves known"},
    )

    account: Mapped[bytes] = mapped_column(
        primary_key=True, comment="permanent id: the partner's first address"
    )
    name: Mapped[str] = mapped_column(comment="public name; bytes that are not text read U+FFFD")
    uri: Mapped[str] = mapped_column(comment="where the partner describes itself, may be empty")
    registered_at: Mapped[int] = mapped_column(comment="time of the registration, seconds since 1970")


class Attestation(Closing, Base):
    """A verification level that the consortium attested, until it was replaced, revoked or ran out."""

    __tablename__ = "attestation"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        # How many are valid: of those that no later entry ended, the ones that have not run out.
        Index(
            "attestation_lasting_idx",
            "chain_id",
            "contract",
            "expires_at",
            postgresql_include=["account"],
            postgresql_where=text("ended_seq IS NULL"),
        ),
        {"schema": CHAIN, "comment": "verification levels attested by the consortium"},
    )

    CLOSED_BY = "ended_seq"
    OPEN: ClassVar[Mapping[str, Any]] = dict.fromkeys(("ended_at", "end_reason", "ended_seq"))

    account: Mapped[bytes] = mapped_column(comment="whom it is about")
    level: Mapped[Small] = mapped_column(comment="verification level, 1 and up")
    expires_at: Mapped[int] = mapped_column(comment="last second at which it holds")
    evidence: Mapped[bytes] = mapped_column(comment="hash of what the consortium saw, 32 bytes")
    attested_at: Mapped[int] = mapped_column(comment="time of the attestation, seconds since 1970")
    ended_at: Mapped[int | None] = mapped_column(
        comment="when a later attestation or a revocation ended it; NULL: neither did"
    )
    end_reason: Mapped[bytes | None] = mapped_column(
        comment="the revocation's reason, 32 bytes; NULL when not revoked, though perhaps replaced"
    )
    ended_seq: Mapped[int | None] = mapped_column(comment="number of the entry that ended it; NULL: none did")


class CancelledNonce(ByEntry, Base):
    """A nonce the account made worthless on this contract, and with it every signature that carries it."""

    __tablename__ = "cancelled_nonce"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        {"schema": CHAIN, "comment": "nonces that accounts made worthless"},
    )

    account: Mapped[bytes] = mapped_column(comment="whose nonce")
    nonce: Mapped[Amount] = mapped_column(comment="the nonce, uint256")


class Consent(Closing, Base):
    """An account consented to an action by its own transaction, ahead of the action.

    That the action used it up is not said here: the action's own entry says that it happened. Nor that the
    account's wallet is another one since, whose consent it is not.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "action"),
        Index(None, "chain_id", "contract", "agreement"),
        {"schema": CHAIN, "comment": "consents by transaction, ahead of the action"},
    )

    CLOSED_BY = "ended_seq"
    OPEN: ClassVar[Mapping[str, Any]] = {"ended_at": None, "withdrawn": False, "ended_seq": None}

    account: Mapped[bytes] = mapped_column(comment="who consented")
    action: Mapped[bytes] = mapped_column(comment="hash of the action, 32 bytes")
    kind: Mapped[Small] = mapped_column(
        comment="to what: 1 an agreement's end, 2 longer exclusivity, 3 a clawback"
    )
    agreement: Mapped[AgreementId | None] = mapped_column(comment="which is to end, or to owe; NULL of 2")
    deal: Mapped[DealId | None] = mapped_column(comment="the deal; NULL of 1 and 3")
    until: Mapped[int | None] = mapped_column(
        comment="last second in force, or of the exclusivity; NULL of 3"
    )
    payer: Mapped[bytes | None] = mapped_column(comment="who paid the invoice, of 3; NULL of others")
    invoice_ref: Mapped[InvoiceRef | None] = mapped_column(comment="the invoice, of 3; NULL of others")
    refunded: Mapped[Amount | None] = mapped_column(comment="refunded before, of 3; NULL of others")
    amount: Mapped[Amount | None] = mapped_column(comment="what is clawed back, of 3; NULL of others")
    deadline: Mapped[int] = mapped_column(comment="last second at which it counts")
    consented_at: Mapped[int] = mapped_column(comment="time of the consent, seconds since 1970")
    ended_at: Mapped[int | None] = mapped_column(
        comment="when it was taken back, or given again after it was used; NULL: neither"
    )
    withdrawn: Mapped[bool] = mapped_column(comment="true: taken back before it was used")
    ended_seq: Mapped[int | None] = mapped_column(comment="number of the entry that ended it; NULL: none did")
