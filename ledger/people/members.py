"""Members: people whom an account's owner lets act for it, each with a wallet of their own and a role."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ledger.errors import LedgerError
from ledger.people.access import Role
from ledger.people.acting import Place, own_account, wallet_of
from ledger.people.identity import Identity
from ledger.store.tables import Member

MOST = 100
"""Members of one account."""


class MemberRefused(LedgerError):
    """The member cannot be let in."""


@dataclass(frozen=True)
class Listed:
    """A member as the account sees it. ``counts``: not since the account's wallet is another, or theirs was
    taken out of use; an owner lets them in anew, or puts them out.
    """

    address: bytes
    name: str
    role: Role
    added_by: bytes
    added_at: int
    counts: bool


def listed(session: Session, place: Place, account: bytes) -> Sequence[Listed]:
    """The members of an account, by name."""
    rows = session.scalars(select(Member).where(*_of(place, account)).order_by(Member.name, Member.address))
    wallet = wallet_of(session, place, account)
    return [
        Listed(
            row.address,
            row.name,
            Role(row.role),
            row.added_by,
            row.added_at,
            row.wallet == wallet and own_account(session, place, row.address) is not None,
        )
        for row in rows
    ]


def let_in(session: Session, by: Identity, address: bytes, role: Role, name: str | None, now: int) -> None:
    """Lets somebody in, or changes what they are, and their ``name`` if one is given; commits nothing.

    Raises MemberRefused.
    """
    place, account = by.place, by.account
    wallet = wallet_of(session, place, account)
    if address in (account, wallet):
        raise MemberRefused("This is the account's own wallet, which is always its owner.")
    if own_account(session, place, address) is None:
        raise MemberRefused(
            "This wallet acted for an account once, and another took its place: nobody signs in with it.",
            "Give the wallet that they sign with now.",
        )
    there = session.scalar(
        select(func.count()).select_from(Member).where(*_of(place, account), Member.address != address)
    )
    if (there or 0) >= MOST:
        raise MemberRefused(f"An account has {MOST} members at most.", "Put somebody out first.")
    values = {
        "role": role.value,
        "wallet": wallet,
        "added_by": by.address,
        "added_at": now,
    }
    key = {
        "chain_id": place.chain_id,
        "contract": place.contract,
        "account": account,
        "address": address,
    }
    named = {} if name is None else {"name": name.strip()}
    statement = insert(Member).values(**key, **values, name=named.get("name", ""))
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values | named))


def put_out(session: Session, place: Place, account: bytes, address: bytes) -> bool:
    """Puts a member out at once, and says whether there was one; commits nothing."""
    removed = session.execute(
        delete(Member).where(*_of(place, account), Member.address == address).returning(Member.address)
    )
    return removed.first() is not None


def _of(place: Place, account: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        Member.chain_id == place.chain_id,
        Member.contract == place.contract,
        Member.account == account,
    )
