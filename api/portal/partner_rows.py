"""Partners as the portal lists them: who they are, whether they are verified, and their score."""

from dataclasses import dataclass

from api.as_of import Answering
from api.paging import Page
from api.partners.bodies import summary
from api.partners.schemas import PartnerSummary
from ledger.read.asking import ask
from ledger.read.partners import listed
from ledger.reputation.ranking import scores_of


@dataclass(frozen=True)
class PartnerRow:
    """A partner with its score, from 0 to 999."""

    partner: PartnerSummary
    score: int


def partner_rows(
    answering: Answering, page: Page, verified: bool | None = None
) -> tuple[list[PartnerRow], str | None]:
    """A page of partners in the order of their registration, and the next page's cursor. ``verified``: only
    those who are, or who are not.
    """
    question, given = listed(page.probe, page.key(), verified)
    found = ask(answering.reading, question, **given)
    shown, now = page.cut(found), answering.reading.as_of.timestamp
    scores = scores_of(answering.reading, [each.account for each in shown])
    rows = [
        PartnerRow(PartnerSummary.model_validate(summary(each, now)), scores[each.account]) for each in shown
    ]
    return rows, page.next_cursor(found, shown[-1].seq) if shown else None
