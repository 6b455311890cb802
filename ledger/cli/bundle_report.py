"""A verified bundle in lines to read."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ledger.rules.book import Book, Position
from ledger.verify.bundle import Proved, Standing
from ledger.verify.control import ControlProved


def report(proved: Proved) -> Iterator[str]:
    """What is proved, and what is not; amounts in token base units."""
    header = proved.header
    yield f"block              {header.number}, 0x{header.hash.hex()}"
    yield f"time               {_time(header.timestamp)}"
    if proved.opening is not None:
        before = proved.opening.header
        yield f"opening block      {before.number}, 0x{before.hash.hex()}"
        yield f"  time             {_time(before.timestamp)}"
        how = "linked to the block by the headers between them" if proved.linked else "trusted by its hash"
        yield f"  {how}"
    yield f"chain              {proved.chain_id}, as the bundle says"
    for name, address in proved.contracts.items():
        yield f"{name:<18} 0x{address.hex()}: compare it with the deployment that you know"
    yield f"agreement          0x{proved.subject.agreement.hex()}"
    yield f"terms              {len(proved.terms.parties)} parties, {len(proved.terms.payees)} payees"
    if proved.opening is not None:
        yield from _since(proved.opening, proved.closing)
    elif proved.book is not None:
        yield from _book(proved.book)
    if proved.position is not None and proved.opening is None:
        yield from _position(proved.position)
    if proved.payout is not None:
        for each in proved.subject.payouts(proved.payout.event):
            yield f"payout             {each.amount} to 0x{each.recipient.hex()}"
        yield f"  entry            {proved.subject.claim}"
    yield f"entries            {len(proved.entries)} in full, each in its place in its contract's journal"
    yield "verdict: proved"


def control_report(proved: ControlProved) -> Iterator[str]:
    """Who controls what, as of which block."""
    of, header = proved.control, proved.header
    yield f"block              {header.number}, 0x{header.hash.hex()}"
    yield f"time               {_time(header.timestamp)}"
    yield f"chain              {of.chain_id}, as the answer says"
    yield f"PartnerRegistry    {of.registry}: compare it with the deployment that you know"
    yield f"account            {of.account}"
    yield f"wallet             {of.wallet}, which signed the challenge"
    yield "verdict: proved"


def _since(opening: Standing, closing: Standing) -> Iterator[str]:
    """What came and went after the opening block, and how the payee stood then and stands now."""
    before, after = opening.book, closing.book
    if before is None or after is None:
        return
    yield f"token              0x{after.token.hex()}"
    yield "since the opening"
    for name in ("received", "claimed", "refunded", "netted"):
        yield f"  {name:<16} {getattr(after, name) - getattr(before, name)}"
    yield "standing           at the opening -> at the block"
    yield f"  {'released':<16} {sum(before.released.values())} -> {sum(after.released.values())}"
    yield f"  {'held':<16} {before.held} -> {after.held}"
    for was, now in zip(_positions(opening), _positions(closing), strict=True):
        yield f"payee              0x{now.account.hex()}"
        for name in ("earned", "claimed", "claimable"):
            yield f"  {name:<16} {getattr(was, name)} -> {getattr(now, name)}"


def _positions(standing: Standing) -> Sequence[Position]:
    """The payee's that the subject names, else all."""
    if standing.position is not None:
        return [standing.position]
    return [] if standing.book is None else standing.book.positions


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
