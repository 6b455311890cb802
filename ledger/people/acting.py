"""Whom a wallet acts for, as the mirror knows: its own account, and those that let it in as a member."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, desc, select
from sqlalchemy.orm import Session

from ledger.people.access import Role
from ledger.store.tables import Member, Partner, WalletChange


@dataclass(frozen=True)
class Place:
    """The deployment that accounts belong to: its chain, and its PartnerRegistry."""

    chain_id: int
    contract: bytes


def account_of(session: Session, place: Place, address: bytes) -> bytes:
    """The account that an address is or was a wallet of; itself when it never was another's."""
    found = session.scalar(
        select(WalletChange.account).where(*_here(place), WalletChange.wallet == address).limit(1)
    )
    return address if found is None else found


def wallet_of(session: Session, place: Place, account: bytes) -> bytes:
    """The wallet that acts for an account now."""
    found = session.scalar(
        select(WalletChange.wallet)
        .where(*_here(place), WalletChange.account == account)
        .order_by(desc(WalletChange.seq))
        .limit(1)
    )
    return account if found is None else found


def own_account(session: Session, place: Place, address: bytes) -> bytes | None:
    """The account whose wallet an address is; None when another wallet took its place: then it acts for
    nobody any more, also not as a member of others.
    """
    account = account_of(session, place, address)
    return account if wallet_of(session, place, account) == address else None


def role_of(
    session: Session, place: Place, account: bytes, address: bytes, *, lock: bool = False
) -> Role | None:
    """What an address is to an account; None: nothing, or nothing any more. ``lock``: it stays so until the
    transaction ends, whoever wants to put the member out meanwhile.

    A member counts as long as the account's wallet is the one by which it was let in.
    """
    own = own_account(session, place, address)
    if own is None:
        return None
    if own == account:
        return Role.OWNER
    wanted = select(Member).where(
        Member.chain_id == place.chain_id,
        Member.contract == place.contract,
        Member.account == account,
        Member.address == address,
    )
    member = session.scalar(wanted.with_for_update(read=True) if lock else wanted)
    if member is None or member.wallet != wallet_of(session, place, account):
        return None
    return Role(member.role)


def accounts_for(session: Session, place: Place, address: bytes) -> dict[bytes, Role]:
    """Every account that an address acts for, its own first, and what it is to each."""
    own = own_account(session, place, address)
    if own is None:
        return {}
    members = session.scalars(
        select(Member)
        .where(
            Member.chain_id == place.chain_id, Member.contract == place.contract, Member.address == address
        )
        .order_by(Member.account)
    )
    return {own: Role.OWNER} | {
        each.account: Role(each.role)
        for each in members
        if each.account != own and each.wallet == wallet_of(session, place, each.account)
    }


def preferred(session: Session, place: Place, address: bytes) -> bytes | None:
    """The account that a wallet acts for unless it says another: its own, but for somebody who is a member of
    another and has registered nothing. None: it acts for nobody.
    """
    accounts = accounts_for(session, place, address)
    own = next(iter(accounts), None)
    registered = select(Partner.account).where(
        Partner.chain_id == place.chain_id, Partner.contract == place.contract, Partner.account == own
    )
    if len(accounts) > 1 and session.scalar(registered) is None:
        return list(accounts)[1]
    return own


def _here(place: Place) -> tuple[ColumnElement[bool], ...]:
    return WalletChange.chain_id == place.chain_id, WalletChange.contract == place.contract
