"""``/settings``: who else acts for the account, in which role, and the keys of its machines."""

from fastapi import Response
from fastapi.responses import HTMLResponse

from api.http.routing import Router
from api.keys.routes import Reader as KeyReader
from api.keys.routes import list_keys
from api.keys.schemas import LONGEST_DAYS
from api.members.routes import Reader as MemberReader
from api.members.routes import list_members
from api.portal.pages import PageRoute, page
from api.session import OpenSession
from ledger.people.access import ACCESS, MEANING, SCOPES, Right, Role

router = Router(prefix="/settings", include_in_schema=False, route_class=PageRoute)
_ROLES = tuple(Role)


@router.get("/members")
def members(reader: MemberReader, session: OpenSession) -> HTMLResponse:
    """Everybody who acts for the account, and what each role allows."""
    return page(
        "members.html",
        here="settings",
        listed=list_members(reader, session, Response()),
        writes=Right.MEMBERS_WRITE in reader.rights,
        roles=[each.value for each in _ROLES],
        table=[(MEANING[right], [role in ACCESS[right] for role in _ROLES]) for right in Right],
    )


@router.get("/keys")
def keys(reader: KeyReader, session: OpenSession) -> HTMLResponse:
    """The account's keys, those that count first."""
    return page(
        "keys.html",
        here="settings",
        keys=list_keys(reader, session, Response()).keys,
        writes=Right.KEYS_WRITE in reader.rights,
        scopes=[(each.value, MEANING[each]) for each in Right if each in SCOPES],
        longest_days=LONGEST_DAYS,
    )
