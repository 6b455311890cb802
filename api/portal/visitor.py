"""Who looks at a page, for its header: looked up only for whoever has a session's cookie."""

from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from api.identifiers import checksummed
from api.session import Doors
from api.visitor import token_of
from ledger.people import acting, sessions
from ledger.store.tables import Partner


@dataclass(frozen=True)
class Account:
    """An account that the visitor may act for; ``name``: empty where it has not registered."""

    address: str
    name: str
    role: str


@dataclass(frozen=True)
class SignedIn:
    """The wallet that signed in, the account that it acts for, and the others that it may."""

    wallet: str
    acting: Account
    others: tuple[Account, ...]


async def look(request: HTTPConnection, doors: Doors, now: int) -> SignedIn | None:
    """Who looks at the page; None for nobody, and while the database does not say."""
    token = token_of(request, doors)
    return None if token is None else await run_in_threadpool(_find, doors, token, now)


def _find(doors: Doors, token: str, now: int) -> SignedIn | None:
    try:
        with doors.database.session() as session:
            found = sessions.find(session, token, now)
            if found is None:
                return None
            place = found.place
            roles = acting.accounts_for(session, place, found.address)
            rows = session.execute(
                select(Partner.account, Partner.name).where(
                    Partner.chain_id == place.chain_id,
                    Partner.contract == place.contract,
                    Partner.account.in_(roles),
                )
            )
            names = dict(rows.all())
    except SQLAlchemyError:
        return None
    accounts = {
        account: Account(checksummed(account), names.get(account, ""), role.value)
        for account, role in roles.items()
    }
    mine = accounts.pop(found.account, None)
    if mine is None:
        return None
    return SignedIn(checksummed(found.address), mine, tuple(accounts.values()))
