"""The billing report: CSV with the headers and forms that the partners file states, as Stripe exports it.

What a row means for the partners' money is in ``row_kinds``; rows that are nobody's revenue are passed over,
counted and added up. Nothing is converted from one currency to another.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

from ledger.intake.charge_names import ChargeNames, Named
from ledger.intake.crm_ids import opportunity_id, row_damage
from ledger.intake.dates import to_seconds
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.intake.repeated_rows import once
from ledger.intake.report_sections import BillingReport
from ledger.intake.row_kinds import MEANINGS, Meaning, type_of
from ledger.intake.table import Row, Table, read_table

ID, TYPE, SOURCE, CURRENCY, DESCRIPTION = "id", "type", "source", "currency", "description"
AMOUNT, FEE, NET, CREATED = "amount", "fee", "net", "created"
OPPORTUNITY, AGREEMENT, CHARGE = "opportunity", "agreement", "charge"
"""What the report's columns hold; their headers are in the partners file."""


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
    """A row that takes from a charge, by a refund or a chargeback; or that gives back to it, when that failed
    or the dispute was won.

    ``amount`` is what it takes, in base units, below zero when it gives back; ``shown`` is the amount as the
    report has it. ``of`` is the id of the charge's row, and ``why`` says why there is none when it is empty;
    ``kind`` is the row's type.
    """

    line: int
    id: str
    currency: str
    amount: int
    of: str
    why: str = ""
    kind: str = "refund"
    shown: str = ""


@dataclass
class Passed:
    """Rows that were passed over: how many, and their amounts by currency in base units. ``unread`` of them
    have none that can be read in a currency of the partners file. ``is_known``: whether their type is.
    """

    count: int = 0
    unread: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    is_known: bool = True

    def add(self, currency: str, amount: int) -> None:
        """One more; ``currency`` is empty where it is unknown, or the amount cannot be read."""
        self.count += 1
        if currency:
            self.sums[currency] = self.sums.get(currency, 0) + amount
        else:
            self.unread += 1


@dataclass
class Billing:
    """The report: charges by row id, refunds and the like, rows passed over by type, and everything wrong
    with it.

    ``nobodys``: lines of charges, by their ids, that name neither opportunity nor agreement, where those are
    to be passed over, and ``of_nobody`` what they come to. ``left_out``: the line of each charge that cannot
    be used, by its id. ``unsure``: charges about which a row is that cannot be used, and its line: what
    became of them is not known. ``repeated``: rows that were there before, word for word.
    """

    file: str
    charges: dict[str, Charge] = field(default_factory=dict)
    refunds: list[Refund] = field(default_factory=list)
    skipped: dict[str, Passed] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nobodys: dict[str, int] = field(default_factory=dict)
    of_nobody: Passed = field(default_factory=Passed)
    left_out: dict[str, int] = field(default_factory=dict)
    unsure: dict[str, int] = field(default_factory=dict)
    repeated: int = 0


def read_billing(path: Path, partners: PartnersFile, config: BillingReport) -> Billing:
    """Reads the report; what is wrong with rows is in ``problems``.

    Raises IntakeRejected when it is not such a report.
    """
    table = read_table(path, config.layout())
    found = Billing(table.file, problems=list(table.problems))
    _RowReader(table, partners, config, found).read()
    return found


class _Unusable(Exception):
    """A row is of no use; what is wrong with it has been told."""


