"""What agreements' terms say of holds, periods and debts: which of their books need more than two sums."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ledger.read import plans
from ledger.rules.release import Periods, debtors
from ledger.store.reading import Reading
from ledger.terms.clauses import Clawback
from ledger.terms.ids import NO_AGREEMENT, AgreementId


@dataclass(frozen=True)
class Clauses:
    """``holds`` and ``debts``: whether there can be any; ``inherits`` from the ``predecessor``."""

    periods: Periods
    holds: bool
    debts: bool
    inherits: bool
    predecessor: AgreementId
    tokens: frozenset[bytes]


def clauses_of(reading: Reading, agreements: Collection[AgreementId] | None) -> dict[AgreementId, Clauses]:
    """Of those agreements that have holds, debts or periods, and of the predecessors whose debts they serve;
    of all agreements when none are given.
    """
    found = {row.agreement: _clauses(row) for row in plans.clauses_of(reading, agreements)}
    # A predecessor that nobody activated is none that owes anything.
    unknown = {each.predecessor for each in found.values() if each.inherits} - found.keys()
    return found | dict.fromkeys(unknown, _NOTHING)


def debtors_of(
    clauses: Mapping[AgreementId, Clauses], agreement: AgreementId, token: bytes
) -> list[AgreementId]:
    """The agreements whose debts in a token an agreement's revenue serves: itself, then the nearest first."""

    def predecessor(of: AgreementId) -> AgreementId | None:
        if not clauses[of].inherits:
            return None
        before = clauses[of].predecessor
        return before if token in clauses[before].tokens else None

    return debtors(agreement, predecessor)


_NOTHING = Clauses(Periods(), False, False, False, NO_AGREEMENT, frozenset())


def _clauses(row: plans.ClausesRow) -> Clauses:
    return Clauses(
        Periods(row.valid_from, row.period_seconds),
        row.hold_seconds > 0,
        row.clawback > 0,
        bool(row.clawback & Clawback.INHERITED),
        row.predecessor,
        row.tokens,
    )
