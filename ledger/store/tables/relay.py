"""What the relayer has to send, what it signed, and how its keys are doing."""

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import APP, Amount, Base


class Relay(Base):
    """A call that the relayer is to send for an account. Its state is waiting, sent, mined or failed."""

    __tablename__ = "relay"
    __table_args__ = (
        UniqueConstraint("chain_id", "contract", "account", "idempotency_key"),
        Index("relay_waiting_idx", "chain_id", "number", postgresql_where=text("state = 'waiting'")),
        Index("relay_open_idx", "chain_id", "sender", "nonce", postgresql_where=text("NOT settled")),
        Index(None, "chain_id", "contract", "account", "asked_at"),
        Index(None, "asked_at"),
        {"schema": APP, "comment": "calls that the relayer sends for accounts"},
    )

    number: Mapped[int] = mapped_column(Identity(), primary_key=True, comment="counts up, with gaps")
    id: Mapped[str] = mapped_column(unique=True, comment="by which it is asked for; unguessable")
    chain_id: Mapped[int] = mapped_column(comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(comment="address of the PartnerRegistry that the account is of")
    account: Mapped[bytes] = mapped_column(comment="for whom it is sent, and whose budget it takes")
    asked_by: Mapped[str] = mapped_column(comment="wallet of who asked, or id of the key")
    idempotency_key: Mapped[str] = mapped_column(comment="the account's own name for it: one for one call")
    body_hash: Mapped[bytes] = mapped_column(comment="SHA-256 of what was asked under that name")
    action: Mapped[str] = mapped_column(comment="the action's name")
    words: Mapped[str] = mapped_column(comment="what it does, in a sentence")
    to: Mapped[bytes] = mapped_column(comment="the contract that is called")
    data: Mapped[bytes] = mapped_column(comment="calldata")
    gas: Mapped[int] = mapped_column(comment="gas that it was estimated to use")
    asked_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the server's clock")
    state: Mapped[str] = mapped_column(comment="waiting, sent, mined or failed")
    settled: Mapped[bool] = mapped_column(comment="whether nothing more happens to it")
    sender: Mapped[bytes | None] = mapped_column(comment="the relayer's key that sends it; NULL: none yet")
    nonce: Mapped[int | None] = mapped_column(comment="that account's number of it; NULL: none yet")
    missing_since: Mapped[int | None] = mapped_column(
        comment="since when another transaction seems to have its nonce, seconds since 1970; NULL: none has"
    )
    transaction_hash: Mapped[bytes | None] = mapped_column(comment="the attempt that was mined; NULL: none")
    block_number: Mapped[int | None] = mapped_column(comment="block in which it was mined; NULL: it was not")
    cost: Mapped[Amount | None] = mapped_column(comment="what its gas cost, in wei; NULL: nothing yet")
    failure: Mapped[str | None] = mapped_column(comment="why it was not sent, or came to nothing")
    failure_hint: Mapped[str | None] = mapped_column(comment="what to do about that")


class RelayAttempt(Base):
    """A transaction that was signed for a relay, written down before it is sent: after a crash the very same
    bytes are sent again, which can never be done twice.
    """

    __tablename__ = "relay_attempt"
    __table_args__ = (
        Index(None, "relay", "signed_at"),
        {"schema": APP, "comment": "transactions that were signed for relays"},
    )

    hash: Mapped[bytes] = mapped_column(primary_key=True, comment="the transaction's hash")
    relay: Mapped[int] = mapped_column(
        ForeignKey(Relay.number, ondelete="CASCADE"), comment="number of the relay"
    )
    nonce: Mapped[int] = mapped_column(comment="the sender's number of the transaction")
    raw: Mapped[bytes] = mapped_column(comment="the signed transaction")
    fee: Mapped[Amount] = mapped_column(comment="most that it pays for a unit of gas, in wei")
    tip: Mapped[Amount | None] = mapped_column(comment="tip for a unit of gas, in wei; NULL: a plain price")
    signed_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the relayer's clock")


class RelayLane(Base):
    """How one of the relayer's keys is doing, as it last said."""

    __tablename__ = "relay_lane"
    __table_args__ = ({"schema": APP, "comment": "how each of the relayer's keys is doing"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    sender: Mapped[bytes] = mapped_column(primary_key=True, comment="the key's account")
    seen_at: Mapped[int] = mapped_column(comment="when it last looked, seconds since 1970")
    balance: Mapped[Amount | None] = mapped_column(comment="in wei; NULL: the node does not say")
    low: Mapped[bool] = mapped_column(comment="whether that is less than its operator wants it to be")
    trouble: Mapped[str | None] = mapped_column(comment="what keeps it from sending; NULL: nothing")
