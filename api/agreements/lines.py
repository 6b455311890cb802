"""What became of agreements: amended, ended, or expired; functions of rows and of time (seconds)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from api.agreements import queries
from api.agreements.schemas import (
    AfterEnd,
    Conditions,
    EndingBody,
    EndingCause,
    Succession,
    Version,
)
from api.entry_reference import EntryReference
from api.partner_names import Names
from ledger.read import agreement_lines
from ledger.rules.agreement_status import InForce, in_force
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Amendment, Ending
from ledger.terms.agreement import OPEN_ENDED, Terms
from ledger.terms.clauses import Clawback
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId
from ledger.terms.reasons import reason_text

_CAUSES = {1: EndingCause.CONSENT, 2: EndingCause.NOTICE, 3: EndingCause.RULING}
_AFTER_END = (AfterEnd.NOTHING, AfterEnd.WIN_APPROVED, AfterEnd.FINISH)


@dataclass(frozen=True)
class Fate:
    """What became of agreements: amendments by the agreement that was amended, endings in journal order."""

    amendments: Mapping[bytes, Amendment]
    endings: Mapping[bytes, Sequence[Ending]]

    @classmethod
    def of(cls, reading: Reading, agreements: Collection[AgreementId]) -> "Fate":
        """Looks these agreements up."""
        amended = reading.session.scalars(
            select(Amendment).where(reading.seen(Amendment, AGREEMENTS), Amendment.agreement.in_(agreements))
        )
        ended = reading.session.scalars(
            select(Ending)
            .where(reading.seen(Ending, AGREEMENTS), Ending.agreement.in_(agreements))
            .order_by(Ending.seq)
        )
        endings: dict[bytes, list[Ending]] = {}
        for row in ended:
            endings.setdefault(row.agreement, []).append(row)
        return cls({row.agreement: row for row in amended}, endings)

    def ends_at(self, row: Agreement) -> int:
        """Last second in force, by whatever ends it first."""
        ends = [row.valid_until, *(each.ends_at for each in self.endings.get(row.agreement, ()))]
        amendment = self.amendments.get(row.agreement)
        return min([*ends, amendment.effective_at - 1] if amendment is not None else ends)

    def status(self, row: Agreement, now: int) -> InForce:
        """Whether it is in force at this moment."""
        amendment = self.amendments.get(row.agreement)
        superseded_at = None if amendment is None else amendment.effective_at
        return in_force(row.valid_from, self.ends_at(row), superseded_at, now)

    def successor(self, agreement: AgreementId) -> Succession | None:
        """The agreement's amendment, if it has one."""
        row = self.amendments.get(agreement)
        if row is None:
            return None
        entry = EntryReference(contract=AGREEMENTS, seq=row.seq)
        return Succession(agreement=row.successor, effective_at=row.effective_at, entry=entry)

    def ending_bodies(self, agreement: AgreementId, names: Names) -> list[EndingBody]:
        """What ended the agreement early, in the order of the journal."""
        return [
            EndingBody(
                cause=_CAUSES[row.cause],
                by=None if row.by_account is None else names.named(row.by_account),
                ends_at=row.ends_at,
                reason=(reason_text(row.reason) or None) if row.reason is not None else None,
                at=row.ended_at,
                entry=EntryReference(contract=AGREEMENTS, seq=row.seq),
            )
            for row in self.endings.get(agreement, ())
        ]


def line_of(reading: Reading, row: Agreement) -> list[Version]:
    """Every version of the agreement's line, the first one first."""
    versions = agreement_lines.line_of(reading, row.agreement)
    kept = queries.by_id(reading, versions)
    rows = [kept[each] for each in versions]
    fate = Fate.of(reading, versions)
    begins = {amendment.successor: amendment.effective_at for amendment in fate.amendments.values()}
    return [
        Version(
            agreement=each.agreement,
            effective_from=begins.get(each.agreement, max(each.valid_from, each.activated_at)),
            status=fate.status(each, reading.as_of.timestamp),
            entry=EntryReference(contract=AGREEMENTS, seq=each.seq),
        )
        for each in rows
    ]


def conditions(terms: Terms, names: Names) -> Conditions:
    """What the terms say beyond the split."""
    arbiter = bytes.fromhex(terms.arbiter[2:])
    return Conditions(
        hold_seconds=terms.hold_seconds,
        clawback=bool(terms.clawback & Clawback.ALLOWED),
        clawback_inherited=bool(terms.clawback & Clawback.INHERITED),
        arbiter=names.named(arbiter) if any(arbiter) else None,
        notice_seconds=terms.notice_seconds or None,
        after_end=_AFTER_END[terms.after_end],
        territories=[reason_text(each) for each in terms.territories],
        period_seconds=terms.tranches[0].period_seconds or None,
    )


def open_ended(second: int) -> int | None:
    """A last second as answers show it: null when there is none."""
    return None if second >= OPEN_ENDED else second
