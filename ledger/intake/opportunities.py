"""The CRM's opportunity report: CSV with the headers and forms that the partners file states.

A row is a deal when it names a partner; rows without one are the vendor's direct business and passed over.
What a row says of the customer is used for the tag and kept nowhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ledger.intake.crm_ids import damage, opportunity_id
from ledger.intake.customers import identify
from ledger.intake.dates import to_past_date
from ledger.intake.names import name_key
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.intake.repeated_rows import once
from ledger.intake.report_sections import OpportunityReport, Target
from ledger.intake.table import Row, Table, read_table

ID, STAGE, AMOUNT, CURRENCY, CREATED = "id", "stage", "amount", "currency", "created"
PARTNER, CUSTOMER, AGREEMENT, TERRITORY = "partner", "customer", "agreement", "territory"

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal as the CRM has it.

    ``value`` is in base units of the currency's token; 0 where the CRM has none. ``agreement`` is the key of
    the first version in its line of amendments; ``territory`` is empty unless the programme's rule has them.
    """

    line: int
    id: str
    partner: str
    agreement: str
    customer: str = field(repr=False)
    target: Target
    value: int
    currency: str
    created: date
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row that cannot be used, and what it says all the same: its id is empty, partner and customer None,
    where that cannot be read.
    """

    line: int
    id: str = ""
    partner: str | None = None
    customer: str | None = field(default=None, repr=False)


@dataclass
class Opportunities:
    """The report: deals by opportunity id, rows passed over by why, and everything wrong with it.

    ``passed``: the line of each row that was passed over, and why, by its id.
    """

    file: str
    deals: dict[str, Opportunity] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed: dict[str, tuple[int, str]] = field(default_factory=dict)
    unusable: list[Unusable] = field(default_factory=list)

    @cached_property
    def left_out(self) -> Mapping[str, int]:
        """The line of each row that cannot be used, by its id."""
        return {row.id: row.line for row in self.unusable if row.id}

    @property
    def is_damaged(self) -> bool:
        """Whether there are rows of which it cannot be told what they are about."""
        return any(not row.id for row in self.unusable)

    @cached_property
    def in_small_letters(self) -> Mapping[str, str]:
        """Every opportunity's id by what is left of it when the case of its letters is lost."""
        return {own.lower(): own for own in self.ids()}

    def ids(self) -> set[str]:
        """Every opportunity that the report has a row of."""
        return {*self.deals, *self.passed, *self.left_out}


def read_opportunities(path: Path, partners: PartnersFile, config: OpportunityReport) -> Opportunities:
    """Reads the report; what is wrong with rows is in ``problems``.

    Raises IntakeRejected when it is not such a report.
    """
    table = read_table(path, config.layout())
    found = Opportunities(table.file, problems=list(table.problems))
    found.unusable += [Unusable(problem.line) for problem in table.problems]
    reader = _RowReader(table, partners, config, found)
    for row in reader.once.rows:
        reader.read(row)
    return found


