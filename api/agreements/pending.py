"""Ends of an agreement that parties have consented to by transaction, and that are still to come about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from api.agreements.schemas import EndConsent, PendingEnd
from api.entry_reference import EntryReference
from api.partner_names import Names
from ledger.chain.consents import ConsentTo
from ledger.store.reading import Reading
from ledger.store.tables import Consent, WalletChange

_CONTRACT: Final = "AgreementRegistry"


@dataclass(frozen=True)
class PendingEnds:
    """Rows of consents that count as of the block, by the last second that they are to."""

    by_end: dict[int, list[Any]]

    @classmethod
    def of(cls, reading: Reading, agreement: bytes, parties: Sequence[bytes], ends_at: int) -> "PendingEnds":
        """Those of one agreement, which as things are ends at ``ends_at``.

        A consent is the wallet's that gave it: one from before the account's newest wallet counts no more.
        """
        was, now = reading.then(Consent, _CONTRACT).c, reading.as_of.timestamp
        rows = reading.session.execute(
            select(was.account, was.until, was.deadline, was.consented_at, was.seq)
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
        newest = reading.session.execute(
            select(WalletChange.account, func.max(WalletChange.changed_at))
            .where(
                reading.seen(WalletChange, "PartnerRegistry"),
                WalletChange.account.in_({row.account for row in rows}),
            )
            .group_by(WalletChange.account)
        ).all()
        changed: dict[bytes, int] = dict(newest)
        by_end: dict[int, list[Any]] = {}
        for row in rows:
            if changed.get(row.account, -1) <= row.consented_at:
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
                        entry=EntryReference(contract=_CONTRACT, seq=row.seq),
                    )
                    for row in rows
                ],
                missing=[
                    names.named(party) for party in parties if party not in {row.account for row in rows}
                ],
            )
            for ends_at, rows in self.by_end.items()
        ]
