"""Who acts for an account, and who may change that."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import CHAIN, Base, ByEntry, Closing


class WalletChange(ByEntry, Base):
    """Another wallet came to act for an account. An address acts for one account only, and for good.

    An account without a row is its own wallet; with several, the newest says who acts for it.
    """

    __tablename__ = "wallet_change"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        Index(None, "chain_id", "contract", "wallet"),
        {"schema": CHAIN, "comment": "wallets that came to act for accounts"},
    )

    account: Mapped[bytes] = mapped_column(comment="whose wallet it is")
    wallet: Mapped[bytes] = mapped_column(comment="the address that acts for it from then on")
    previous: Mapped[bytes] = mapped_column(comment="the address that did until then")
    recovered: Mapped[bool] = mapped_column(
        comment="true: by the consortium's recovery, which also gives the owner's place to the wallet"
    )
    changed_at: Mapped[int] = mapped_column(comment="time of the change, seconds since 1970")


class OwnerChange(ByEntry, Base):
    """Another key became an account's owner: it alone rotates the wallet. A recovery ends its place."""

    __tablename__ = "owner_change"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        {"schema": CHAIN, "comment": "keys that became owners of accounts"},
    )

    account: Mapped[bytes] = mapped_column(comment="whose owner it is")
    owner: Mapped[bytes] = mapped_column(comment="the key; zero address: the wallet, whichever it is")
    previous: Mapped[bytes] = mapped_column(comment="the owner until then, by the same rule")
    changed_at: Mapped[int] = mapped_column(comment="time of the change, seconds since 1970")


class Recovery(Closing, Base):
    """The consortium began to recover an account whose keys are lost."""

    __tablename__ = "recovery"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "seq"),
        {"schema": CHAIN, "comment": "recoveries of accounts by the consortium"},
    )

    CLOSED_BY = "ended_seq"
    OPEN: ClassVar[Mapping[str, Any]] = {"ended_at": None, "completed": False, "ended_seq": None}

    account: Mapped[bytes] = mapped_column(comment="whose keys are lost")
    wallet: Mapped[bytes] = mapped_column(comment="the address that is to act for it")
    proposed_at: Mapped[int] = mapped_column(comment="time of the proposal, seconds since 1970")
    executable_at: Mapped[int] = mapped_column(comment="from when on it can be completed")
    expires_at: Mapped[int] = mapped_column(comment="last second at which it can be completed")
    ended_at: Mapped[int | None] = mapped_column(
        comment="when it was completed, cancelled or replaced by another; NULL: it waits"
    )
    completed: Mapped[bool] = mapped_column(comment="true: completed; false: it waits, or came to nothing")
    ended_seq: Mapped[int | None] = mapped_column(comment="number of the entry that ended it; NULL: it waits")
