"""``/entries``: the journals entry by entry; ``/audit``: whether they are the chain's."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path, Query, Response
from fastapi.responses import HTMLResponse

from api.amounts import Tokens
from api.as_of import Answering, Now
from api.audit.routes import get_audit
from api.entries import queries
from api.entries.bodies import entry as in_json
from api.entries.routes import Topic
from api.entries.schemas import EntryBody
from api.http.routing import Router
from api.identifiers import parse_address
from api.paging import Page
from api.partner_names import Names
from api.portal.codes import event as event_words
from api.portal.csv_rows import csv_of
from api.portal.pages import PageRoute, page
from api.portal.turning import Asked
from api.problems import NOT_FOUND, Problem
from ledger.read.asking import ask
from ledger.terms.contracts import ContractName

router = Router(include_in_schema=False, route_class=PageRoute)

_ONE = Page(limit=1, after=None, list_name="")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_AMOUNTS = ("amount", "refunded", "remaining", "value", "received", "served", "paid", "earned", "netted")
_LINKED = {"agreement": "agreements", "predecessor": "agreements", "successor": "agreements", "deal": "deals"}
_NOTHING = "0x" + "00" * 32
_NEWEST = 2**63 - 1


@dataclass(frozen=True)
class Argument:
    """An argument of an event: its name, the value as it was emitted, what that means, and where it leads."""

    name: str
    value: str
    meaning: str
    href: str | None


@router.get("/entries")
def entries(
    answering: Now, asked: Asked, contract: ContractName | None = None, about: Topic | None = None
) -> Response:
    """The newest entries first: of all journals or of one, or only those about something."""
    found, cursor = _entries(answering, asked.page, contract, topic=about)
    if asked.as_csv:
        return csv_of(found, "entries")
    return page(
        "entries.html",
        here="",
        as_of=answering.as_of_block(),
        contract=contract,
        contracts=list(answering.reading.contracts),
        about=about,
        entries=[(each, event_words(each.event)) for each in found],
        turning=asked.turning(cursor),
        csv=asked.csv if found else None,
    )


@router.get("/entries/{contract}/{seq}")
def entry(
    answering: Now, contract: ContractName, seq: Annotated[int, Path(ge=1, le=_NEWEST)]
) -> HTMLResponse:
    """One entry, with those before and after it."""
    found = _entry(answering, contract, seq)
    if found is None:
        raise Problem(NOT_FOUND, f"The journal of the {contract} has no entry {seq}.")
    return page(
        "entry.html",
        here="",
        as_of=answering.as_of_block(),
        entry=found,
        words=event_words(found.event),
        arguments=_arguments(answering, found),
        before=seq - 1 if seq > 1 else None,
        after=seq + 1 if _entry(answering, contract, seq + 1) else None,
    )


@router.get("/audit")
def audit(answering: Now, full: Annotated[bool, Query()] = False) -> HTMLResponse:
    """The mirror held against the chain: the newest entries, or every one."""
    return page("audit_page.html", here="", audit=get_audit(answering, full), full=full)


def _entry(answering: Answering, contract: ContractName, seq: int) -> EntryBody | None:
    if seq > _NEWEST:
        return None
    found, _ = _entries(answering, _ONE, contract, seq=seq)
    return found[0] if found else None


def _entries(
    answering: Answering,
    page: Page,
    contract: ContractName | None,
    *,
    seq: int | None = None,
    topic: bytes | None = None,
) -> tuple[list[EntryBody], str | None]:
    question, given = queries.listed(page, contract, seq, None, topic)
    rows = ask(answering.reading, question, **given)
    shown = page.cut(rows)
    names = {address: name for name, address in answering.reading.contracts.items()}
    bodies = [EntryBody.model_validate(in_json(row, names[row.contract])) for row in shown]
    return bodies, page.next_cursor(rows, *queries.key(shown[-1], contract)) if shown else None


def _arguments(answering: Answering, entry: EntryBody) -> list[Argument]:
    accounts = [
        value for value in entry.args.values() if isinstance(value, str) and _ADDRESS.fullmatch(value)
    ]
    names = Names.of(answering.reading, [parse_address(each) for each in accounts])
    token = entry.args.get("token")
    tokens = Tokens.of(answering.reading, [parse_address(token)]) if token is not None else None
    found = []
    for name, value in entry.args.items():
        meaning, href = "", None
        if value in accounts:
            known = names.named(parse_address(value)).name
            meaning, href = known or "", f"/partners/{value}" if known else None
        elif name in _LINKED and value != _NOTHING:
            href = f"/{_LINKED[name]}/{value}"
        elif name in _AMOUNTS and tokens is not None and str(value).isdecimal():
            meaning = tokens.amount(parse_address(token), int(value)).display or ""
        found += _written(name, value, meaning, href)
    return found


def _written(name: str, value: Any, meaning: str, href: str | None) -> list[Argument]:
    """The argument; one that holds others, as terms do, is written out."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in _written(f"{name}.{key}", inner, "", None)]
    if isinstance(value, list):
        return [
            each
            for place, inner in enumerate(value)
            for each in _written(f"{name}[{place}]", inner, "", None)
        ]
    return [Argument(name, str(value), meaning, href)]
