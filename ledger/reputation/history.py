"""A score over time, and what changed it between two blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.reputation.change import Change, change
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.evidence import Evidence
from ledger.reputation.gathering import evidence_of
from ledger.reputation.score import Record
from ledger.reputation.standing import standing_of, trust_seen
from ledger.reputation.trust_of_day import at_last_second
from ledger.store.reading import AsOf, Reading


@dataclass(frozen=True)
class Moment:
    """The score at the end of a day (UTC), as of the last block by then; of today, as of the newest block."""

    as_of: AsOf
    score: int


def history(
    reading: Reading, account: bytes, days: int, every: int, *, viewpoint: bytes | None = None
) -> list[Moment]:
    """The score at the end of every so many days of the last ``days``, the oldest first, and now."""
    today = reading.as_of.timestamp // DAY
    moments = []
    for day in range(today - days, today, every):
        then = at_last_second(reading, day)
        if then is not None:
            moments.append(_moment(then, account, viewpoint))
    return [*moments, _moment(reading, account, viewpoint)]


def changed(
    before: Reading,
    after: Reading,
    account: bytes,
    configuration: Configuration | None = None,
    *,
    viewpoint: bytes | None = None,
) -> Change:
    """What made the account's score another than it was."""
    chosen = configuration or Configuration()
    was, evidence = _record(before, account, chosen, viewpoint)
    now, later = _record(after, account, chosen, viewpoint)
    _, trusted_then = trust_seen(before, chosen, viewpoint)
    trust = {each: trusted_then.get(each, 0) for each in {*was.trust, *now.trust}}
    return change(evidence, replace(was, trust=trust), later, now)


def _moment(reading: Reading, account: bytes, viewpoint: bytes | None) -> Moment:
    return Moment(reading.as_of, standing_of(reading, account, viewpoint=viewpoint).record.score)


def _record(
    reading: Reading, account: bytes, configuration: Configuration, viewpoint: bytes | None
) -> tuple[Record, Sequence[Evidence]]:
    evidence = list(evidence_of(reading, account, configuration))
    _, omega = trust_seen(reading, configuration, viewpoint)
    trust = {each.counterparty: omega.get(each.counterparty, 0) for each in evidence}
    return Record.of(evidence, reading.as_of.timestamp, trust, configuration), evidence
