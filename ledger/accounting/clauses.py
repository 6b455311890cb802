"""What agreements' terms say of holds, periods and debts: which of their books need more than two sums."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from ledger.rules.release import CLAWBACK_INHERITED, Periods, debtors
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, AgreementToken, AgreementTranche

_CONTRACT: Final = "AgreementRegistry"


@dataclass(frozen=True)
class Clauses:
    """``holds`` and ``debts``: whether there can be any; ``inherits`` from the ``predecessor``."""

    periods: Periods
    holds: bool
    debts: bool
    inherits: bool
    predecessor: bytes
    tokens: frozenset[bytes]


def clauses_of(reading: Reading, agreements: Collection[bytes] | None) -> dict[bytes, Clauses]:
    """Of those agreements that have holds, debts or periods, and of the predecessors whose debts they serve;
    of all agreements when none are given.
    """
    found = _clauses(reading, agreements)
    while missing := _predecessors(found.values()) - found.keys():
        found |= _clauses(reading, missing) or dict.fromkeys(missing, _NOTHING)
    return found


def debtors_of(clauses: Mapping[bytes, Clauses], agreement: bytes, token: bytes) -> list[bytes]:
    """The agreements whose debts in a token an agreement's revenue serves: itself, then the nearest first."""

    def predecessor(of: bytes) -> bytes | None:
        if not clauses[of].inherits:
            return None
        before = clauses[of].predecessor
        return before if token in clauses[before].tokens else None

    return debtors(agreement, predecessor)


_NOTHING = Clauses(Periods(), False, False, False, bytes(32), frozenset())


def _predecessors(clauses: Iterable[Clauses]) -> set[bytes]:
    return {each.predecessor for each in clauses if each.inherits}


def _clauses(reading: Reading, agreements: Collection[bytes] | None) -> dict[bytes, Clauses]:
    periods = (
        select(AgreementTranche.agreement, AgreementTranche.period_seconds)
        .where(reading.seen(AgreementTranche, _CONTRACT), AgreementTranche.position == 0)
        .subquery("periods")
    )
    question = (
        select(
            Agreement.agreement,
            Agreement.valid_from,
            Agreement.hold_seconds,
            Agreement.clawback,
            Agreement.predecessor,
            periods.c.period_seconds,
        )
        .join(periods, periods.c.agreement == Agreement.agreement)
        .where(reading.seen(Agreement, _CONTRACT))
    )
    if agreements is None:
        question = question.where(
            or_(Agreement.hold_seconds > 0, Agreement.clawback > 0, periods.c.period_seconds > 0)
        )
    else:
        question = question.where(Agreement.agreement.in_(agreements))
    rows = reading.session.execute(question).all()
    tokens: dict[bytes, set[bytes]] = {}
    for agreement, token in reading.session.execute(
        select(AgreementToken.agreement, AgreementToken.token).where(
            reading.seen(AgreementToken, _CONTRACT),
            AgreementToken.agreement.in_([row.agreement for row in rows]),
        )
    ):
        tokens.setdefault(agreement, set()).add(token)
    return {
        row.agreement: Clauses(
            Periods(row.valid_from, row.period_seconds),
            row.hold_seconds > 0,
            row.clawback > 0,
            bool(row.clawback & CLAWBACK_INHERITED),
            row.predecessor,
            frozenset(tokens.get(row.agreement, ())),
        )
        for row in rows
    }
