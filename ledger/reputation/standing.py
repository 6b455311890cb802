"""A partner's score from the ledger as of a block, with everything needed to check it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.reputation.attested import count_verified, trust_in
from ledger.reputation.configuration import ALGORITHM, Configuration
from ledger.reputation.deadlines import overdue_decisions, unused_exclusivity
from ledger.reputation.evidence import Evidence
from ledger.reputation.inputs import inputs_hash
from ledger.reputation.reviews import reviews_of
from ledger.reputation.rulings import rulings_on
from ledger.reputation.score import Record
from ledger.reputation.settlements import evidence_of_settlement, settlements_of
from ledger.store.reading import AsOf, Reading

_LIMITS = (
    "A ruling counts when its arbiter is verified, and a review when its deal is settled.",
    "Trust is not computed from the network yet: a verified counterparty counts fully, others do not.",
    "Five verified partners in collusion reach 847: look at who the counterparties are.",
)


@dataclass(frozen=True)
class Standing:
    """``record`` gives the score and what made it; ``verified_partners`` could count as counterparties."""

    account: bytes
    as_of: AsOf
    algorithm: str
    inputs_hash: bytes
    verified_partners: int
    record: Record

    def notes(self) -> list[str]:
        """What whoever reads the score must know first."""
        notes = []
        if self.verified_partners == 0:
            notes.append(
                "No partner is verified: no counterparty counts, so only rulings could move a score."
            )
        elif not any(self.record.trust.values()) and self.record.evidence:
            notes.append("None of this partner's counterparties is verified: none of them counts.")
        return [*notes, *_LIMITS]


def evidence_of(reading: Reading, account: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """Everything in the journals up to the block that speaks for or against the account."""
    settlements = {settlement.deal: settlement for settlement in settlements_of(reading, account)}
    for settlement in settlements.values():
        evidence = evidence_of_settlement(reading, account, settlement, configuration)
        if evidence is not None:
            yield evidence
    yield from reviews_of(reading, account, settlements, configuration)
    yield from rulings_on(reading, account, configuration)
    yield from overdue_decisions(reading, account, configuration)
    yield from unused_exclusivity(reading, account, configuration)


def standing_of(reading: Reading, account: bytes, configuration: Configuration | None = None) -> Standing:
    """The account's standing as of the reading's block; 0 for an account that has done nothing yet."""
    chosen = configuration or Configuration()
    evidence = list(evidence_of(reading, account, chosen))
    trust = trust_in(reading, {each.counterparty for each in evidence})
    record = Record.of(evidence, reading.as_of.timestamp, trust, chosen)
    return Standing(account, reading.as_of, ALGORITHM, inputs_hash(record), count_verified(reading), record)