class _RowReader:
    def __init__(self, table: Table, partners: PartnersFile, config: BillingReport, found: Billing) -> None:
        self._table, self._config, self._found = table, config, found
        self._currencies = {
            code.casefold(): (code, of.decimals, partners.places(code))
            for code, of in partners.currencies.items()
        }

        self._meanings = MEANINGS | {type_of(kind): meaning for kind, meaning in config.types.items()}

    def read(self) -> None:
        """Takes every row in: as a charge, as about a charge, as passed over, or as problems."""
        self._once = once(self._table.rows, self._id_of, self._words)
        self._found.repeated = self._once.repeated
        rows = self._once.rows
        revenue = [row for row in rows if self._meaning(row) == "revenue"]
        about = [row for row in rows if self._meaning(row) in ("takes", "gives back", "either", "")]
        # Charges that cannot be used have names too: else a refund of theirs could be taken for another's.
        named = "name it in a column, and state that as billing.columns.charge"
        if self._config.columns.charge is not None:
            named = f"name it in the column {self._config.columns.charge!r}"
        self._names = ChargeNames(((self._key(row), self._cell(row, SOURCE)) for row in revenue), named)
        for row in revenue:
            self._take_charge(row)
        # A failed refund names the refund, which names the charge: what takes comes first.
        for row in sorted(about, key=self._gives_back):
            self._take_change(row)
        self._found.refunds.sort(key=lambda change: change.line)
        for row in rows:
            if self._meaning(row) == "nobody's":
                self._pass_over(row)

    def _take_charge(self, row: Row) -> None:
        agreement = self._cell(row, AGREEMENT).casefold()
        opportunity = opportunity_id(self._cell(row, OPPORTUNITY))
        if not agreement and not opportunity and self._config.unmatched == "skip":
            self._found.nobodys[self._key(row)] = row.line
            self._found.of_nobody.add(*self._sum_of(row))
            return
        try:
            key, (currency, gross, net), created = self._id(row), self._money(row), self._created(row)
            if gross <= 0:
                self._fail(row, AMOUNT, f"a {self._cell(row, TYPE)} is more than zero")
            amount = gross if self._config.amount == "gross" else net
            if amount <= 0:
                self._fail(row, NET, "nothing is left after the fee")
        except _Unusable:
            self._found.left_out[self._key(row)] = row.line
            return
        source = self._cell(row, SOURCE)
        self._found.charges[key] = Charge(
            row.line, key, source, currency, amount, created, opportunity, agreement
        )

    def _take_change(self, row: Row) -> None:
        """A row that may take from a charge, or give back to it."""
        meaning = self._meaning(row)
        words = self._cell(row, CHARGE), self._cell(row, SOURCE), self._cell(row, DESCRIPTION)
        if meaning == "either" and not self._names.is_about_a_charge(*words):
            self._pass_over(row)
            return
        named = self._names.find(*words)
        try:
            if not self._cell(row, TYPE):
                self._fail(row, TYPE, "is empty")
            if meaning == "" and not named.charge:
                if self._cell(row, AGREEMENT) or self._cell(row, OPPORTUNITY):
                    what = "state what it is under billing.types, as the row names whose it is"
                    self._fail(row, TYPE, f"the type {self._cell(row, TYPE)!r} is not known: {what}")
                self._pass_over(row)
                return
            key = self._id(row)
            currency, amount = self._taken(row, named.charge)
        except _Unusable:
            if named.charge:
                self._found.unsure[named.charge] = row.line
            return
        kind = type_of(self._cell(row, TYPE))
        if meaning == "":
            self._found.unsure[named.charge] = row.line  # it may take all of it
            why = f"the type {kind!r} is not known, and it is about the charge {named.charge!r}"
            named = Named(why=f"{why}: state under billing.types what it does to it; it waits until then")
        elif amount > 0 and named.charge:
            self._names.add_refund(self._cell(row, SOURCE), named.charge)
        shown = f"{self._cell(row, AMOUNT)} {self._cell(row, CURRENCY)}"
        self._found.refunds.append(
            Refund(row.line, key, currency, amount, named.charge, named.why, kind, shown)
        )

    def _taken(self, row: Row, charge: str) -> tuple[str, int]:
        """The currency of a row about a charge, and what it takes from it: below zero, what it gives back.

        Of an amount in another currency than the charge's only the sign counts.
        """
        code, meaning = self._cell(row, CURRENCY), self._meaning(row)
        of = self._found.charges.get(charge)
        if of is not None and code.casefold() not in ("", of.currency.casefold(), *self._currencies):
            currency, gross = code, self._units(row, AMOUNT, 18, 18)
            net = gross
        else:
            currency, gross, net = self._money(row)
        if meaning == "takes" and gross >= 0:
            self._fail(row, AMOUNT, f"a {self._cell(row, TYPE)} is less than zero")
        if meaning == "gives back" and gross <= 0:
            self._fail(row, AMOUNT, f"a {self._cell(row, TYPE)} is more than zero")
        amount = gross if self._config.amount == "gross" else net
        if (amount < 0) != (gross < 0):
            self._fail(row, NET, "after the fee it is the other way round")
        return currency, -amount

    def _pass_over(self, row: Row) -> None:
        kind = type_of(self._cell(row, TYPE))
        passed = self._found.skipped.setdefault(kind, Passed(is_known=kind in self._meanings))
        passed.add(*self._sum_of(row))

    def _sum_of(self, row: Row) -> tuple[str, int]:
        """Currency and amount of a row that is of no further interest, as far as they can be read."""
        currency, decimals, places = self._currencies.get(self._cell(row, CURRENCY).casefold(), ("", 0, 0))
        try:
            return currency, self._config.base_units(self._cell(row, AMOUNT), decimals, places)
        except ValueError:
            return "", 0

    def _meaning(self, row: Row) -> Meaning | Literal[""]:
        """What its type means; empty when that is not known."""
        return self._meanings.get(type_of(self._cell(row, TYPE)), "")

    def _gives_back(self, row: Row) -> bool:
        return self._meaning(row) != "takes" and not self._cell(row, AMOUNT).startswith(("-", "\u2212", "("))

    def _key(self, row: Row) -> str:
        """What the row is called, also when it has no id."""
        return self._cell(row, ID) or f"line {row.line}"

    def _id_of(self, row: Row) -> str:
        """Its id, where that matters."""
        return self._cell(row, ID) if self._meaning(row) != "nobody's" else ""

    def _words(self, row: Row) -> list[str]:
        return [self._cell(row, column) for column in self._table.layout.columns if column != DESCRIPTION]

    def _id(self, row: Row) -> str:
        if not self._cell(row, ID):
            self._fail(row, ID, "is empty")
        if why := row_damage(self._cell(row, ID)):
            self._fail(row, ID, why)
        other = self._once.doubtful.get(row.line)
        if other is not None:
            self._fail(
                row, ID, f"{self._cell(row, ID)!r} is on line {other} too, and says something else there"
            )
        return self._cell(row, ID)

    def _money(self, row: Row) -> tuple[str, int, int]:
        code = self._cell(row, CURRENCY)
        known = self._currencies.get(code.casefold())
        if known is None:
            self._fail(row, CURRENCY, f"unknown currency {code!r}" if code else "is empty")
        currency, decimals, places = known
        amounts: list[int] = []
        for column in (AMOUNT, FEE, NET):
            with suppress(_Unusable):  # each of the three is told
                amounts.append(self._units(row, column, decimals, places))
        if len(amounts) < 3:
            raise _Unusable
        gross, fee, net = amounts
        if gross - fee != net:
            self._fail(row, NET, f"{self._cell(row, NET)} is not the amount less the fee")
        return currency, gross, net

    def _units(self, row: Row, column: str, decimals: int, places: int) -> int:
        try:
            return self._config.base_units(self._cell(row, column), decimals, places)
        except ValueError as error:
            self._fail(row, column, str(error))

    def _created(self, row: Row) -> int:
        try:
            return to_seconds(self._cell(row, CREATED), self._config.dates)
        except ValueError as error:
            self._fail(row, CREATED, str(error))

    def _cell(self, row: Row, column: str) -> str:
        return self._table.cell(row, column)

    def _problem(self, row: Row, column: str, reason: str) -> None:
        self._found.problems.append(Problem(self._table.file, row.line, self._table.title(column), reason))

    def _fail(self, row: Row, column: str, reason: str) -> NoReturn:
        self._problem(row, column, reason)
        raise _Unusable
