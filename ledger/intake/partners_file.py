"""The file of partners, programme, agreements and how the two reports map onto them: what ``pledger
import`` goes by.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.intake.agreement_section import Agreement
from ledger.intake.dates import DateFormat
from ledger.intake.partners_check import faults
from ledger.intake.problems import reject_if_any
from ledger.intake.values import Address, Key, PublicName, Strict, Uri
from ledger.intake.yaml_source import YamlSource

Target = Literal["registered", "approved", "won", "lost", "skipped"]
"""How far a CRM stage takes a deal."""

STANDARD_STAGES: dict[str, Target] = {
    "Prospecting": "registered",
    "Qualification": "registered",
    "Needs Analysis": "registered",
    "Value Proposition": "approved",
    "Id. Decision Makers": "approved",
    "Perception Analysis": "approved",
    "Proposal/Price Quote": "approved",
    "Negotiation/Review": "approved",
    "Closed Won": "won",
    "Closed Lost": "lost",
}
"""Salesforce's own opportunity stages."""


class Partner(Strict):
    """A company: its public name, its account, and how the CRM spells it (by default, as its name)."""

    name: PublicName
    account: Address
    uri: Uri = ""
    crm_names: Annotated[list[str], Field(default_factory=list)]


class Programme(Strict):
    """The programme whose deals the CRM report holds."""

    owner: Key
    number: Annotated[int, Field(ge=0, lt=2**96)]
    name: PublicName
    rule: Literal["first registered", "territory", "open"] = "first registered"


class Currency(Strict):
    """The token that stands for a report's currency: an address, or a name in the deployment file."""

    token: Annotated[str, StringConstraints(pattern=r"^(0x[0-9a-fA-F]{40}|[A-Za-z][A-Za-z0-9 ._-]{0,39})$")]
    decimals: Annotated[int, Field(ge=0, le=36)]


class OpportunityColumns(Strict):
    """Which columns say whose deal an opportunity is; ``agreement`` where a partner has several;
    ``territory`` where the programme's rule has them.
    """

    partner: str = "Partner Account"
    customer: str
    agreement: str | None = None
    territory: str | None = None


class OpportunityReport(Strict):
    """How to read the CRM's opportunity report."""

    columns: OpportunityColumns
    customer_kind: Literal["lei", "register", "vat", "domain"]
    dates: DateFormat
    currency: str | None = None
    """Of every amount, where the report has no column ``Amount Currency`` (a CRM with one currency)."""
    stages: dict[str, Target] = STANDARD_STAGES
    conflicts: Literal["wait", "reject"] = "wait"
    """What the vendor does with a registration whose customer another one holds: leave it, or reject it."""


class BillingColumns(Strict):
    """Which columns say what a payment is for: the opportunity it comes from, or the agreement's key.

    ``charge`` is where a refund names the charge it returns, when its ``Source`` does not.
    """

    opportunity: str | None = None
    agreement: str | None = None
    charge: str | None = None


class BillingReport(Strict):
    """How to read the billing report.

    ``source`` names the billing account; it is part of every invoice reference.
    """

    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,79}$")]
    payer: Key
    amount: Literal["gross", "net"]
    columns: BillingColumns
    unmatched: Literal["error", "skip"] = "error"
    """What becomes of revenue that names neither opportunity nor agreement; ``skip`` where partners are
    not all.
    """


class PartnersFile(Strict):
    """The whole file."""

    partners: Annotated[dict[Key, Partner], Field(min_length=1)]
    programme: Programme
    currencies: Annotated[dict[str, Currency], Field(min_length=1)]
    agreements: Annotated[dict[Key, Agreement], Field(min_length=1)]
    opportunities: OpportunityReport | None = None
    billing: BillingReport | None = None

    def currency(self, code: str) -> Currency | None:
        """The token of a report's currency code; case does not matter."""
        return next(
            (value for key, value in self.currencies.items() if key.casefold() == code.casefold()), None
        )

    def line_of(self, agreement: str) -> str:
        """The key of the first version in this agreement's line of amendments: itself when it amends none."""
        line = agreement
        while (amended := self.agreements[line].amends) is not None:
            line = amended
        return line

    def versions_of(self, line: str) -> list[str]:
        """The versions of a line, each after the one that it amends."""
        versions = [line]
        amended_by = {own.amends: key for key, own in self.agreements.items() if own.amends is not None}
        while versions[-1] in amended_by:
            versions.append(amended_by[versions[-1]])
        return versions

    def takes(self, line: str, currency: str) -> bool:
        """Whether some version of a line is paid in the currency."""
        codes = {
            code.casefold() for key in self.versions_of(line) for code in self.agreements[key].currencies
        }
        return currency.casefold() in codes

    def territories_of(self, line: str) -> set[str]:
        """The territories that some version of a line grants."""
        return {territory for key in self.versions_of(line) for territory in self.agreements[key].territories}


def read_partners_file(path: Path) -> PartnersFile:
    """Reads and checks the file. Raises IntakeRejected with every fault by line and path."""
    source = YamlSource(path)
    parsed = source.parse(PartnersFile)
    reject_if_any(source.problem(loc, reason) for loc, reason in faults(parsed))
    return parsed
