"""Pages of a list: ``limit`` and an opaque ``cursor`` that holds the key of the last row seen.

A cursor also names the list and its filters, so that one from elsewhere is refused rather than misread.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, TypeVar

import orjson
from fastapi import Depends, Query, Request

from api.problems import CURSOR_INVALID, Problem
from api.whole_numbers import Whole

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
TRAIL = "trail"
"""Of a page for people: the cursors of the pages before it."""
_NOT_FILTERS = ("limit", "cursor", TRAIL)

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page:
    """What part of a list was asked for: at most ``limit`` rows after the one with the key that ``after``
    says, which is None for the first page. Ask ``key`` or ``keys`` for it: whoever made the cursor may have
    put anything in it.
    """

    limit: int
    after: tuple[int, ...] | None
    list_name: str

    @property
    def probe(self) -> int:
        """How many rows to ask the database for: one more tells whether there is a next page."""
        return self.limit + 1

    def key(self) -> int | None:
        """The key, for lists whose key is one number. Raises ``Problem`` (400) for one of several."""
        key = self.keys(1)
        return key[0] if key else None

    def keys(self, count: int) -> tuple[int, ...] | None:
        """The key, for lists whose key is so many numbers. Raises ``Problem`` (400) for one of others."""
        if self.after is not None and len(self.after) != count:
            raise _stranger()
        return self.after

    def cut(self, rows: Sequence[Row]) -> list[Row]:
        """The page's rows, of those that ``probe`` brought."""
        return list(rows[: self.limit])

    def next_cursor(self, rows: Sequence[Row], *last_key: int) -> str | None:
        """The cursor of the page after this one; None when there is none."""
        if len(rows) <= self.limit:
            return None
        return urlsafe_b64encode(orjson.dumps([self.list_name, *last_key])).rstrip(b"=").decode()


async def page(
    request: Request,
    limit: Annotated[Whole, Query(ge=1, le=MAX_LIMIT, description="Rows on a page.")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(max_length=300, description="`next_cursor` of the page before; leave out for the first page."),
    ] = None,
) -> Page:
    """The page that the request asks for. Raises ``Problem`` (400) for a cursor that is not of this list."""
    name = _list_name(request)
    return Page(limit, None if cursor is None else _decode(cursor, name), name)


AskedPage = Annotated[Page, Depends(page)]


def _list_name(request: Request) -> str:
    """Path and filters, hashed."""
    filters = sorted((k, v.lower()) for k, v in request.query_params.multi_items() if k not in _NOT_FILTERS)
    return sha256(orjson.dumps([request.scope["path"].lower(), filters])).hexdigest()[:12]


def _decode(cursor: str, name: str) -> tuple[int, ...]:
    try:
        found, *key = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if found == name and key and all(type(each) is int and 0 <= each < 2**63 for each in key):
            return tuple(key)
    except (ValueError, TypeError):
        pass  # not base64, not JSON, or not a list: answered below like any other stranger
    raise _stranger()


def _stranger() -> Problem:
    return Problem(CURSOR_INVALID, "The cursor is not one that this list gave out.", field="cursor")
