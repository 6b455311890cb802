"""A partner's score from the ledger as of a block, with everything needed to check it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ledger.reputation.configuration import ALGORITHM, Configuration
from ledger.reputation.dimensions import Dimension, dimensions
from ledger.reputation.flags import Flag, flags
from ledger.reputation.gathering import alike_of
from ledger.reputation.house import house_of, settled_with_itself
from ledger.reputation.inputs import inputs_hash
from ledger.reputation.kept_scores import kept_trust
from ledger.reputation.points import Points, points
from ledger.reputation.score import Record
from ledger.reputation.trust_of_day import TrustOfDay, trust_of_day
from ledger.store.reading import AsOf, Reading

_LIMITS = (
    "A ruling counts when its arbiter is verified, and a review when its deal is settled.",
    "How far a counterparty is trusted is worked out when the day begins (00:00 UTC), and holds all day.",
    "Verified partners who collude can raise each other's scores, five of them to 847: look at who the "
    "counterparties are.",
)


@dataclass(frozen=True)
class Standing:
    """``record`` gives the score and what made it, ``viewpoint`` as whose; None: the consortium's."""

    account: bytes
    as_of: AsOf
    viewpoint: bytes | None
    verified_partners: int
    """How many were verified when the day began."""
    record: Record
    flags: list[Flag]
    algorithm: str = ALGORITHM

    @property
    def inputs_hash(self) -> bytes:
        """The hash of everything that the score was computed from."""
        return inputs_hash(self.record)

    @property
    def dimensions(self) -> list[Dimension]:
        """What the partner is good at."""
        return dimensions(self.record)

    @property
    def points(self) -> Points:
        """Whose work each point of the score is."""
        return points(self.record)

    def notes(self) -> list[str]:
        """What whoever reads the score must know first."""
        notes = []
        if self.viewpoint is not None:
            notes.append("Seen from one partner: trust starts with it alone, not with whoever is verified.")
        elif not self.verified_partners:
            notes.append(
                "No partner is verified, or was when the day began (00:00 UTC): no counterparty counts, so "
                "only rulings could move a score."
            )
        elif self.record.alike and not any(self.record.trust.values()):
            notes.append(
                "None of this partner's counterparties counts: none was verified, or had settled deals with "
                "somebody trusted, when the day began (00:00 UTC)."
            )
        return [*notes, *_LIMITS]


def trust_seen(
    reading: Reading, configuration: Configuration, viewpoint: bytes | None = None
) -> tuple[TrustOfDay, Mapping[bytes, int]]:
    """The day's trust, and ω by account as the viewpoint sees it."""
    trust = trust_of_day(reading, configuration)
    return trust, trust.omega if viewpoint is None else trust.seen_from(viewpoint)


def trust_in(
    reading: Reading, accounts: Collection[bytes], configuration: Configuration, viewpoint: bytes | None
) -> tuple[int, Mapping[bytes, int]]:
    """How many partners were verified when the day began, and ω of these accounts, and perhaps of others."""
    if viewpoint is None and configuration == Configuration():
        kept = kept_trust(reading, accounts)
        if kept is not None:
            return kept
    trust, omega = trust_seen(reading, configuration, viewpoint)
    return len(trust.verified), omega


def standing_of(
    reading: Reading,
    account: bytes,
    configuration: Configuration | None = None,
    *,
    viewpoint: bytes | None = None,
) -> Standing:
    """The account's standing as of the reading's block; 0 for an account that has done nothing yet."""
    chosen = configuration or Configuration()
    alike = alike_of(reading, account, chosen)
    counterparties = {each.counterparty for each in alike}
    verified, omega = trust_in(reading, counterparties, chosen, viewpoint)
    record = Record(
        alike,
        reading.as_of.timestamp,
        {each: omega.get(each, 0) for each in counterparties},
        chosen,
    )
    found = flags(record, house_of(reading, account, counterparties), settled_with_itself(reading, account))
    return Standing(account, reading.as_of, viewpoint, verified, record, found)
