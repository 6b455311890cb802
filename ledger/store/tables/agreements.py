"""Programmes, acceptances by transaction, and agreements with all their terms."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Amount, Base, ByEntry, BySubject, Changing, Lasting, Small, words
from ledger.terms.ids import AgreementId, ProgrammeId


class Programme(BySubject, Base):
    """A programme under which deals are registered; its owner is the vendor who decides."""

    __tablename__ = "programme"
    __table_args__ = (
        Index("programme_words_idx", words("name"), postgresql_using="gin"),
        Index(None, "chain_id", "contract", "owner"),
        {"schema": CHAIN, "comment": "programmes under which deals are registered"},
    )

    programme: Mapped[ProgrammeId] = mapped_column(
        primary_key=True, comment="id: the owner in the high 160 bits, its number below"
    )
    owner: Mapped[bytes] = mapped_column(comment="account that decides on deals")
    name: Mapped[str] = mapped_column(comment="public name; bytes that are not text read U+FFFD")
    rule: Mapped[Small] = mapped_column(
        comment="how conflicts are settled: 1 first registered, 2 territory, 3 open"
    )
    epoch: Mapped[int] = mapped_column(
        comment="first epoch of the key that blinds customers; later ones: programme_epoch"
    )
    created_at: Mapped[int] = mapped_column(comment="time of its creation, seconds since 1970")


class ProgrammeEpoch(ByEntry, Base):
    """A programme's key was replaced; deals of earlier epochs can be tagged again until the grace ends."""

    __tablename__ = "programme_epoch"
    __table_args__ = (
        Index(None, "chain_id", "contract", "programme"),
        {"schema": CHAIN, "comment": "later key epochs of programmes"},
    )

    programme: Mapped[ProgrammeId] = mapped_column(comment="the programme")
    epoch: Mapped[int] = mapped_column(comment="number of the epoch, from 2")
    grace_until: Mapped[int] = mapped_column(comment="last second at which earlier deals are tagged again")
    opened_at: Mapped[int] = mapped_column(comment="time of its opening, seconds since 1970")


class Acceptance(Changing, Base):
    """A party accepted terms by its own transaction, ahead of the activation."""

    __tablename__ = "acceptance"
    __table_args__ = (
        Index(None, "chain_id", "contract", "agreement", "account"),
        {"schema": CHAIN, "comment": "acceptances by transaction, ahead of the activation"},
    )

    seq: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-18, comment="number of the entry that made the row, from 1"
    )
    agreement: Mapped[AgreementId] = mapped_column(comment="id of the terms")
    account: Mapped[bytes] = mapped_column(comment="the party")
    accepted_at: Mapped[int] = mapped_column(comment="time of the newest acceptance, seconds since 1970")
    deadline: Mapped[int] = mapped_column(comment="last second at which it counts")
    withdrawn_at: Mapped[int | None] = mapped_column(comment="when it was taken back; NULL: it was not")


class Agreement(BySubject, Base):
    """Terms that every party accepted, in force from ``activated_at``; the lists are in the tables below."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index(None, "chain_id", "contract", "seq"),
        Index(None, "chain_id", "contract", "programme"),
        Index(None, "chain_id", "contract", "arbiter"),
        {"schema": CHAIN, "comment": "terms that every party accepted"},
    )

    agreement: Mapped[AgreementId] = mapped_column(
        primary_key=True, comment="id: hash over terms, chain and registry"
    )
    programme: Mapped[ProgrammeId] = mapped_column(comment="programme of its deals; zero for none")
    list_root: Mapped[bytes] = mapped_column(comment="root of a payee list kept off chain; zero for none")
    list_hash: Mapped[bytes] = mapped_column(comment="hash of that list's file; zero for none")
    list_count: Mapped[int] = mapped_column(comment="number of payees in that list")
    territories: Mapped[list[bytes]] = mapped_column(comment="territories in which deals may be registered")
    decision_seconds: Mapped[int] = mapped_column(comment="how long the vendor has to decide on a deal")
    exclusivity_seconds: Mapped[int] = mapped_column(comment="how long an approved deal keeps others off")
    hold_seconds: Mapped[int] = mapped_column(comment="how long at least a payment can be refunded")
    payment_seconds: Mapped[int] = mapped_column(comment="how soon after a win its revenue is to be recorded")
    clawback: Mapped[Small] = mapped_column(
        comment="refunds after the hold: sum of 1 (can be owed), 2 (serves the predecessor's)"
    )
    arbiter: Mapped[bytes] = mapped_column(comment="who rules on disputes; zero address for nobody")
    valid_from: Mapped[int] = mapped_column(comment="first second at which it is in force")
    valid_until: Mapped[int] = mapped_column(comment="last such second; 2^40 - 1: open-ended")
    notice_seconds: Mapped[int] = mapped_column(
        comment="notice that a party gives to end it alone; 0: none can"
    )
    after_end: Mapped[Small] = mapped_column(
        comment="open deals once it has ended: 0 nothing, 1 approved ones can be won, 2 they go on"
    )
    predecessor: Mapped[AgreementId] = mapped_column(comment="agreement that this one amends; zero for none")
    document_hash: Mapped[bytes] = mapped_column(comment="hash of the contract document")
    uri: Mapped[str] = mapped_column(comment="where that document is")
    salt: Mapped[bytes] = mapped_column(comment="makes otherwise equal terms different agreements")
    activated_at: Mapped[int] = mapped_column(comment="time of the activation, seconds since 1970")


class AgreementItem(Lasting):
    """Key of an item of one of an agreement's lists."""

    agreement: Mapped[AgreementId] = mapped_column(primary_key=True, sort_order=-10, comment="the agreement")
    position: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-9, comment="place in the list, from 0"
    )
    seq: Mapped[int] = mapped_column(sort_order=100, comment="number of the entry that made the row, from 1")


class AgreementParty(AgreementItem, Base):
    """An account whose acceptance the agreement needed."""

    __tablename__ = "agreement_party"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        {"schema": CHAIN, "comment": "whose acceptance an agreement needed"},
    )

    account: Mapped[bytes] = mapped_column(comment="the party")


class AgreementPayee(AgreementItem, Base):
    """An account that is paid, and how much of each tranche."""

    __tablename__ = "agreement_payee"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        Index(None, "chain_id", "contract", "seq", "position"),
        {"schema": CHAIN, "comment": "who is paid, and how much of each tranche"},
    )

    account: Mapped[bytes] = mapped_column(comment="the payee")
    weights: Mapped[list[int]] = mapped_column(comment="weight in each tranche, of 10^18 in all")


class AgreementTranche(AgreementItem, Base):
    """A band of cumulative revenue."""

    __tablename__ = "agreement_tranche"
    __table_args__ = ({"schema": CHAIN, "comment": "bands of cumulative revenue"},)

    up_to: Mapped[Amount] = mapped_column(comment="cumulative boundary, base units; 2^256 - 1: unbounded")
    period_seconds: Mapped[int] = mapped_column(comment="after how many seconds it starts anew; 0 never")


class AgreementToken(AgreementItem, Base):
    """A token in which revenue may be paid."""

    __tablename__ = "agreement_token"
    __table_args__ = ({"schema": CHAIN, "comment": "tokens in which revenue may be paid"},)

    token: Mapped[bytes] = mapped_column(comment="the token's address")
