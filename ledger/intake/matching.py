"""Which deal and agreement each charge belongs to: the two reports and the partners file brought together."""

from dataclasses import dataclass, field

from ledger.intake.billing import Billing, Charge
from ledger.intake.opportunities import Opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.intake.references import invoice_ref
from ledger.intake.report_sections import BillingReport


@dataclass(frozen=True, slots=True)
class Due:
    """Revenue to be paid in: ``amount`` in base units; ``opportunity`` is empty when it comes from no
    deal. ``agreement`` is the key of the first version in its line of amendments.
    """

    line: int
    row_id: str
    invoice_ref: bytes
    agreement: str
    opportunity: str
    currency: str
    amount: int


@dataclass
class Matched:
    """What is due, in the order in which it came in, and everything that does not fit."""

    due: list[Due] = field(default_factory=list)
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)


def match(
    billing: Billing,
    opportunities: Opportunities | None,
    partners: PartnersFile,
    config: BillingReport,
    import_key: bytes,
) -> Matched:
    """Finds the agreement of every charge, through its opportunity or by its own name."""
    found = Matched()
    for charge in sorted(billing.charges.values(), key=lambda charge: (charge.created, charge.id)):
        if not charge.opportunity and not charge.agreement and config.unmatched == "skip":
            found.skipped += 1
            continue
        column, reason, agreement = _agreement(charge, opportunities, partners, config)
        if not reason and not partners.takes(agreement, charge.currency):
            column, reason = (
                config.columns.currency,
                f"the agreement {agreement!r} takes no {charge.currency}",
            )
        if reason:
            found.problems.append(Problem(billing.file, charge.line, column, reason))
            continue
        reference = invoice_ref(import_key, config.source, charge.id)
        found.due.append(
            Due(
                charge.line,
                charge.id,
                reference,
                agreement,
                charge.opportunity,
                charge.currency,
                charge.amount,
            )
        )
    return found


def _agreement(
    charge: Charge, opportunities: Opportunities | None, partners: PartnersFile, config: BillingReport
) -> tuple[str, str, str]:
    """The column at fault, the reason, and the agreement's key."""
    by_deal, by_name = config.columns.opportunity or "", config.columns.agreement or ""
    if not charge.opportunity:
        if not charge.agreement:
            return by_deal or by_name, "names neither opportunity nor agreement", ""
        if charge.agreement not in partners.agreements:
            return by_name, f"unknown agreement {charge.agreement!r}", ""
        return "", "", partners.line_of(charge.agreement)
    if opportunities is None:
        return by_deal, f"the opportunity report with {charge.opportunity!r} is needed: pass it too", ""
    deal = opportunities.deals.get(charge.opportunity)
    if deal is None:
        return by_deal, f"{charge.opportunity!r} is no partner's opportunity in {opportunities.file}", ""
    if deal.target != "won":
        return by_deal, f"{deal.id!r} is not won ({opportunities.file}:{deal.line})", ""
    if charge.agreement and not _is_of(partners, charge.agreement, deal.agreement):
        return by_name, f"{charge.agreement!r}, but {deal.id!r} is a deal of {deal.agreement!r}", ""
    return "", "", deal.agreement


def _is_of(partners: PartnersFile, agreement: str, line: str) -> bool:
    return agreement in partners.agreements and partners.line_of(agreement) == line
