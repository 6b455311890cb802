"""Every change of who may do what, as the access manager emitted it."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Base, Whole

ARGUMENTS = (
    "role",
    "other_role",
    "account",
    "target",
    "selector",
    "delay",
    "effective_at",
    "new_member",
    "closed",
    "label",
    "operation",
    "nonce",
    "caller",
    "calldata",
)
"""Columns that hold an event's arguments, NULL where it has none of that name."""


class PowerChange(Base):
    """An event of the access manager: a role given or taken, a delay, an order scheduled or executed.

    The manager keeps no journal: whether one is missing is checked against the root of its storage.
    """

    __tablename__ = "power_change"
    __table_args__ = (
        Index(None, "chain_id", "contract", "role", "account"),
        {"schema": CHAIN, "comment": "changes of who may do what, as the access manager emitted them"},
    )

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(primary_key=True, comment="address of the access manager")
    block_number: Mapped[int] = mapped_column(primary_key=True, comment="block that carries the log")
    log_index: Mapped[int] = mapped_column(primary_key=True, comment="the log's place in the block, from 0")
    block_hash: Mapped[bytes] = mapped_column(comment="the block's hash, 32 bytes")
    block_timestamp: Mapped[int] = mapped_column(comment="the block's time, seconds since 1970")
    transaction_hash: Mapped[bytes] = mapped_column(comment="transaction that emitted the log, 32 bytes")
    transaction_index: Mapped[int] = mapped_column(comment="its place in the block, from 0")
    topics: Mapped[list[bytes]] = mapped_column(comment="the log's topics, 32 bytes each, signature first")
    data: Mapped[bytes] = mapped_column(comment="the log's data")
    event: Mapped[str] = mapped_column(comment="name of the event")
    role: Mapped[int | None] = mapped_column(Whole(20), comment="number of the role; 0: admin")
    other_role: Mapped[int | None] = mapped_column(
        Whole(20), comment="the role that gives and takes it from then on, or cancels what it schedules"
    )
    account: Mapped[bytes | None] = mapped_column(comment="who was given the role, or lost it")
    target: Mapped[bytes | None] = mapped_column(comment="the contract that it is about")
    selector: Mapped[bytes | None] = mapped_column(comment="its function, 4 bytes, that the role may call")
    delay: Mapped[int | None] = mapped_column(comment="seconds that orders wait, or new holders")
    effective_at: Mapped[int | None] = mapped_column(
        comment="from which second on that holds, or the operation may run"
    )
    new_member: Mapped[bool | None] = mapped_column(
        comment="true: the account had not the role; false: its delay changed"
    )
    closed: Mapped[bool | None] = mapped_column(comment="whether nobody may call the contract any more")
    label: Mapped[str | None] = mapped_column(comment="what the role is called")
    operation: Mapped[bytes | None] = mapped_column(comment="number of a scheduled operation, 32 bytes")
    nonce: Mapped[int | None] = mapped_column(comment="how often the same operation was scheduled")
    caller: Mapped[bytes | None] = mapped_column(comment="who scheduled it")
    calldata: Mapped[bytes | None] = mapped_column(comment="what it calls, selector and arguments")
