"""The billing report: CSV with the headers and forms that the partners file states, as Stripe exports it.

``charge`` and ``payment`` are revenue, ``refund`` gives back; fees, payouts, transfers and adjustments are
none of the partners' business and counted. Nothing is converted from one currency to another.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ledger.intake.crm_ids import opportunity_id
from ledger.intake.dates import to_seconds
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.intake.report_sections import BillingReport
from ledger.intake.table import Row, Table, read_table

ID, TYPE, SOURCE, CURRENCY = "id", "type", "source", "currency"
AMOUNT, FEE, NET, CREATED = "amount", "fee", "net", "created"
OPPORTUNITY, AGREEMENT, CHARGE = "opportunity", "agreement", "charge"
"""What the report's columns hold; their headers are in the partners file."""

REVENUE = frozenset({"charge", "payment"})
SKIPPED = frozenset({"stripe_fee", "payout", "transfer", "adjustment"})


@dataclass(frozen=True, slots=True)
class Charge:
    """Revenue. ``amount`` in base units of the currency's token, gross or net as configured; ``created``
    unix seconds.
    """

    line: int
    id: str
    source: str
    currency: str
    amount: int
    created: int
    opportunity: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; ``of`` is the id of the charge's row, empty when it is not in this report."""

    line: int
    id: str
    currency: str
    amount: int
    of: str


@dataclass
class Billing:
    """The report: charges by row id, refunds, rows passed over by type, and everything wrong with it."""

    file: str
    charges: dict[str, Charge] = field(default_factory=dict)
    refunds: list[Refund] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_billing(path: Path, partners: PartnersFile, config: BillingReport) -> Billing:
    """Reads the report; what is wrong with rows is in ``problems``.

    Raises IntakeRejected when it is no such report.
    """
    table = read_table(path, config.layout())
    found = Billing(table.file, problems=list(table.problems))
    reader = _RowReader(table, partners, config, found)
    for row in table.rows:
        reader.read(row)
    reader.match_refunds()
    return found


class _RowReader:
    def __init__(self, table: Table, partners: PartnersFile, config: BillingReport, found: Billing) -> None:
        self._table, self._config, self._found = table, config, found
        self._currencies = {
            code.casefold(): (code, of.decimals, partners.places(code))
            for code, of in partners.currencies.items()
        }
        self._seen: dict[str, Row] = {}
        self._refunds: list[tuple[Refund, tuple[str, str]]] = []

    def read(self, row: Row) -> None:
        """Takes a row in: as a charge, as a refund, as passed over, or as problems."""
        key = self._id(row)
        kind = self._cell(row, TYPE).casefold()
        if kind in SKIPPED:
            if key:
                self._found.skipped[kind] = self._found.skipped.get(kind, 0) + 1
        elif kind in REVENUE or kind == "refund":
            money = self._money(row)
            created = self._created(row)
            if money is None or created is None or not key:
                return
            if kind == "refund":
                self._take_refund(row, key, *money)
            else:
                self._take_charge(row, key, created, *money)
        else:
            self._problem(row, TYPE, f"unknown type {self._cell(row, TYPE)!r}" if kind else "is empty")

    def match_refunds(self) -> None:
        """Finds the charge of each refund: by the column that names it, else by its ``Source``."""
        by_source = {charge.source: charge.id for charge in self._found.charges.values()}
        for refund, (named, source) in self._refunds:
            of = by_source.get(named) or by_source.get(source) or ""
            self._found.refunds.append(Refund(refund.line, refund.id, refund.currency, refund.amount, of))

    def _take_charge(self, row: Row, key: str, created: int, currency: str, gross: int, net: int) -> None:
        if gross <= 0:
            return self._problem(row, AMOUNT, f"a {self._cell(row, TYPE)} is more than zero")
        amount = gross if self._config.amount == "gross" else net
        if amount <= 0:
            return self._problem(row, NET, "nothing is left after the fee")
        agreement = self._cell(row, AGREEMENT).casefold()
        opportunity = opportunity_id(self._cell(row, OPPORTUNITY))
        source = self._cell(row, SOURCE)
        self._found.charges[key] = Charge(
            row.line, key, source, currency, amount, created, opportunity, agreement
        )
        return None

    def _take_refund(self, row: Row, key: str, currency: str, gross: int, net: int) -> None:
        if gross >= 0:
            return self._problem(row, AMOUNT, "a refund is less than zero")
        amount = -(gross if self._config.amount == "gross" else net)
        named = self._cell(row, CHARGE)
        self._refunds.append((Refund(row.line, key, currency, amount, ""), (named, self._cell(row, SOURCE))))
        return None

    def _id(self, row: Row) -> str:
        key = self._cell(row, ID)
        if not key:
            self._problem(row, ID, "is empty")
        elif key in self._seen:
            first = self._seen[key]
            other = self._cell(first, AMOUNT) != self._cell(row, AMOUNT)
            self._problem(
                row, ID, f"{key!r} is on line {first.line} too{', with another amount' if other else ''}"
            )
            return ""
        self._seen[key] = row
        return key

    def _money(self, row: Row) -> tuple[str, int, int] | None:
        code = self._cell(row, CURRENCY)
        known = self._currencies.get(code.casefold())
        if known is None:
            self._problem(row, CURRENCY, f"unknown currency {code!r}" if code else "is empty")
            return None
        currency, decimals, places = known
        amounts: list[int] = []
        for column in (AMOUNT, FEE, NET):
            text = self._cell(row, column)
            try:
                amounts.append(self._config.base_units(text, decimals, places))
            except ValueError as error:
                self._problem(row, column, str(error))
        if len(amounts) < 3:
            return None
        gross, fee, net = amounts
        if gross - fee != net:
            self._problem(row, NET, f"{self._cell(row, NET)} is not the amount less the fee")
            return None
        return currency, gross, net

    def _created(self, row: Row) -> int | None:
        try:
            return to_seconds(self._cell(row, CREATED), self._config.dates)
        except ValueError as error:
            self._problem(row, CREATED, str(error))
            return None

    def _cell(self, row: Row, column: str) -> str:
        return self._table.cell(row, column)

    def _problem(self, row: Row, column: str, reason: str) -> None:
        self._found.problems.append(Problem(self._table.file, row.line, self._table.title(column), reason))
