"""``pledger reputation``: all scores, what made one, what changed it, whether a published one is right."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.table import Table

from ledger.cli.partner_names import account_from
from ledger.cli.reading import as_of, reading_mirror
from ledger.errors import LedgerError
from ledger.reputation.configuration import ALGORITHM
from ledger.reputation.fixed_point import SCALE, decimal_text
from ledger.reputation.gathering import newest
from ledger.reputation.history import changed
from ledger.reputation.points import POINT
from ledger.reputation.published import differences, published_in
from ledger.reputation.ranking import ranking
from ledger.reputation.standing import Standing, standing_of
from ledger.settings import Settings
from ledger.store.reading import Reading, read

DIFFERENCE = 1

reputation_app = typer.Typer(
    no_args_is_help=True, help="Scores: all of them, what made one, and whether it is right."
)
_Partner = Annotated[
    str, typer.Argument(metavar="PARTNER", help="The partner: its account's address, or its registered name.")
]
_Block = Annotated[
    int | None,
    typer.Option(
        "--block", min=0, help="As of this block, which must carry an entry; the newest unless given."
    ),
]
_Viewpoint = Annotated[
    str | None,
    typer.Option("--viewpoint", metavar="PARTNER", help="As this partner sees it, not the consortium."),
]
_Limit = Annotated[int, typer.Option("--limit", min=1, help="How many lines to show.")]


@reputation_app.command("list")
def list_command(block: _Block = None, viewpoint: _Viewpoint = None, limit: _Limit = 50) -> None:
    """Shows the best scores."""
    with reading_mirror(Settings()) as mirror:
        reading = _at(mirror, block)
        found = ranking(reading, viewpoint=_seen_from(reading, viewpoint)).scores
        print(f"{min(limit, len(found))} of {len(found)} scores {as_of(reading)}  {ALGORITHM}")
        table = Table("rank", "partner", "score", "for", "against", "counterparties", box=None)
        for rank, each in enumerate(found[:limit], 1):
            table.add_row(
                str(rank),
                to_checksum_address(each.account),
                str(each.score),
                decimal_text(each.positive),
                decimal_text(each.negative),
                str(each.counterparties),
            )
        _print(table)


@reputation_app.command("explain")
def explain_command(
    partner: _Partner, block: _Block = None, viewpoint: _Viewpoint = None, limit: _Limit = 50
) -> None:
    """Shows a partner's score, and what each counterparty and event did to it.

    Points add up to the score. An effect is what the score would lose without that one alone.
    """
    with reading_mirror(Settings()) as mirror:
        reading = _at(mirror, block)
        account = account_from(reading, partner)
        standing = standing_of(reading, account, viewpoint=_seen_from(reading, viewpoint))
        print(f"{to_checksum_address(account)} {as_of(reading)}")
        print(f"score {standing.record.score}  {standing.algorithm}  inputs 0x{standing.inputs_hash.hex()}")
        for note in standing.notes():
            print(note)
        for flag in standing.flags:
            print(f"to look at: {flag.what.value} ({flag.part} of {flag.whole}), which changes no score")
        _print_dimensions(standing)
        _print_counterparties(standing, limit)
        _print_events(reading, standing, limit)


@reputation_app.command("compare")
def compare_command(
    partner: _Partner,
    since: Annotated[
        int, typer.Option("--since", min=0, help="The earlier block, which must carry an entry.")
    ],
    block: _Block = None,
    viewpoint: _Viewpoint = None,
) -> None:
    """Shows why a partner's score is another than at an earlier block: age, each event, and changed trust."""
    with reading_mirror(Settings()) as mirror:
        reading = _at(mirror, block)
        if since > reading.as_of.number:
            raise LedgerError(
                f"Expected an earlier block than {reading.as_of.number}, got {since}.",
                "Give the earlier one as --since.",
            )
        account, seen_from = account_from(reading, partner), _seen_from(reading, viewpoint)
        found = changed(_at(mirror, since), reading, account, viewpoint=seen_from)
        print(f"{to_checksum_address(account)} {as_of(reading)}, since block {since}")
        table = Table("what", "deal", "effect", box=None)
        table.add_row(f"score at block {since}", "", str(found.before))
        table.add_row("age of what there was", "", f"{found.ageing:+}")
        for step in found.steps:
            what = step.evidence.kind.value if step.came else f"{step.evidence.kind.value} is gone"
            table.add_row(what, "0x" + step.evidence.subject.hex(), f"{step.effect:+}")
        table.add_row("changed trust in counterparties", "", f"{found.trust:+}")
        table.add_row("score now", "", str(found.after))
        _print(table)


