"""What the mirror knows besides the journals: its deployments, the tokens it has met, what it signed."""

from typing import Any

from sqlalchemy import true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import APP, Base, Small


class Deployment(Base):
    """A deployment that this database mirrors."""

    __tablename__ = "deployment"
    __table_args__ = ({"schema": APP, "comment": "deployments that this database mirrors"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    ledger: Mapped[bytes] = mapped_column(primary_key=True, comment="address of its RevenueLedger")
    json: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="its deployment file")
    start_block: Mapped[int] = mapped_column(comment="block in which its first contract was created")


class Token(Base):
    """A token that an agreement accepts, as it describes itself. Unproven: a token may say anything."""

    __tablename__ = "token"
    __table_args__ = ({"schema": APP, "comment": "tokens as they describe themselves"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    address: Mapped[bytes] = mapped_column(primary_key=True, comment="the token's address")
    symbol: Mapped[str | None] = mapped_column(comment="at most 32 printable characters; NULL: it gave none")
    decimals: Mapped[Small | None] = mapped_column(
        comment="decimal places of a whole token, at most 255; NULL: it gave none"
    )
    answered: Mapped[bool] = mapped_column(
        server_default=true(),
        comment="whether the token was heard; if not, it is asked again, and what is NULL is not known",
    )


class SignedCheckpoint(Base):
    """What this operator last signed of a deployment: the API gives it to whoever compares."""

    __tablename__ = "signed_checkpoint"
    __table_args__ = ({"schema": APP, "comment": "the newest checkpoint that this operator signed"},)

    chain_id: Mapped[int] = mapped_column(primary_key=True, comment="EIP-155 id of the chain")
    ledger: Mapped[bytes] = mapped_column(primary_key=True, comment="address of its RevenueLedger")
    json: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="heads, block, digest, operator and signature, as `pledger checkpoint sign` writes it"
    )
