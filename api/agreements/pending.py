"""Ends of an agreement that parties have consented to by transaction, and that are still to come about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from api.agreements.schemas import EndConsent, PendingEnd
from api.entry_reference import EntryReference
from api.partner_names import Names
from ledger.chain.consents import ConsentTo
from ledger.store.reading import Reading
from ledger.store.tables import Consent, Entry, WalletChange
from ledger.terms.contracts import AGREEMENTS, PARTNERS
from ledger.terms.ids import AgreementId

_PLACE = (Entry.block_number, Entry.log_index)
_NEVER = (-1, -1)


@dataclass(frozen=True)
class PendingEnds:
    """Rows of consents that count as of the block, by the last second that they are to."""

    by_end: dict[int, list[Any]]

    @classmethod
    def of(
        cls, reading: Reading, agreement: AgreementId, parties: Sequence[bytes], ends_at: int
    ) -> "PendingEnds":
        """Those of one agreement, which as things are ends at ``ends_at``.

        A consent is the wallet's that gave it: one from before the account's newest wallet counts no more.
        Which came first is said by their places on the chain: blocks may share a second.
        """
        was, now = reading.then(Consent, AGREEMENTS).c, reading.as_of.timestamp
        rows = reading.session.execute(
            select(was.account, was.until, was.deadline, was.consented_at, was.seq, *_PLACE)
            .join(Entry, and_(reading.seen(Entry, AGREEMENTS), Entry.seq == was.seq))
            .where(
                was.agreement == agreement,
                was.kind == ConsentTo.END,
                was.ended_seq.is_(None),
                was.deadline >= now,
                was.until >= now,
                was.until < ends_at,
                was.account.in_(parties),
            )
            .order_by(was.until, was.seq)
        ).all()
        changes = reading.session.execute(
            select(WalletChange.account, *_PLACE)
            .join(Entry, and_(reading.seen(Entry, PARTNERS), Entry.seq == WalletChange.seq))
            .where(
                reading.seen(WalletChange, PARTNERS),
                WalletChange.account.in_({row.account for row in rows}),
            )
            .order_by(WalletChange.seq)
        ).all()
        changed = {change.account: (change.block_number, change.log_index) for change in changes}
        by_end: dict[int, list[Any]] = {}
        for row in rows:
            if (row.block_number, row.log_index) > changed.get(row.account, _NEVER):
                by_end.setdefault(row.until, []).append(row)
        return cls(by_end)

    def bodies(self, parties: Sequence[bytes], names: Names) -> list[PendingEnd]:
        """What an answer says of them. ``parties`` in the order of the terms."""
        return [
            PendingEnd(
                ends_at=ends_at,
                consents=[
                    EndConsent(
                        party=names.named(row.account),
                        at=row.consented_at,
                        deadline=row.deadline,
                        entry=EntryReference(contract=AGREEMENTS, seq=row.seq),
                    )
                    for row in rows
                ],
                missing=[
                    names.named(party) for party in parties if party not in {row.account for row in rows}
                ],
            )
            for ends_at, rows in self.by_end.items()
        ]
