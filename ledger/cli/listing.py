"""``pledger agreement list`` and ``pledger deal list``: what the mirror holds, the newest first."""

import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, TypeVar

import typer
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger.cli import listed_rows as rows
from ledger.cli.moments import shown
from ledger.cli.partner_names import names_of, visible
from ledger.cli.reading import as_of, reading_mirror
from ledger.rules.agreement_status import InForce, in_force
from ledger.rules.deal_status import Facts, Status, status
from ledger.settings import Settings
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Deal
from ledger.terms.agreement import OPEN_ENDED
from ledger.terms.deals import State
from ledger.terms.ids import AgreementId

_LAST_YEAR = 253_370_764_800
"""The year 9999 begins: later times, which terms may have, are not written as dates."""
_AS_WIDE_AS_NEEDED = 10_000
"""Ids and addresses are never cut, also where nobody looks at a terminal."""
_Row = TypeVar("_Row", Agreement, Deal)

Partner = Annotated[
    str | None, typer.Option(help="Only this partner's: its account's address, or its registered name.")
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="How many to list at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")]


def list_agreements_command(
    partner: Partner = None,
    state: Annotated[InForce | None, typer.Option(help="Only those that are so now.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Lists agreements: of a partner those that it is party to or paid by."""
    with reading_mirror(Settings()) as reading:
        ends = dict[AgreementId, int]()

        def status_of(some: Sequence[Agreement]) -> list[InForce]:
            amended = rows.amended(reading, some)
            ends.update(rows.ends(reading, some, amended))
            now = reading.as_of.timestamp
            return [
                in_force(each.valid_from, ends[each.agreement], amended.get(each.agreement), now)
                for each in some
            ]

        found, has_more = _taken(rows.agreements(reading, partner), status_of, state, limit)
        parties = rows.parties(reading, [row.agreement for row, _ in found])
        listed = [
            {
                "agreement": "0x" + row.agreement.hex(),
                "state": str(now),
                "from": row.valid_from,
                "until": None if ends[row.agreement] >= OPEN_ENDED else ends[row.agreement],
                "parties": parties.get(row.agreement, []),
            }
            for row, now in found
        ]
        _print(reading, "agreements", listed, as_json=as_json, has_more=has_more)


def list_deals_command(
    partner: Partner = None,
    state: Annotated[Status | None, typer.Option(help="Only those that are so now.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Lists deals: of a partner those that it registered or, as the vendor, decides on."""
    with reading_mirror(Settings()) as reading:

        def status_of(some: Sequence[Deal]) -> list[Status]:
            return [status(_facts(each), reading.as_of.timestamp) for each in some]

        found, has_more = _taken(rows.deals(reading, partner, state), status_of, state, limit)
        owners = rows.owners(reading, {row.programme for row, _ in found if row.programme is not None})
        listed = [
            {
                "deal": "0x" + row.deal.hex(),
                "state": str(now),
                "partner": row.account,
                "vendor": None if row.programme is None else owners.get(row.programme),
                "committed": row.committed_at,
                "decide_by": row.decide_by,
                "exclusive_until": row.exclusive_until,
            }
            for row, now in found
        ]
        _print(reading, "deals", listed, as_json=as_json, has_more=has_more)


_Now = TypeVar("_Now", bound=StrEnum)


def _taken(
    parts: Iterable[Sequence[_Row]],
    status_of: Callable[[Sequence[_Row]], Sequence[_Now]],
    wanted: _Now | None,
    limit: int,
) -> tuple[list[tuple[_Row, _Now]], bool]:
    """So many rows that are so now, each with what it is, and whether there are more."""
    fitting = (
        (row, now)
        for some in parts
        for row, now in zip(some, status_of(some), strict=True)
        if wanted in (None, now)
    )
    found = list(islice(fitting, limit + 1))
    return found[:limit], len(found) > limit


def _facts(row: Deal) -> Facts:
    return Facts(
        row.deal, State(row.state), row.priority, row.committed_at, row.decide_by, row.exclusive_until
    )


def _print(
    reading: Reading, what: str, listed: Sequence[dict[str, Any]], *, as_json: bool, has_more: bool
) -> None:
    """Times in seconds for machines, in words for people; accounts with their names."""
    accounts = {each for row in listed for value in row.values() for each in _accounts(value)}
    names = names_of(reading, accounts)
    if as_json:
        documents = [{name: _document(value, names) for name, value in row.items()} for row in listed]
        of = {"block": reading.as_of.number, "times_verified": reading.times_verified, "more": has_more}
        print(json.dumps(of | {what: documents}))
        return
    print(f"{what} {as_of(reading)}")
    if not listed:
        print("none")
        return
    table = Table(*(name.replace("_", " ") for name in listed[0]), box=None)
    for row in listed:
        table.add_row(*(Text(_words(value, names)) for value in row.values()))
    Console(width=_AS_WIDE_AS_NEEDED).print(table)
    if has_more:
        print("There are more: ask for them with --limit, or for fewer with --partner and --state.")


def _accounts(value: Any) -> list[bytes]:
    return value if isinstance(value, list) else [value] if isinstance(value, bytes) else []


def _document(value: Any, names: dict[bytes, str]) -> Any:
    if isinstance(value, list):
        return [_document(each, names) for each in value]
    if isinstance(value, bytes):
        return {"account": to_checksum_address(value), "name": names.get(value)}
    return value


def _words(value: Any, names: dict[bytes, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_words(each, names) for each in value)
    if isinstance(value, bytes):
        address = to_checksum_address(value)
        return f"{visible(names[value])} {address}" if value in names else address
    if not isinstance(value, int) or not value:
        return str(value or "")
    return shown(value) if value < _LAST_YEAR else str(value)
