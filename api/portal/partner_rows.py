"""Partners as the portal lists them: who they are, whether they are verified, and their score."""

from dataclasses import dataclass

from api.as_of import Answering
from api.paging import Page
from api.partners.routes import list_partners
from api.partners.schemas import PartnerSummary
from ledger.reputation.ranking import scores_of


@dataclass(frozen=True)
class PartnerRow:
    """A partner with its score, from 0 to 999."""

    partner: PartnerSummary
    score: int


def partner_rows(answering: Answering, page: Page) -> tuple[list[PartnerRow], str | None]:
    """A page of partners in the order of their registration, and the next page's cursor."""
    listed = list_partners(answering, page)
    scores = scores_of(answering.reading, [each.account for each in listed.partners])
    return [PartnerRow(each, scores[each.account]) for each in listed.partners], listed.next_cursor
