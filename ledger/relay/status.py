"""How the relayer is doing: for its operator's page, and for Prometheus."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.relay.accepting import DAY
from ledger.store.tables import Relay, RelayLane

SILENT_SECONDS = 15
"""After which a lane that said nothing counts as not running."""


@dataclass(frozen=True)
class LaneStatus:
    """A key: its account, balance in wei (None: not known), what keeps it from sending, and how many
    transactions of it are out.
    """

    sender: bytes
    balance: int | None
    low: bool
    trouble: str | None
    running: bool
    seen_at: int
    out: int


@dataclass(frozen=True)
class RelayStatus:
    """``waiting``: not sent yet, the oldest since ``oldest_at``; ``today``: asked for today (UTC), by state;
    ``gas_today``: their gas; times are seconds since 1970.
    """

    waiting: int
    oldest_at: int | None
    today: dict[str, int]
    gas_today: int
    lanes: list[LaneStatus]


def status_of(session: Session, now: int) -> RelayStatus:
    """The relayer's, on all chains that this database knows of."""
    waiting, oldest = session.execute(
        select(func.count(), func.min(Relay.asked_at)).where(Relay.state == "waiting")
    ).one()
    rows = session.execute(
        select(Relay.state, func.count(), func.sum(Relay.gas))
        .where(Relay.asked_at >= now - now % DAY)
        .group_by(Relay.state)
    ).all()
    out = dict(
        session.execute(
            select(Relay.sender, func.count())
            .where(Relay.state == "sent", ~Relay.settled)
            .group_by(Relay.sender)
        ).all()
    )
    lanes = session.scalars(select(RelayLane).order_by(RelayLane.chain_id, RelayLane.sender)).all()
    return RelayStatus(
        waiting=waiting,
        oldest_at=oldest,
        today={state: count for state, count, _ in rows},
        gas_today=sum(int(gas) for _, _, gas in rows),
        lanes=[
            LaneStatus(
                each.sender,
                each.balance,
                each.low,
                each.trouble,
                now - each.seen_at < SILENT_SECONDS,
                each.seen_at,
                out.get(each.sender, 0),
            )
            for each in lanes
        ],
    )


def exposition(status: RelayStatus, now: int) -> str:
    """In the text format that Prometheus reads; nothing where no relayer is used."""
    if not status.lanes and not status.waiting and not status.today:
        return ""
    return "".join(f"{line}\n" for line in _lines(status, now))


def _lines(status: RelayStatus, now: int) -> Iterator[str]:
    yield from _metric("pledger_relay_waiting", "Actions that wait to be sent.", {"": status.waiting})
    age = 0 if status.oldest_at is None else now - status.oldest_at
    yield from _metric("pledger_relay_oldest_seconds", "How long the oldest of them has waited.", {"": age})
    by_state = {f'{{state="{state}"}}': count for state, count in sorted(status.today.items())}
    yield from _metric("pledger_relay_today", "Actions asked for today (UTC), by state.", by_state)
    yield from _metric("pledger_relay_gas_today", "Gas of those.", {"": status.gas_today})
    named = {f'{{sender="0x{each.sender.hex()}"}}': each for each in status.lanes}
    for name, about, values in (
        (
            "running",
            "1 while a relayer sends with the key.",
            {at: int(of.running) for at, of in named.items()},
        ),
        ("low", "1 when the key has too little left.", {at: int(of.low) for at, of in named.items()}),
        (
            "troubled",
            "1 while something keeps it from sending.",
            {at: int(of.trouble is not None) for at, of in named.items()},
        ),
        ("out", "Transactions of the key that are out.", {at: of.out for at, of in named.items()}),
        (
            "balance_wei",
            "What the key has left.",
            {at: of.balance for at, of in named.items() if of.balance is not None},
        ),
    ):
        yield from _metric(f"pledger_relay_key_{name}", about, values)


def _metric(name: str, about: str, samples: dict[str, int]) -> Iterator[str]:
    if samples:
        yield from (f"# HELP {name} {about}", f"# TYPE {name} gauge")
        yield from (f"{name}{labels} {value}" for labels, value in samples.items())
