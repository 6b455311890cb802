"""``/v1/members``: who acts for the account that whoever asks acts for."""

import time
from typing import Annotated

from fastapi import Depends, Response
from sqlalchemy.orm import Session

from api.http.routing import Router
from api.identifiers import Address, checksummed
from api.members.schemas import MemberBody, MemberRequest, MembersBody
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import ADDRESS_INVALID, NOT_ALLOWED, ORIGIN_REFUSED, Problem, kind
from api.session import OpenSession
from api.visitor import SIGNED_IN, may
from ledger.people import acting, members
from ledger.people.access import Right
from ledger.people.identity import Identity

router = Router(prefix="/v1/members", tags=["people"])
MEMBER_REFUSED = kind(
    "member-refused", 422, "This member cannot be let in", "Give the wallet that they sign in with."
)
MEMBER_UNKNOWN = kind("member-unknown", 404, "There is no such member", "GET /v1/members lists them.")
_WRITES = (*TAKES_A_BODY, *SIGNED_IN, NOT_ALLOWED, ORIGIN_REFUSED, ADDRESS_INVALID)
_PRIVATE = {"Cache-Control": "no-store"}

Reader = Annotated[Identity, Depends(may(Right.MEMBERS_READ))]
Owner = Annotated[Identity, Depends(may(Right.MEMBERS_WRITE))]


@router.get("", summary="List members", responses=problems(*SIGNED_IN, NOT_ALLOWED))
def list_members(reader: Reader, session: OpenSession, response: Response) -> MembersBody:
    """Everybody whom an owner of the account let act for it, by name."""
    response.headers.update(_PRIVATE)
    return _body(session, reader)


@router.put("/{address}", summary="Let a member in", responses=problems(*_WRITES, MEMBER_REFUSED))
def put_member(
    address: Address, asked: MemberRequest, owner: Owner, session: OpenSession, response: Response
) -> MembersBody:
    """Lets somebody act for the account once they sign in with this wallet, or changes their role.

    It counts as long as the account's wallet is the one that it is now: whoever took a wallet over has nobody
    in once it is rotated away.
    """
    try:
        members.let_in(session, owner, address, asked.role, asked.name, int(time.time()))
    except members.MemberRefused as error:
        raise Problem(MEMBER_REFUSED, error.what, field="address", hint=error.hint or None) from error
    session.commit()
    response.headers.update(_PRIVATE)
    return _body(session, owner)


@router.delete("/{address}", summary="Put a member out", responses=problems(*_WRITES, MEMBER_UNKNOWN))
def delete_member(address: Address, owner: Owner, session: OpenSession, response: Response) -> MembersBody:
    """Ends at once what they may do for the account; what they have begun is done whole, or not at all."""
    if not members.put_out(session, owner.place, owner.account, address):
        raise Problem(MEMBER_UNKNOWN, f"{checksummed(address)} is not a member of this account.")
    session.commit()
    response.headers.update(_PRIVATE)
    return _body(session, owner)


def _body(session: Session, by: Identity) -> MembersBody:
    return MembersBody(
        account=by.account,
        wallet=acting.wallet_of(session, by.place, by.account),
        members=[
            MemberBody(
                address=each.address,
                name=each.name,
                role=each.role,
                added_by=each.added_by,
                added_at=each.added_at,
                counts=each.counts,
            )
            for each in members.listed(session, by.place, by.account)
        ],
    )
