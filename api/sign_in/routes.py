"""``/v1/sign-in`` and ``/v1/session``: who signs a message with a wallet has a session."""

import time
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.http.routing import Router
from api.own_origin import is_secure, refuse_strangers, require_origin
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import (
    ADDRESS_INVALID,
    NODE_UNAVAILABLE,
    NOT_ALLOWED,
    ORIGIN_REFUSED,
    SIGN_IN_NOT_SET_UP,
    Problem,
)
from api.registry import registry_of
from api.session import CONNECT_SECONDS, OpenDoors, OpenSession
from api.sign_in.problems import SIGN_IN_REFUSED
from api.sign_in.schemas import (
    AccountBody,
    AccountRequest,
    ChallengeBody,
    ChallengeRequest,
    SessionBody,
    SignInRequest,
)
from api.visitor import SIGNED_IN, Visitor, cookie_name, token_of
from ledger.chain.signatures import parse
from ledger.people import acting, sessions, signing_in
from ledger.people.acting import Place
from ledger.people.identity import Identity
from ledger.people.message import MessageInvalid
from ledger.people.nonces import NonceRefused
from ledger.people.signing_in import Server, SignatureRefused, SignInRefused
from ledger.store.tables import Partner

router = Router(prefix="/v1", tags=["people"])
_HOUR = 3_600
_PRIVATE = {"Cache-Control": "no-store"}


def server_of(request: Request, doors: OpenDoors) -> Server:
    """This server, which messages are bound to. Raises ``Problem`` when it does not know its address."""
    refuse_strangers(request, doors.settings)
    origin = require_origin(request, doors.settings)
    return Server(origin, registry_of(request.app, CONNECT_SECONDS))


OpenServer = Annotated[Server, Depends(server_of)]


@router.post(
    "/sign-in/challenge",
    summary="Ask for a message to sign in with",
    responses=problems(*TAKES_A_BODY, ADDRESS_INVALID, ORIGIN_REFUSED, SIGN_IN_NOT_SET_UP, NODE_UNAVAILABLE),
)
def challenge_sign_in(
    request: ChallengeRequest, server: OpenServer, session: OpenSession, response: Response
) -> ChallengeBody:
    """A message in the form of EIP-4361, bound to this server and chain: good for once and ten minutes.

    It may also be written by a library of your own, around the nonce.
    """
    text, nonce = signing_in.challenge(session, server, "0x" + request.address.hex(), int(time.time()))
    response.headers.update(_PRIVATE)
    return ChallengeBody(message=text, nonce=nonce, origin=server.origin, chain_id=server.place.chain_id)


@router.post(
    "/sign-in",
    status_code=201,
    summary="Sign in",
    responses=problems(
        *TAKES_A_BODY, SIGN_IN_REFUSED, ADDRESS_INVALID, ORIGIN_REFUSED, SIGN_IN_NOT_SET_UP, NODE_UNAVAILABLE
    ),
)
def sign_in(
    asked: SignInRequest,
    request: Request,
    server: OpenServer,
    session: OpenSession,
    doors: OpenDoors,
    response: Response,
) -> SessionBody:
    """Begins a session, kept in a cookie that no script can read. One that was there before ends.

    Plain wallets, contract wallets (ERC-1271) and those that are not on the chain yet (ERC-6492) sign alike.
    The session ends by itself once another wallet acts for the account.
    """
    now, hours = int(time.time()), doors.settings.session_hours
    try:
        token = signing_in.sign_in(
            session,
            server,
            asked.message,
            parse(asked.signature),
            asked.account,
            before=token_of(request, doors),
            now=now,
            seconds=hours * _HOUR,
        )
    except (MessageInvalid, NonceRefused, SignInRefused) as error:
        raise Problem(SIGN_IN_REFUSED, error.what, field="message", hint=error.hint or None) from error
    except SignatureRefused as error:
        raise Problem(SIGN_IN_REFUSED, error.what, field="signature", hint=error.hint) from error
    response.set_cookie(
        cookie_name(server.origin),
        token,
        max_age=hours * _HOUR,
        secure=is_secure(server.origin),
        httponly=True,
        samesite="lax",
    )
    response.headers.update(_PRIVATE)
    found = sessions.find(session, token, now)
    if found is None:
        raise Problem(SIGN_IN_REFUSED, "The wallet was taken out of use meanwhile.")
    return session_body(session, found)


@router.get("/session", summary="Show who has signed in", responses=problems(*SIGNED_IN))
def get_session(found: Visitor, session: OpenSession, response: Response) -> SessionBody:
    """Who asks: by the session's cookie, or by a key."""
    response.headers.update(_PRIVATE)
    return session_body(session, found)


@router.put(
    "/session/account",
    summary="Act for another account",
    responses=problems(*TAKES_A_BODY, *SIGNED_IN, ADDRESS_INVALID, ORIGIN_REFUSED, NOT_ALLOWED),
)
def turn_session(
    asked: AccountRequest,
    request: Request,
    found: Visitor,
    doors: OpenDoors,
    session: OpenSession,
    response: Response,
) -> SessionBody:
    """From now on the session is another account's that the wallet acts for as well."""
    token = token_of(request, doors)
    if found.role is None or token is None:
        raise Problem(NOT_ALLOWED, "A key is of one account.")
    if acting.role_of(session, found.place, asked.account, found.address) is None:
        raise Problem(NOT_ALLOWED, "You do not act for this account.", field="account")
    sessions.turn_to(session, token, asked.account)
    session.commit()
    turned = sessions.find(session, token, int(time.time()))
    response.headers.update(_PRIVATE)
    return session_body(session, turned or found)


@router.delete(
    "/session",
    status_code=204,
    summary="Sign out",
    responses=problems(*TAKES_A_BODY, *SIGNED_IN, ORIGIN_REFUSED, NOT_ALLOWED),
)
def end_session(
    request: Request,
    found: Visitor,
    doors: OpenDoors,
    session: OpenSession,
    response: Response,
    everywhere: Annotated[bool, Query(description="also every other session of this wallet")] = False,
) -> None:
    """Ends the session; with ``everywhere`` all of this wallet, on whatever device."""
    token = token_of(request, doors)
    if found.role is None or token is None:
        raise Problem(NOT_ALLOWED, "A key has no session: revoke it instead.")
    if everywhere:
        sessions.end_all(session, found.place, found.address)
    sessions.end(session, token)
    session.commit()
    origin = require_origin(request, doors.settings)
    response.delete_cookie(cookie_name(origin), secure=is_secure(origin), httponly=True, samesite="lax")


def session_body(session: Session, found: Identity) -> SessionBody:
    """Who has signed in."""
    accounts = acting.accounts_for(session, found.place, found.address)
    if found.key is not None:
        accounts = {}
    names = _names(session, found.place, {found.account, *accounts})
    return SessionBody(
        address=found.address,
        account=found.account,
        name=names.get(found.account),
        role=found.role,
        key=found.key,
        rights=sorted(found.rights),
        expires_at=found.expires_at,
        accounts=[
            AccountBody(account=account, name=names.get(account), role=role)
            for account, role in accounts.items()
        ],
    )


def _names(session: Session, place: Place, accounts: set[bytes]) -> dict[bytes, str]:
    rows = session.execute(
        select(Partner.account, Partner.name).where(
            Partner.chain_id == place.chain_id,
            Partner.contract == place.contract,
            Partner.account.in_(accounts),
        )
    )
    return dict(rows.all())
