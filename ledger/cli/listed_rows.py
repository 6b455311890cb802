"""Agreements and deals for lists: in SQL, and whatever says how they stand."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import desc, or_, select

from ledger.cli.partner_names import account_from
from ledger.rules.deal_status import Status
from ledger.store.reading import Reading
from ledger.store.tables import (
    Agreement,
    AgreementParty,
    AgreementPayee,
    Amendment,
    Deal,
    Ending,
    Programme,
)
from ledger.terms.agreement import OPEN_ENDED
from ledger.terms.contracts import AGREEMENTS, DEALS
from ledger.terms.deals import State
from ledger.terms.ids import AgreementId, ProgrammeId

_AT_ONCE = 500
"""Rows that are looked at together."""


def agreements(reading: Reading, partner: str | None) -> Iterator[Sequence[Agreement]]:
    """All of them, or those that a partner is party to or paid by, the newest first, some at a time.

    Raises LedgerError for what names no partner.
    """
    question = select(Agreement).where(reading.seen(Agreement, AGREEMENTS))
    if partner is not None:
        account = account_from(reading, partner)
        named = [
            Agreement.agreement.in_(
                select(table.agreement).where(reading.of(table, AGREEMENTS), table.account == account)
            )
            for table in (AgreementParty, AgreementPayee)
        ]
        question = question.where(or_(*named))
    return _parts(reading, question.order_by(desc(Agreement.seq)))


def deals(reading: Reading, partner: str | None, wanted: Status | None) -> Iterator[Sequence[Deal]]:
    """All of them, or those that a partner registered or decides on, the newest first, some at a time; among
    them all that have the status ``wanted``. Raises as `agreements`.
    """
    question = select(Deal).where(reading.now(Deal, DEALS))
    if partner is not None:
        account = account_from(reading, partner)
        own = select(Programme.programme).where(
            reading.seen(Programme, AGREEMENTS), Programme.owner == account
        )
        question = question.where(or_(Deal.account == account, Deal.programme.in_(own)))
    if wanted is not None:
        before = {Status.LAPSED: State.COMMITTED, Status.EXPIRED: State.APPROVED}.get(wanted)
        question = question.where(Deal.state == (State[wanted.name] if before is None else before))
    return _parts(reading, question.order_by(desc(Deal.seq)))


def _parts(reading: Reading, question: Any) -> Iterator[Sequence[Any]]:
    rows = reading.session.scalars(question, execution_options={"yield_per": _AT_ONCE})
    return iter(rows.partitions())


def amended(reading: Reading, some: Sequence[Agreement]) -> dict[AgreementId, int]:
    """The first second of each one's successor, of those that have one."""
    rows = reading.session.execute(
        select(Amendment.agreement, Amendment.effective_at).where(
            reading.seen(Amendment, AGREEMENTS), Amendment.agreement.in_([each.agreement for each in some])
        )
    )
    return dict(rows.all())


def ends(
    reading: Reading, some: Sequence[Agreement], amended: dict[AgreementId, int]
) -> dict[AgreementId, int]:
    """Last second in force, by whatever ends each first."""
    ends = {
        each.agreement: min(each.valid_until, amended.get(each.agreement, OPEN_ENDED + 1) - 1)
        for each in some
    }
    rows = reading.session.execute(
        select(Ending.agreement, Ending.ends_at).where(
            reading.seen(Ending, AGREEMENTS), Ending.agreement.in_(list(ends))
        )
    )
    for agreement, ends_at in rows:
        ends[agreement] = min(ends[agreement], ends_at)
    return ends


def parties(reading: Reading, agreements: Sequence[AgreementId]) -> dict[AgreementId, list[bytes]]:
    """The parties of each, in the order of its terms."""
    rows = reading.session.execute(
        select(AgreementParty.agreement, AgreementParty.account)
        .where(reading.of(AgreementParty, AGREEMENTS), AgreementParty.agreement.in_(agreements))
        .order_by(AgreementParty.position)
    )
    found: dict[AgreementId, list[bytes]] = {}
    for agreement, account in rows:
        found.setdefault(agreement, []).append(account)
    return found


def owners(reading: Reading, programmes: Iterable[ProgrammeId]) -> dict[ProgrammeId, bytes]:
    """Who decides on the deals of each programme."""
    rows = reading.session.execute(
        select(Programme.programme, Programme.owner).where(
            reading.seen(Programme, AGREEMENTS), Programme.programme.in_(set(programmes))
        )
    )
    return dict(rows.all())
