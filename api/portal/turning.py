"""Turning the pages of a list, forth and back.

A cursor only leads forth. So the address of a page also carries its trail: the cursors of those before it.
"""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from api.paging import DEFAULT_LIMIT, TRAIL, AskedPage, Page

_BETWEEN = "~"
_OF_PAGES = ("cursor", "limit", "format", TRAIL)
_LONGEST = 40
"""Pages that the trail remembers; further back leads the link to the first page."""


@dataclass(frozen=True)
class Turning:
    """Addresses of the first page, the one before and the one after; None where there is none."""

    first: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class AskedList:
    """The page of a list that was asked for, and the way to it."""

    page: Page
    path: str
    cursor: str | None
    trail: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    as_csv: bool

    @property
    def csv(self) -> str:
        """Address of the same rows as CSV."""
        query = [*self.filters, ("format", "csv")]
        if self.page.limit != DEFAULT_LIMIT:
            query.append(("limit", str(self.page.limit)))
        if self.cursor is not None:
            query.append(("cursor", self.cursor))
        return f"{self.path}?{urlencode(query)}"

    def turning(self, next_cursor: str | None) -> Turning:
        """The ways on, given the cursor of the next page."""
        if self.cursor is None:
            return Turning(None, None, self._after(next_cursor))
        before = self._address(self.trail[-1] if self.trail else None, self.trail[:-1])
        return Turning(self._address(None, ()), before, self._after(next_cursor))

    def _after(self, next_cursor: str | None) -> str | None:
        if next_cursor is None:
            return None
        trail = (*self.trail, self.cursor) if self.cursor is not None else ()
        return self._address(next_cursor, trail[-_LONGEST:])

    def _address(self, cursor: str | None, trail: tuple[str, ...]) -> str:
        query = list(self.filters)
        if self.page.limit != DEFAULT_LIMIT:
            query.append(("limit", str(self.page.limit)))
        if cursor is not None:
            query.append(("cursor", cursor))
        if trail:
            query.append((TRAIL, _BETWEEN.join(trail)))
        return self.path + (f"?{urlencode(query, safe=_BETWEEN)}" if query else "")


async def asked_list(
    request: Request,
    page: AskedPage,
    cursor: str | None = None,
    trail: Annotated[str, Query(max_length=_LONGEST * 300)] = "",
    format: Literal["html", "csv"] = "html",
) -> AskedList:
    """The list's page by the request. The cursor is checked by ``page``; those of the trail once one follows
    them.
    """
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in _OF_PAGES]
    steps = tuple(filter(None, trail.split(_BETWEEN)))[-_LONGEST:]
    return AskedList(page, request.url.path, cursor, steps, tuple(kept), format == "csv")


Asked = Annotated[AskedList, Depends(asked_list)]
