"""What programmes make of their deals: the conflict rule, and until when a deal that was tagged again is
contestable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from api.deals.schemas import ConflictRule
from ledger.rules.deal_status import Facts
from ledger.store.reading import Reading
from ledger.store.tables import Deal, Programme, ProgrammeEpoch
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.deals import Rule, State


@dataclass(frozen=True)
class Programmes:
    """Programmes of some deals: rules by programme, ends of grace by programme and epoch."""

    rules: Mapping[bytes, Rule]
    graces: Mapping[tuple[bytes, int], int]

    @classmethod
    def of(cls, reading: Reading, deals: Iterable[Deal]) -> "Programmes":
        """Looks up the programmes of these deals."""
        ids = {row.programme for row in deals if row.programme is not None}
        rules = reading.session.execute(
            select(Programme.programme, Programme.rule).where(
                reading.seen(Programme, AGREEMENTS), Programme.programme.in_(ids)
            )
        )
        epochs = reading.session.scalars(
            select(ProgrammeEpoch).where(
                reading.seen(ProgrammeEpoch, AGREEMENTS), ProgrammeEpoch.programme.in_(ids)
            )
        )
        return cls(
            {programme: Rule(rule) for programme, rule in rules},
            {(row.programme, row.epoch): row.grace_until for row in epochs},
        )

    def rule(self, deal: Deal) -> ConflictRule | None:
        """The rule that the deal is under; None until it is revealed."""
        rule = self.rules.get(deal.programme) if deal.programme is not None else None
        return None if rule is None else ConflictRule(rule.name.lower())

    def facts(self, deal: Deal) -> Facts:
        """What the deal's status, and who leads, are functions of."""
        return Facts(
            deal=deal.deal,
            state=State(deal.state),
            priority=deal.priority,
            committed_at=deal.committed_at,
            decide_by=deal.decide_again_by or deal.decide_by or None,
            exclusive_until=deal.exclusive_until,
            territory=deal.territory,
            contestable_until=self.contestable_until(deal),
            tagged_until=self.tagged_until(deal),
        )

    def tagged_until(self, deal: Deal) -> int | None:
        """Until when its tag counts, in seconds, the programme's key being replaced; None while it is the
        newest, and where the programme is open.
        """
        if deal.programme is None or deal.epoch is None or self.rules.get(deal.programme) is Rule.OPEN:
            return None
        return self.graces.get((deal.programme, deal.epoch + 1))

    def contestable_until(self, deal: Deal) -> int | None:
        """Until when the vendor can reject it although approved, in seconds; None when it was not tagged
        again.
        """
        if deal.retagged_at is None or deal.programme is None or deal.epoch is None:
            return None
        return self.graces.get((deal.programme, deal.epoch))
