"""Who has signed in, who else acts for an account, and the keys of machines."""

from sqlalchemy import ARRAY, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.store.tables.base import APP, Base


class OfPartners:
    """The deployment that a row is about, by its PartnerRegistry, which says who acts for an account."""

    chain_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-20, comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(
        primary_key=True, sort_order=-19, comment="address of the PartnerRegistry"
    )


class ServerSecret(Base):
    """What this database's servers share and nobody else knows."""

    __tablename__ = "server_secret"
    __table_args__ = ({"schema": APP, "comment": "what the servers of this database share"},)

    name: Mapped[str] = mapped_column(primary_key=True, comment="what it is for")
    secret: Mapped[bytes] = mapped_column(comment="32 random bytes")


class UsedNonce(Base):
    """A nonce of a message that somebody has signed in with: it is good for once."""

    __tablename__ = "used_nonce"
    __table_args__ = (
        Index(None, "expires_at"),
        {"schema": APP, "comment": "nonces that were used"},
    )

    nonce: Mapped[str] = mapped_column(primary_key=True, comment="as it stood in the message")
    expires_at: Mapped[int] = mapped_column(comment="when it would be refused anyway, seconds since 1970")


class SignIn(OfPartners, Base):
    """Somebody who has signed in, until the session ends. Whether it still counts is asked each time."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index(None, "chain_id", "contract", "address"),
        Index(None, "expires_at"),
        {"schema": APP, "comment": "sessions of people who have signed in"},
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True, comment="SHA-256 of what the cookie holds")
    address: Mapped[bytes] = mapped_column(comment="the wallet that signed")
    account: Mapped[bytes] = mapped_column(comment="the account that it acts for")
    created_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the server's clock")
    expires_at: Mapped[int] = mapped_column(comment="from when on it counts no more, seconds since 1970")


class Passkey(OfPartners, Base):
    """Which account a passkey signs for, said by whoever signed in with it."""

    __tablename__ = "passkey"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account"),
        {"schema": APP, "comment": "passkeys, and the accounts that they sign for"},
    )

    credential: Mapped[bytes] = mapped_column(primary_key=True, comment="by which browsers name the passkey")
    account: Mapped[bytes] = mapped_column(comment="the wallet that it signs for")
    passkey: Mapped[bytes] = mapped_column(comment="the account's first passkey: x and y, 64 bytes")
    recovery: Mapped[bytes] = mapped_column(comment="its first recovery key: x and y, 64 bytes")
    added_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the server's clock")


class Member(OfPartners, Base):
    """Somebody whom an account's owner lets act for it with a wallet of their own."""

    __tablename__ = "member"
    __table_args__ = (
        Index(None, "chain_id", "contract", "address"),
        {"schema": APP, "comment": "who else acts for an account"},
    )

    account: Mapped[bytes] = mapped_column(primary_key=True, comment="the account")
    address: Mapped[bytes] = mapped_column(primary_key=True, comment="the wallet that they sign in with")
    role: Mapped[str] = mapped_column(comment="owner, finance, deals or read")
    name: Mapped[str] = mapped_column(comment="what the owner calls them; private to the account")
    wallet: Mapped[bytes] = mapped_column(
        comment="the account's wallet when they were let in: once it is another, they are confirmed anew"
    )
    added_by: Mapped[bytes] = mapped_column(comment="the wallet of whoever let them in")
    added_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the server's clock")


class ApiKey(Base):
    """A key by which a machine acts for an account. The key itself is nowhere."""

    __tablename__ = "api_key"
    __table_args__ = (
        Index(None, "chain_id", "contract", "account", "id"),
        {"schema": APP, "comment": "keys of machines"},
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="the key's public part")
    secret_hash: Mapped[bytes] = mapped_column(comment="SHA-256 of its secret part")
    chain_id: Mapped[int] = mapped_column(comment="EIP-155 id of the chain")
    contract: Mapped[bytes] = mapped_column(comment="address of the PartnerRegistry")
    account: Mapped[bytes] = mapped_column(comment="the account that it acts for")
    name: Mapped[str] = mapped_column(comment="what its maker calls it; private to the account")
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="what it may do, by name")
    made_by: Mapped[bytes] = mapped_column(
        comment="the wallet of its maker: it counts as long as they may make keys of the account"
    )
    made_at: Mapped[int] = mapped_column(comment="seconds since 1970, by the server's clock")
    expires_at: Mapped[int] = mapped_column(comment="from when on it counts no more, seconds since 1970")
    revoked_at: Mapped[int | None] = mapped_column(comment="when it was revoked; NULL: it was not")
    last_used_at: Mapped[int | None] = mapped_column(comment="to the minute; NULL: never")
