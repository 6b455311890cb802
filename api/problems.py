"""What can go wrong with a request, as RFC 9457 problems with stable types.

``/problems/{slug}`` says in words what each type means; the slug never changes once it is published.
"""

from dataclasses import dataclass
from typing import Any

from ledger.errors import LedgerError


@dataclass(frozen=True)
class Kind:
    """A type of problem: its slug, HTTP status, title, and what a caller can do about it."""

    slug: str
    status: int
    title: str
    hint: str

    @property
    def type(self) -> str:
        """The problem's ``type``, a reference relative to the API's root."""
        return f"/problems/{self.slug}"


KINDS: dict[str, Kind] = {}


def kind(slug: str, status: int, title: str, hint: str) -> Kind:
    """Makes a type of problem known, so that ``/problems/{slug}`` and OpenAPI can describe it."""
    KINDS[slug] = Kind(slug, status, title, hint)
    return KINDS[slug]


ADDRESS_INVALID = kind(
    "address-invalid", 422, "Not an address", "Give 0x and 40 hexadecimal digits, in any case."
)
ID_INVALID = kind("id-invalid", 422, "Not an id", "Give 0x and 64 hexadecimal digits.")
CURSOR_INVALID = kind(
    "cursor-invalid",
    400,
    "Not a cursor of this list",
    "Pass next_cursor as it was given, to the same list and filters; leave it out for the first page.",
)
REQUEST_INVALID = kind(
    "request-invalid", 422, "The request is not as this operation takes it", "See /docs for what it takes."
)
BODY_TOO_LARGE = kind(
    "body-too-large", 413, "The body is too large", "Send less: the detail says how much is taken."
)
BODY_TOO_SLOW = kind("body-too-slow", 408, "The body takes too long to come", "Send it again, all at once.")
MEDIA_TYPE = kind(
    "media-type", 415, "The body is not of a type that is taken", "Send JSON in UTF-8, as application/json."
)
TOO_MANY_REQUESTS = kind(
    "too-many-requests",
    429,
    "Too many requests from this address",
    "Ask again after the seconds of the Retry-After header.",
)
REFUSED = kind("refused", 422, "The ledger refuses this", "See what the detail says.")
NOT_FOUND = kind("not-found", 404, "There is no such thing here", "Check the address; /docs lists them all.")
PARTNER_UNKNOWN = kind(
    "partner-unknown",
    404,
    "The ledger knows no such account",
    "GET /v1/partners lists those who registered; others are known once an agreement names them.",
)
AGREEMENT_UNKNOWN = kind(
    "agreement-unknown", 404, "No such agreement is in force", "GET /v1/agreements lists them."
)
DEAL_UNKNOWN = kind("deal-unknown", 404, "There is no such deal", "GET /v1/deals lists them.")
DEPLOYMENT_UNKNOWN = kind(
    "deployment-unknown",
    404,
    "This mirror follows no such deployment",
    "Leave `deployment` out when there is one only; `pledger index` adds a deployment to the mirror.",
)
DEPLOYMENT_AMBIGUOUS = kind(
    "deployment-ambiguous",
    400,
    "This mirror follows several deployments",
    "Say which one: deployment=<chain id>:<address of its RevenueLedger>.",
)
BLOCK_UNKNOWN = kind(
    "block-unknown",
    404,
    "The mirror cannot answer as of this block",
    "Ask for a block up to the mirror's newest (as_of_block of any answer), not before the deployment.",
)
CHECKPOINT_UNKNOWN = kind(
    "checkpoint-unknown",
    404,
    "There is no signed checkpoint yet",
    "Its operator signs one with `pledger checkpoint sign`.",
)
SIGN_IN_NEEDED = kind(
    "sign-in-needed",
    401,
    "Sign in first",
    "Sign in with your wallet; a program sends a key that an owner made (Authorization: Bearer).",
)
KEY_INVALID = kind(
    "key-invalid",
    401,
    "The key does not count",
    "It may be mistyped, revoked or over, or its maker may make none any more: have an owner make a new one.",
)
NOT_ALLOWED = kind(
    "not-allowed", 403, "Your role does not allow this", "Ask an owner of the account, who gives the roles."
)
ORIGIN_REFUSED = kind(
    "origin-refused",
    403,
    "Another site's page asked for this",
    "Do it on this server's own pages; a program sends this server's own origin, or a key and no cookie.",
)
SIGN_IN_NOT_SET_UP = kind(
    "sign-in-not-set-up",
    503,
    "Nobody can sign in at this address",
    "Its operator sets PLEDGER_PUBLIC_URL to the address that people open, as https://ledger.example.",
)
METHOD_NOT_ALLOWED = kind(
    "method-not-allowed",
    405,
    "This address does not take that method",
    "The Allow header lists those it takes.",
)
MIRROR_EMPTY = kind(
    "mirror-empty", 503, "The mirror holds no deployment yet", "Run `pledger index --once`, then ask again."
)
MIRROR_OF_ANOTHER_VERSION = kind(
    "mirror-of-another-version",
    503,
    "The mirror's tables are of another version of this program",
    "Ask again later: `pledger index` makes them anew from the stored entries.",
)
MIRROR_STALE = kind(
    "mirror-stale", 503, "The mirror lags behind the chain", "Check that `pledger index --follow` is running."
)
NOT_THERE_YET = kind(
    "not-there-yet",
    503,
    "The mirror has not come to that block yet",
    "Ask again after the seconds of the Retry-After header, or without Pledger-At-Least for what is there.",
)
NODE_UNAVAILABLE = kind(
    "node-unavailable",
    503,
    "The chain's node does not answer",
    "Try again later; what needs no node is answered from the mirror meanwhile.",
)
DATABASE_UNAVAILABLE = kind(
    "database-unavailable", 503, "The mirror's database does not answer", "Try again later."
)
INTERNAL = kind(
    "internal",
    500,
    "The server failed at this",
    "It is a fault of the server's; its operator finds it in the log under the instance.",
)


class Problem(LedgerError):
    """Raised by an operation to answer with a problem of a kind."""

    def __init__(
        self,
        kind: Kind,
        what: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(what, kind.hint if hint is None else hint)
        self.kind = kind
        self.field = field
        self.members = members
        self.headers = headers or {}
