"""What a person sees of an indexer."""

import io

from rich.console import Console

from ledger.cli.index_report import IndexReport
from ledger.errors import LedgerError
from ledger.indexer.entries import Point


def block(number: int) -> Point:
    return Point(number, bytes(32), 1_700_000_000 + number)


def shown(*, terminal: bool, newest: int) -> str:
    output = io.StringIO()
    with IndexReport(Console(file=output, force_terminal=terminal, width=100)) as report:
        report.started(None, block(newest))
        for number in range(newest // 2, newest + 1, newest // 2):
            report.applied(block(number), block(newest), 1_234)
        report.caught_up(block(newest), 2_468)
        report.caught_up(block(newest + 1), 2_468)
    return output.getvalue()


def test_a_backfill_has_a_bar_with_blocks_entries_rate_and_time_left() -> None:
    text = shown(terminal=True, newest=5_000)
    for part in ("blocks", "5001/5001", "2,468 entries", "/s", "left", "2,468 new entries"):
        assert part in text


def test_few_blocks_and_no_terminal_have_none() -> None:
    for text in (shown(terminal=True, newest=20), shown(terminal=False, newest=5_000)):
        assert "left" not in text
        assert "2,468 new entries" in text
        assert text.count("every journal head matches") == 1, "blocks without entries are not worth a line"


def test_what_happened_is_a_line_each() -> None:
    output = io.StringIO()
    report = IndexReport(Console(file=output, width=40))
    report.taken_back(block(7), 3, "the chain was reorganised")
    report.taken_back(None, 0, "[odd] names are not markup")
    report.troubled(LedgerError("The node is down.", "Start it."), 4)
    report.waiting_for_writer()
    for _ in range(2):
        report.heard(LedgerError("The WebSocket is not heard."))
    for _ in range(2):
        report.heard(None)
    assert output.getvalue().splitlines() == [
        "Went back to block 7, 3 entries: the chain was reorganised",
        "Went back to the beginning, 0 entries: [odd] names are not markup",
        "The node is down. Trying again in 4 s.",
        "Another indexer is writing; waiting for its end.",
        "The WebSocket is not heard. New blocks are asked for meanwhile.",
        "The WebSocket is heard again.",
    ]
