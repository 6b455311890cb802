"""What agreements' terms say of holds, periods and debts: which of their books need more than two sums."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ledger.read import plans
from ledger.rules.release import Periods, debtors
from ledger.store.reading import Reading
from ledger.terms.clauses import Clawback


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
    found = {row.agreement: _clauses(row) for row in plans.clauses_of(reading, agreements)}
    # A predecessor that nobody activated is none that owes anything.
    unknown = {each.predecessor for each in found.values() if each.inherits} - found.keys()
    return found | dict.fromkeys(unknown, _NOTHING)


def debtors_of(clauses: Mapping[bytes, Clauses], agreement: bytes, token: bytes) -> list[bytes]:
    """The agreements whose debts in a token an agreement's revenue serves: itself, then the nearest first."""

    def predecessor(of: bytes) -> bytes | None:
        if not clauses[of].inherits:
            return None
        before = clauses[of].predecessor
        return before if token in clauses[before].tokens else None

    return debtors(agreement, predecessor)


_NOTHING = Clauses(Periods(), False, False, False, bytes(32), frozenset())


def _clauses(row: plans.ClausesRow) -> Clauses:
    return Clauses(
        Periods(row.valid_from, row.period_seconds),
        row.hold_seconds > 0,
        row.clawback > 0,
        bool(row.clawback & Clawback.INHERITED),
        row.predecessor,
        row.tokens,
    )
