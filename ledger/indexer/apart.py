"""Reading in a process of its own: it fetches, checks and makes rows ready while this one writes.

Python runs one thread at a time, so two processes keep two cores busy. There, one thread fetches the next
blocks while another checks the last ones. Nearly all that it says is rows as COPY takes them.
"""

import os
import queue
import sys
import threading
import traceback
from collections.abc import Generator, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import IO, TypeVar

from ledger.chain.node import Node
from ledger.chain.ranges import RangeSize
from ledger.errors import LedgerError
from ledger.indexer.fetch import Fetcher
from ledger.indexer.garbage import collect_rarely
from ledger.indexer.reading import Reading, batches, check
from ledger.indexer.reading_process import ReadingProcess, receive, send
from ledger.indexer.scope import Scope
from ledger.indexer.steps import Step

T = TypeVar("T")

AHEAD = 2
"""Steps that may wait between two hands, for the memory they take."""


class ReaderEnded(LedgerError):
    """The process that reads ended without a word."""


@dataclass(frozen=True)
class _Order:
    """All that the reading process is told. ``size``: how many blocks to ask for at first."""

    url: str
    chain_id: int
    timeout: float
    scope: Scope
    size: RangeSize
    reading: Reading
    any_hash: bool


@dataclass(frozen=True)
class _Word:
    """What it says: a step, an error that ends the reading, or neither when all is read."""

    size: RangeSize
    step: Step | None = None
    error: LedgerError | None = None


def steps(
    fetcher: Fetcher, scope: Scope, reading: Reading, ahead: ReadingProcess | None = None
) -> Generator[Step, None, None]:
    """As `ledger.indexer.reading.steps`, from the fetcher's node; the fetcher learns what ranges it answers.

    ``ahead`` is a process that has been started already, and is used if it still runs. Raises also
    `ReaderEnded`. The process ends with the iterator.
    """
    node = fetcher.node
    order = _Order(node.url, node.chain_id, node.timeout, scope, fetcher.size, reading, fetcher.any_hash)
    if ahead is not None and not ahead.is_running:
        ahead.close()
        ahead = None
    with ahead or ReadingProcess() as process:
        try:
            process.order(order)
            while True:
                word: _Word = process.word()
                fetcher.size = word.size
                if word.error is not None:
                    raise word.error
                if word.step is None:
                    return
                yield word.step
        except (BrokenPipeError, EOFError):
            raise ReaderEnded(
                f"The process that reads the chain ended with {process.ended_with()}.",
                "Is there too little memory? What was read until then is written: start the indexer again.",
            ) from None


def main() -> None:
    """The reading process."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints is not a word of ours
        try:
            order: _Order = receive(sys.stdin.buffer)
        except EOFError:
            return  # it was not wanted after all
        node, asked_meanwhile = (Node.at(order.url, order.chain_id, order.timeout) for _ in range(2))
        fetcher = Fetcher(node, order.scope, size=order.size, any_hash=order.any_hash)
        words: queue.Queue[_Word | None] = queue.Queue(AHEAD)
        collect_rarely()
        sender = threading.Thread(target=_send_all, args=(out, words))
        sender.start()
        try:
            fetched = ahead(batches(fetcher, order.scope, order.reading))
            for step in check(asked_meanwhile, order.scope, order.reading, fetched):
                words.put(_Word(copy(fetcher.size), step))
            words.put(_Word(copy(fetcher.size)))
        except LedgerError as error:
            words.put(_Word(copy(fetcher.size), error=error))
        finally:
            words.put(None)
            sender.join()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items, taken by a thread that is up to `AHEAD` ahead; what they raise is raised here."""
    taken: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(AHEAD)

    def take() -> None:
        try:
            for item in items:
                taken.put((item,))
        except BaseException as error:
            taken.put(error)
        else:
            taken.put(None)

    threading.Thread(target=take, daemon=True).start()
    while (item := taken.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item[0]


def _send_all(out: IO[bytes], words: queue.Queue[_Word | None]) -> None:
    try:
        while (word := words.get()) is not None:
            send(out, word)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more: the indexer has ended, whatever the other threads wait for
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # else nobody would hear that nobody speaks any more
