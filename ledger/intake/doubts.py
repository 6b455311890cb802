"""What is not done about deals because of rows that cannot be used: such a row changes nothing for others.

Who commits to a customer first comes first, for good: so nothing is done about a customer while a row that
names it, and may be the earlier one, waits to be corrected.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.intake.chain_state import ChainState
from ledger.intake.deals import Standing
from ledger.intake.opportunities import Opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.payment_plan import not_in_force


@dataclass(frozen=True)
class Doubts:
    """``customers``: why nothing is to be done about them, by canonical id; ``dormant``: how opportunities
    stand whose agreement is not in force. ``unsettled``: accounts of which rows cannot be used; None for all.
    """

    customers: Mapping[str, str]
    dormant: Mapping[str, Standing]
    unsettled: frozenset[str] | None

    def may_have_more(self, account: str) -> bool:
        """Whether the report would say more of an account's deals, if all of its rows could be used."""
        return self.unsettled is None or account in self.unsettled


def doubts_of(report: Opportunities, file: PartnersFile, state: ChainState) -> Doubts:
    """What the rows that cannot be used leave open, and those whose agreement is not signed yet."""
    customers = {
        row.customer: f"line {row.line} of {report.file} names the same customer, and cannot be used"
        for row in report.unusable
        if row.customer
    }
    dormant: dict[str, Standing] = {}
    for own in report.deals.values():
        if not state.agreements[own.agreement].in_force:
            why = not_in_force(own.agreement)
            dormant[own.id] = Standing("waits", why)
            customers.setdefault(
                own.customer, f"line {own.line} of {report.file} names the same customer: {why}"
            )
    partners = [row.partner for row in report.unusable]
    accounts = frozenset(file.partners[key].account for key in partners if key)
    return Doubts(customers, dormant, accounts if all(partners) else None)
