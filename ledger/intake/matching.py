"""Charges and opportunities of one import, and the partners file brought together."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.intake.billing import Billing, Charge, Passed
from ledger.intake.crm_ids import damage
from ledger.intake.opportunities import Opportunities
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.intake.references import invoice_ref
from ledger.intake.report_sections import BillingReport
from ledger.terms.ids import InvoiceRef

NEEDS_OPPORTUNITIES = "the opportunity report is needed: pass it too, with --opportunities"


@dataclass(frozen=True, slots=True)
class Due:
    """Revenue to be paid in: ``amount`` in base units; ``opportunity`` is empty when it comes from no
    deal. ``agreement`` is the key of the first version in its line of amendments.
    """

    line: int
    row_id: str
    invoice_ref: InvoiceRef
    agreement: str
    opportunity: str
    currency: str
    amount: int


@dataclass
class Matched:
    """What is due, in the order in which it came in, and everything that does not fit.

    ``passed``: lines of charges that are nobody's of the partners, by their ids, and ``skipped`` why, with
    what they come to. ``left_out``: the line of each charge that cannot be used, by its id; ``unsure``: that
    of a row which cannot be used, by the charge it is about. ``again``: the reference under which each row
    that gives back would be paid in again; ``reference_of``: that of a row's id.
    """

    due: list[Due] = field(default_factory=list)
    skipped: dict[str, Passed] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    unsure: dict[str, int] = field(default_factory=dict)
    again: dict[str, InvoiceRef] = field(default_factory=dict)
    reference_of: Callable[[str], InvoiceRef] = field(default=lambda _: InvoiceRef(b""), repr=False)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Fit:
    """Where a charge belongs: to ``agreement``, to nobody (``passed`` says why), or nowhere."""

    agreement: str = ""
    passed: str = ""
    column: str = ""
    reason: str = ""
    cause: str = ""


def match(
    billing: Billing,
    opportunities: Opportunities | None,
    partners: PartnersFile,
    config: BillingReport,
    import_key: bytes,
) -> Matched:
    """Finds the agreement of every charge, through its opportunity or by its own name."""
    found = Matched(
        passed=dict(billing.nobodys), left_out=dict(billing.left_out), unsure=dict(billing.unsure)
    )
    found.reference_of = lambda row_id: invoice_ref(import_key, config.source, row_id)
    if billing.of_nobody.count:
        found.skipped["of no agreement"] = billing.of_nobody
    for charge in sorted(billing.charges.values(), key=lambda charge: (charge.created, charge.id)):
        fit = _fit(charge, opportunities, partners, config)
        if fit.passed:
            found.passed[charge.id] = charge.line
            found.skipped.setdefault(fit.passed, Passed()).add(charge.currency, charge.amount)
        elif fit.reason:
            found.left_out[charge.id] = charge.line
            found.problems.append(Problem(billing.file, charge.line, fit.column, fit.reason, fit.cause))
        else:
            reference = found.reference_of(charge.id)
            found.due.append(
                Due(
                    charge.line,
                    charge.id,
                    reference,
                    fit.agreement,
                    charge.opportunity,
                    charge.currency,
                    charge.amount,
                )
            )
    found.again = {row.id: found.reference_of(row.id) for row in billing.refunds if row.amount < 0}
    return found


def _fit(
    charge: Charge, opportunities: Opportunities | None, partners: PartnersFile, config: BillingReport
) -> _Fit:
    fit = (
        _by_deal(charge, opportunities, partners, config)
        if charge.opportunity
        else _by_name(charge, partners, config)
    )
    if fit.agreement and not partners.takes(fit.agreement, charge.currency):
        reason = f"the agreement {fit.agreement!r} takes no {charge.currency}"
        return _Fit(column=config.columns.currency, reason=reason)
    return fit


def _by_name(charge: Charge, partners: PartnersFile, config: BillingReport) -> _Fit:
    column = config.columns.agreement or ""
    if not charge.agreement:
        return _Fit(
            column=config.columns.opportunity or column, reason="names neither opportunity nor agreement"
        )
    if charge.agreement not in partners.agreements:
        return _Fit(column=column, reason=f"unknown agreement {charge.agreement!r}")
    return _Fit(partners.line_of(charge.agreement))


def _by_deal(
    charge: Charge, opportunities: Opportunities | None, partners: PartnersFile, config: BillingReport
) -> _Fit:
    column, name = config.columns.opportunity or "", charge.opportunity
    if opportunities is None:
        reason = f"the opportunity report with {name!r} is needed: pass it too, with --opportunities"
        return _Fit(column=column, reason=reason, cause=NEEDS_OPPORTUNITIES)
    if why := damage(name):
        return _Fit(column=column, reason=why)
    file, may_skip = opportunities.file, config.unmatched == "skip"
    if name in opportunities.left_out:
        line = opportunities.left_out[name]
        return _Fit(column=column, reason=f"the row of {name!r} cannot be used ({file}:{line})")
    if name in opportunities.passed:
        line, why = opportunities.passed[name]
        if may_skip:
            return _Fit(passed=f"of opportunities that are passed over themselves ({why})")
        return _Fit(column=column, reason=f"the opportunity {name!r} is passed over: {why} ({file}:{line})")
    deal = opportunities.deals.get(name)
    if deal is None:
        if (like := opportunities.in_small_letters.get(name.lower())) is not None:
            reason = f"{name!r} is not in {file}, which has {like!r}: the case of letters was changed"
            return _Fit(column=column, reason=reason)
        # A row of the report that could not be read at all may be just this one.
        if may_skip and not opportunities.is_damaged:
            return _Fit(passed=f"of opportunities that {file} does not have")
        return _Fit(column=column, reason=f"{name!r} is not an opportunity in {file}")
    if deal.target != "won":
        return _Fit(column=column, reason=f"{name!r} is not won ({file}:{deal.line})")
    if charge.agreement and not _is_of(partners, charge.agreement, deal.agreement):
        reason = f"{charge.agreement!r}, but {name!r} is a deal of {deal.agreement!r}"
        return _Fit(column=config.columns.agreement or "", reason=reason)
    return _Fit(deal.agreement)


def _is_of(partners: PartnersFile, agreement: str, line: str) -> bool:
    return agreement in partners.agreements and partners.line_of(agreement) == line
