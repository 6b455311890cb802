"""Rows of the DealRegistry's entries about reviews."""

from collections.abc import Sequence

from ledger.errors import LedgerError
from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Fold, Row, base_row, table_of
from ledger.store.tables import Review


def _review_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "ReviewRevoked":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} revokes a review that nobody gave."
            )
        return [{**current, "revoked_at": entry.timestamp, "revoked_seq": entry.seq}]
    args = entry.args
    return [
        base_row(entry)
        | {
            "deal": args["deal"],
            "reviewer": args["reviewer"],
            "reviewed": args["reviewed"],
            "rating": args["rating"],
            "comment": args["comment"],
            "reviewed_at": entry.timestamp,
            "revoked_at": None,
            "revoked_seq": None,
        }
    ]


REVIEWS = Fold(
    table=table_of(Review),
    subject=("deal", "reviewer"),
    events=frozenset({"DealReviewed", "ReviewRevoked"}),
    step=_review_step,
    open="revoked_at",
)