@reputation_app.command("verify")
def verify_command(
    file: Annotated[
        Path,
        typer.Argument(
            allow_dash=True,
            help="A score as the API gives it (GET /v1/partners/{address}/reputation); `-`: standard input.",
        ),
    ],
) -> None:
    """Computes a published score again from one's own mirror, and says whether it is the same.

    Exits with 1 when it is not.
    """
    claimed = published_in(_json(file))
    with reading_mirror(Settings()) as mirror:
        standing = standing_of(_at(mirror, claimed.block), claimed.account, viewpoint=claimed.viewpoint)
        found = differences(claimed, standing)
    for line in found:
        print(f"differs: {line}")
    what = f"the score of {to_checksum_address(claimed.account)} as of block {claimed.block}"
    print(f"verdict: {'difference' if found else 'match'}: {what}")
    if found:
        raise typer.Exit(DIFFERENCE)


def _at(reading: Reading, block: int | None) -> Reading:
    if block is None:
        return reading
    return read(reading.session, chain_id=reading.chain_id, ledger=reading.ledger, block=block)


def _seen_from(reading: Reading, viewpoint: str | None) -> bytes | None:
    return None if viewpoint is None else account_from(reading, viewpoint)


def _json(file: Path) -> Any:
    try:
        return json.loads(sys.stdin.read() if str(file) == "-" else file.read_text())
    except OSError as error:
        raise LedgerError(f"{file} cannot be read: {error.strerror}.", "Check the path.") from error
    except ValueError as error:
        raise LedgerError(f"{file} is not JSON: {error}.", "Save the API's answer as it came.") from error


def _print_dimensions(standing: Standing) -> None:
    table = Table("question", "answer", "score", "for", "against", "events", box=None)
    for each in standing.dimensions:
        table.add_row(
            each.question.value,
            each.tag.value,
            str(each.score),
            decimal_text(each.total.positive),
            decimal_text(each.total.negative),
            str(each.events),
        )
    _print(table)


def _print_counterparties(standing: Standing, limit: int) -> None:
    record, points = standing.record, standing.points
    table = Table("counterparty", "trust", "events", "for", "against", "points", "effect", box=None)
    found = record.counterparties()
    for each in found[:limit]:
        table.add_row(
            to_checksum_address(each.counterparty),
            decimal_text(each.trust),
            str(each.events),
            decimal_text(each.contribution.positive),
            decimal_text(each.contribution.negative),
            _points(points.by_counterparty[each.counterparty]),
            f"{each.effect:+}",
        )
    if record.adjudicated.positive or record.adjudicated.negative:
        ruled = record.adjudicated
        table.add_row(
            "rulings",
            "",
            "",
            decimal_text(ruled.positive),
            decimal_text(ruled.negative),
            _points(points.ruled),
        )
    if len(found) > limit:
        rest = sum(points.by_counterparty[each.counterparty] for each in found[limit:])
        table.add_row(f"{len(found) - limit} more", "", "", "", "", _points(rest))
    if table.row_count:
        _print(table)


def _print_events(reading: Reading, standing: Standing, limit: int) -> None:
    record, points = standing.record, standing.points
    table = Table("event", "days ago", "deal", "points", "effect", box=None)
    placed = newest(reading, standing.account, record.configuration, limit, None)
    effects = record.events(each.evidence for each in placed)
    for effect, each in zip(effects, placed, strict=True):
        table.add_row(
            effect.evidence.kind.value,
            str(effect.days),
            "0x" + effect.evidence.subject.hex(),
            _points(points.of_event(effect.evidence.alike, each.among)),
            f"{effect.effect:+}",
        )
    if record.events_in_all > limit:
        table.add_row(f"{record.events_in_all - limit} more", "", "", "", "")
    if table.row_count:
        _print(table)


def _points(parts: int) -> str:
    return decimal_text(parts * (SCALE // POINT))


def _print(table: Table) -> None:
    """As wide as it needs to be: ids and amounts are never cut, also where nobody looks at a terminal."""
    Console(width=max(200, Console().width)).print(table)