class _RowReader:
    def __init__(
        self, table: Table, partners: PartnersFile, config: OpportunityReport, found: Opportunities
    ) -> None:
        self._table, self._partners, self._config, self._found = table, partners, config, found
        self._by_name = {
            name_key(name): key
            for key, partner in partners.partners.items()
            for name in (partner.name, *partner.crm_names)
        }
        self._stages = {name_key(stage): target for stage, target in config.stages.items()}
        self._agreements = _agreements_by_partner(partners)
        self.once = once(table.rows, self._key, self._words)

    def read(self, row: Row) -> None:
        """Takes a row in: as a deal, as passed over, or as problems."""
        before = len(self._found.problems)
        name = self._cell(row, PARTNER)
        if not name:
            self._skip(row, "no partner")
            return
        stage = self._cell(row, STAGE)
        target = self._stages.get(name_key(stage))
        if target == "skipped":
            self._skip(row, "stage is passed over")
            return
        key = self._id(row)
        if target is None:
            self._problem(row, STAGE, f"{stage!r} is not among the stages" if stage else "is empty")
        created = self._parsed(row, CREATED, lambda text: to_past_date(text, self._config.dates))
        partner = self._partner(row, name)
        agreement = self._agreement(row, partner) if partner is not None else None
        currency = self._currency(row, target)
        value = self._value(row, currency, target) if currency is not None else None
        customer = self._customer(row)
        territory = self._territory(row, agreement) if agreement is not None else None
        if agreement and currency and not self._accepts(agreement, currency):
            self._problem(row, CURRENCY, f"the agreement {agreement!r} takes no {currency}")
        if len(self._found.problems) > before:
            known = "" if damage(key) else key
            self._found.unusable.append(Unusable(row.line, known, partner, customer))
            return
        if (
            target
            and created
            and partner
            and agreement
            and customer
            and currency is not None
            and value is not None
            and territory is not None
        ):
            self._found.deals[key] = Opportunity(
                row.line, key, partner, agreement, customer, target, value, currency, created, territory
            )

    def _key(self, row: Row) -> str:
        return opportunity_id(self._cell(row, ID))

    def _words(self, row: Row) -> list[str]:
        return [self._cell(row, column) for column in self._table.layout.columns]

    def _id(self, row: Row) -> str:
        key = self._key(row)
        if not key:
            self._problem(row, ID, "is empty")
        elif why := damage(key):
            self._problem(row, ID, why)
        elif row.line in self.once.doubtful:
            line = self.once.doubtful[row.line]
            self._problem(row, ID, f"{key!r} is on line {line} too, and says something else there")
        return key

    def _partner(self, row: Row, name: str) -> str | None:
        partner = self._by_name.get(name_key(name))
        if partner is None:
            self._problem(row, PARTNER, f"unknown partner {name!r}")
        elif partner == self._partners.programme.owner:
            self._problem(
                row, PARTNER, f"{name!r} is the programme's owner, which decides on deals and brings none"
            )
            return None
        return partner

    def _agreement(self, row: Row, partner: str) -> str | None:
        named = self._cell(row, AGREEMENT).casefold()
        own = self._agreements.get(partner, [])
        if named:
            line = self._partners.line_of(named) if named in self._partners.agreements else named
            if line not in own:
                self._problem(
                    row, AGREEMENT, f"{named!r} is not an agreement of {partner!r} under the programme"
                )
                return None
            return line
        if len(own) == 1:
            return own[0]
        why = (
            "is party to no agreement" if not own else f"is party to {', '.join(own)}: the row must say which"
        )
        self._problem(row, AGREEMENT if self._table.has(AGREEMENT) else PARTNER, f"{partner!r} {why}")
        return None

    def _currency(self, row: Row, target: Target | None) -> str | None:
        code = self._cell(row, CURRENCY) if self._table.has(CURRENCY) else self._config.currency or ""
        if not code and not self._cell(row, AMOUNT) and target != "won":
            return ""
        known = next((own for own in self._partners.currencies if own.casefold() == code.casefold()), None)
        if known is None:
            self._problem(row, CURRENCY, f"unknown currency {code!r}" if code else "is empty")
        return known

    def _value(self, row: Row, currency: str, target: Target | None) -> int | None:
        text = self._cell(row, AMOUNT)
        if not text and target != "won":
            return 0
        decimals, places = self._partners.currencies[currency].decimals, self._partners.places(currency)
        value = self._parsed(row, AMOUNT, lambda own: self._config.base_units(own, decimals, places))
        if value is not None and value < 0:
            self._problem(row, AMOUNT, f"{text!r} is negative")
        elif value == 0 and target == "won":
            self._problem(row, AMOUNT, "a won deal has a value")
        return value

    def _customer(self, row: Row) -> str | None:
        text = self._cell(row, CUSTOMER)
        if not text:
            self._problem(row, CUSTOMER, "is empty: without it nobody can tell whose customer it is")
            return None
        try:
            return identify(self._config.customer_kind, text, self._config.own_hosts)
        except ValueError as error:
            self._problem(row, CUSTOMER, str(error))
            return None

    def _territory(self, row: Row, agreement: str) -> str | None:
        if not self._table.has(TERRITORY):
            return ""
        territory = self._cell(row, TERRITORY)
        granted = self._partners.territories_of(agreement)
        if territory not in granted:
            shown = ", ".join(sorted(granted)) or "none"
            self._problem(
                row, TERRITORY, f"{territory!r} is not a territory of {agreement!r}, which has {shown}"
            )
            return None
        return territory

    def _accepts(self, agreement: str, currency: str) -> bool:
        return self._partners.takes(agreement, currency)

    def _cell(self, row: Row, column: str) -> str:
        return self._table.cell(row, column)

    def _parsed(self, row: Row, column: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        try:
            return parse(self._cell(row, column))
        except ValueError as error:
            self._problem(row, column, str(error))
            return None

    def _problem(self, row: Row, column: str, reason: str) -> None:
        self._found.problems.append(Problem(self._table.file, row.line, self._table.title(column), reason))

    def _skip(self, row: Row, why: str) -> None:
        self._found.passed[self._key(row)] = row.line, why
        self._found.skipped[why] = self._found.skipped.get(why, 0) + 1


def _agreements_by_partner(partners: PartnersFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, agreement in partners.agreements.items():
        line = partners.line_of(key)
        for party in agreement.parties if agreement.programme else ():
            if line not in found.setdefault(party, []):
                found[party].append(line)
    return found
