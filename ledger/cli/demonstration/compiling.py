"""The contracts are compiled once in a checkout, which takes a minute or two: something moves meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ledger.artifacts import contracts

_LINE_SECONDS = 15
"""Where there is no terminal on which a bar could move."""
_DOING = "Compiling the contracts (once in this checkout, a minute or two)"


def compile_contracts(console: Console) -> None:
    """Compiles them unless they are. Raises LedgerError when there is no compiler."""
    if contracts.are_compiled():
        return
    with _bar(console) if console.is_terminal else _lines(console):
        contracts.compile_all()


@contextmanager
def _bar(console: Console) -> Iterator[None]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(_DOING, total=None)
        yield


@contextmanager
def _lines(console: Console) -> Iterator[None]:
    done, begun = threading.Event(), time.monotonic()

    def tell() -> None:
        while not done.wait(_LINE_SECONDS):
            console.print(f"  still compiling, {time.monotonic() - begun:.0f} s")

    console.print(f"{_DOING} …")
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
