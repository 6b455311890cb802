"""What ``pledger index`` shows: a bar while there is much to read, a line for what happened."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ledger.errors import LedgerError
from ledger.indexer.entries import Point
from ledger.indexer.watcher import Watcher

BAR_FROM_BLOCKS = 100
"""Fewer blocks than this are read in no time."""


class IndexReport(Watcher):
    """Prints to a console; the bar only where somebody looks at it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._first = 0
        self._entries = 0
        self._began: float | None = None
        self._quiet = False
        self._unheard = False

    def waiting_for_writer(self) -> None:
        self._say("Another indexer is writing; waiting for its end.")

    def rebuilding(self, version: str | None) -> None:
        self._say(
            f"The tables are of another version ({version}): they are made anew from the stored entries. "
            "Readers go on meanwhile."
        )

    def rebuilt(self, entries: int, seconds: float) -> None:
        self._say(f"Made them from {entries:,} entries in {seconds:.1f} s.")

    def started(self, checkpoint: Point | None, newest: Point) -> None:
        done = -1 if checkpoint is None else checkpoint.number
        self._began = self._began or time.monotonic()
        if self._bar is None and self._console.is_terminal and newest.number - done >= BAR_FROM_BLOCKS:
            self._bar = Progress(
                TextColumn("blocks"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[entries]:,} entries, {task.fields[rate]:,.0f}/s"),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
            self._first = done
            self._task = self._bar.add_task("", total=newest.number - done, entries=0, rate=0.0)

    def applied(self, block: Point, newest: Point, entries: int) -> None:
        self._entries += entries
        if self._bar is not None:
            seconds = time.monotonic() - (self._began or time.monotonic())
            rate = self._entries / max(seconds, 0.001)
            self._bar.update(
                self._task,
                completed=block.number - self._first,
                total=newest.number - self._first,
                entries=self._entries,
                rate=rate,
            )

    def taken_back(self, block: Point | None, entries: int, why: str) -> None:
        self._close_bar()
        where = "to the beginning" if block is None else f"to block {block.number}"
        self._say(f"Went back {where}, {entries} entries: {why}")
        self._quiet = False

    def making_indexes(self) -> None:
        self._close_bar()
        self._say("All blocks are read; making the tables' indexes.")

    def caught_up(self, block: Point, entries: int) -> None:
        self._close_bar()
        if self._entries or not self._quiet:
            seconds = time.monotonic() - (self._began or time.monotonic())
            self._say(
                f"Block {block.number}: {self._entries:,} new entries in {seconds:.1f} s, "
                f"{entries:,} in all; every journal head matches."
            )
        self._entries, self._began = 0, None
        self._quiet = True  # from here on, blocks without entries are not worth a line

    def troubled(self, error: LedgerError, seconds: float) -> None:
        self._close_bar()
        self._say(f"{error.what} Trying again in {seconds:.0f} s.")

    def turned(self, error: LedgerError, place: str) -> None:
        self._close_bar()
        self._say(f"{error.what} Going on with {place}.")

    def heard(self, trouble: LedgerError | None) -> None:
        if trouble is not None and not self._unheard:
            self._say(f"{trouble.what} New blocks are asked for meanwhile.")
        elif trouble is None and self._unheard:
            self._say("The WebSocket is heard again.")
        self._unheard = trouble is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close_bar()

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)
