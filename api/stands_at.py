"""How far the mirror was that gave an answer: said in a header, asked for in another, kept in a cookie."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Header, Request, Response

from api.whole_numbers import Whole

STANDS_AT = "Pledger-Block"
AT_LEAST = "Pledger-At-Least"
SILENT_FOR = "Pledger-Node-Silent"
COOKIE = "pledger_seen"
_COOKIE_SECONDS = 3600

AtLeast = Annotated[
    Whole | None,
    Header(
        alias=AT_LEAST,
        ge=0,
        lt=2**63,
        description="Answer from no older state than this block's. Every answer says how far the mirror was "
        f"that gave it (`{STANDS_AT}`): send that back, and you never see an older one.",
        examples=[182],
    ),
]


@dataclass(frozen=True)
class StandsAt:
    """A block of a deployment."""

    chain_id: int
    ledger: bytes
    block: int


def note(request: Request, stands_at: StandsAt) -> None:
    """Remembers how far the answer to a request is; the furthest when there are several."""
    before = noted(request)
    if before is None or before.block < stands_at.block:
        request.state.stands_at = stands_at


def noted(request: Request) -> StandsAt | None:
    """How far the answer to the request is; None when it is about no deployment."""
    return cast(StandsAt | None, getattr(request.state, "stands_at", None))


def mark(request: Request, response: Response) -> None:
    """Says in the answer how far it is, and for how long the node has been silent, if it is."""
    stands_at = noted(request)
    if stands_at is not None:
        response.headers[STANDS_AT] = str(stands_at.block)
        silent_for = request.app.state.doors.head.silent_for
        if silent_for is not None:
            response.headers[SILENT_FOR] = str(silent_for)


def remember(request: Request, response: Response) -> None:
    """Has the browser remember how far the answer is, so that its next page is not older."""
    stands_at = noted(request)
    if stands_at is not None:
        value = f"{stands_at.chain_id}-{stands_at.ledger.hex()}-{stands_at.block}"
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, value, max_age=_COOKIE_SECONDS, secure=secure, httponly=True, samesite="lax"
        )


def seen(request: Request, chain_id: int, ledger: bytes) -> int:
    """The block of this deployment that the browser has seen, -1 when it has seen none."""
    chain, _, rest = request.cookies.get(COOKIE, "").partition("-")
    address, _, block = rest.partition("-")
    if chain == str(chain_id) and address == ledger.hex() and block.isdecimal() and len(block) < 19:
        return int(block)
    return -1
