"""What the other sides of settled deals think of a partner."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.settlements import Settlement
from ledger.store.reading import Reading
from ledger.store.tables import Review


def reviews_of(
    reading: Reading, account: bytes, settled: Mapping[bytes, Settlement], configuration: Configuration
) -> Iterator[Evidence]:
    """Reviews of the account by its counterparties in these settled deals, unless they were taken back.

    A review given before its deal was settled counts from then on.
    """
    of = reading.then(Review, "DealRegistry").c
    rows = reading.session.execute(
        select(of.deal, of.reviewer, of.rating, of.reviewed_at, of.seq).where(
            of.reviewed == account, of.revoked_seq.is_(None)
        )
    )
    for deal, reviewer, rating, reviewed_at, seq in rows:
        settlement = settled.get(deal)
        if settlement is None or settlement.released_at is None:
            continue
        positive, negative = weigh(Kind.REVIEWED, configuration, rating)
        at = max(reviewed_at, settlement.released_at)
        contract = reading.contracts["DealRegistry"]
        yield Evidence(at, contract, seq, Kind.REVIEWED, reviewer, deal, positive, negative)
