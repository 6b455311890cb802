"""A verified bundle in lines to read."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ledger.audit.bundle.verify import Proved
from ledger.rules.book import Book, Position


def report(proved: Proved) -> Iterator[str]:
    """What is proved, and what is not; amounts in token base units."""
    header = proved.header
    yield f"block              {header.number}, 0x{header.hash.hex()}"
    yield f"time               {_time(header.timestamp)}"
    yield f"chain              {proved.chain_id}, as the bundle says"
    for name, address in proved.contracts.items():
        yield f"{name:<18} 0x{address.hex()}: compare it with the deployment that you know"
    yield f"agreement          0x{proved.subject.agreement.hex()}"
    yield f"terms              {len(proved.terms.parties)} parties, {len(proved.terms.payees)} payees"
    if proved.book is not None:
        yield from _book(proved.book)
    if proved.position is not None:
        yield from _position(proved.position)
    if proved.payout is not None:
        args = proved.payout.event.args
        yield f"payout             {args['amount']} to 0x{args['recipient'].hex()}"
        yield f"  entry            {proved.subject.claim}"
    yield f"entries            {len(proved.entries)} in full, each in its place in its contract's journal"
    yield "verdict: proved"


def _book(book: Book) -> Iterator[str]:
    yield f"token              0x{book.token.hex()}"
    for name in ("received", "claimed", "claimable", "held", "disputed", "refunded", "netted", "carry"):
        yield f"  {name:<16} {getattr(book, name)}"


def _position(position: Position) -> Iterator[str]:
    yield f"payee              0x{position.account.hex()}"
    for name in ("earned", "claimed", "claimable"):
        yield f"  {name:<16} {getattr(position, name)}"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
