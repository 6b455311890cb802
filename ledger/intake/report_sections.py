"""How the two reports are read: the sections ``opportunities`` and ``billing`` of the partners file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from ledger.intake import profiles
from ledger.intake.amounts import NumberFormat, to_base_units
from ledger.intake.dates import DateFormat, form_named
from ledger.intake.row_kinds import Meaning
from ledger.intake.table import Layout, Separator
from ledger.intake.text_file import Encoding, encoding_named
from ledger.intake.values import Key, Strict

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


DatesStated = Annotated[DateFormat, BeforeValidator(lambda given: form_named(str(given)))]
EncodingStated = Annotated[Encoding, BeforeValidator(lambda given: encoding_named(str(given)))]
_SEPARATOR_WORDS = {"comma": ",", "semicolon": ";", "\t": "tab", "pipe": "|"}
SeparatorStated = Annotated[Separator, BeforeValidator(lambda given: _SEPARATOR_WORDS.get(str(given), given))]


class Report(Strict):
    """What is stated of every report's file: what can be read in two ways is not guessed.

    ``profile`` names a ready section, over which this one goes; ``separator`` and ``encoding`` are needed
    only where the file does not tell them.
    """

    PROFILES: ClassVar[Mapping[str, profiles.Section]]
    SECTION: ClassVar[str]

    dates: DatesStated
    numbers: NumberFormat | None = None
    separator: SeparatorStated | None = None
    encoding: EncodingStated | None = None

    @model_validator(mode="before")
    @classmethod
    def _over_its_profile(cls, given: object) -> object:
        return profiles.over_profile(cls.PROFILES, given)

    def base_units(self, text: str, decimals: int, places: int) -> int:
        """An amount of this report as ``to_base_units`` reads it. Raises ValueError with the reason."""
        return to_base_units(
            text,
            decimals,
            places=places,
            numbers=self.numbers,
            otherwise=f'state which, as {self.SECTION}.numbers: "1,234.56" or "1.234,56"',
        )

    def _layout(
        self,
        columns: Mapping[str, str | None],
        optional: frozenset[str],
        instead: Mapping[str, str] | None = None,
    ) -> Layout:
        return Layout(
            section=self.SECTION,
            columns={name: title for name, title in columns.items() if title is not None},
            optional=optional,
            instead=instead or {},
            separator=self.separator,
            encoding=self.encoding,
            profiles={
                name: frozenset(own["columns"].values()) - {own["columns"].get("charge")}
                for name, own in self.PROFILES.items()
            },
        )


class OpportunityColumns(Strict):
    """The report's headers. ``partner`` and ``customer`` say whose deal an opportunity is; ``agreement``
    where a partner has several; ``territory`` where the programme's rule has them.
    """

    partner: str = "Partner Account"
    customer: str
    agreement: str | None = None
    territory: str | None = None
    id: str = "Opportunity ID"
    stage: str = "Stage"
    amount: str = "Amount"
    currency: str = "Amount Currency"
    created: str = "Created Date"


class OpportunityReport(Report):
    """How to read the CRM's opportunity report."""

    PROFILES = profiles.OPPORTUNITIES
    SECTION = "opportunities"

    profile: Literal["salesforce", "salesforce-german", "salesforce-data-loader", "hubspot"] | None = None
    columns: OpportunityColumns
    customer_kind: Literal["lei", "register", "vat", "domain"]
    own_hosts: Annotated[list[str], Field(default_factory=list)]
    """Hosts with pages of many, whose own company is a customer where nothing but the host is written."""
    currency: str | None = None
    """Of every amount, where the report has no column of currencies (a CRM with one currency)."""
    stages: dict[str, Target] = STANDARD_STAGES
    conflicts: Literal["wait", "reject"] = "wait"
    """What the vendor does with a registration whose customer another one holds: leave it, or reject it."""

    def layout(self) -> Layout:
        """What the file is expected to look like."""
        optional = frozenset({"currency"} if self.currency is not None else ())
        instead = {"currency": "; if all amounts are in one currency, state opportunities.currency"}
        return self._layout(self.columns.model_dump(), optional, instead)


class BillingColumns(Strict):
    """The report's headers. ``opportunity`` and ``agreement`` say what a payment is for: the opportunity it
    comes from, or the agreement's key.

    ``charge`` is where a refund names the charge it returns, when its ``source`` does not.
    """

    opportunity: str | None = None
    agreement: str | None = None
    charge: str | None = None
    id: str = "id"
    type: str = "Type"
    source: str = "Source"
    amount: str = "Amount"
    fee: str = "Fee"
    net: str = "Net"
    currency: str = "Currency"
    created: str = "Created (UTC)"
    description: str = "Description"


class BillingReport(Report):
    """How to read the billing report.

    ``source`` names the billing account; it is part of every invoice reference.
    """

    PROFILES = profiles.BILLING
    SECTION = "billing"

    profile: Literal["stripe-balance", "stripe-itemized"] | None = None
    dates: DatesStated = "YYYY-MM-DD"
    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,79}$")]
    payer: Key
    amount: Literal["gross", "net"]
    columns: BillingColumns
    types: Annotated[dict[str, Meaning], Field(default_factory=dict)]
    """What rows of types mean that are not Stripe's, or not what they are there."""
    unmatched: Literal["error", "skip"] = "error"
    """What becomes of revenue that names neither opportunity nor agreement; ``skip`` where partners are
    not all.
    """

    def layout(self) -> Layout:
        """What the file is expected to look like. The description may be missing, and so may a column of
        charges that only the profile names.
        """
        profile = self.PROFILES[self.profile]["columns"] if self.profile is not None else {}
        of_profile = self.columns.charge == profile.get("charge")
        optional = frozenset({"charge", "description"} if of_profile else {"description"})
        layout = self._layout(self.columns.model_dump(), optional)
        stated = "description" in self.columns.model_fields_set
        return layout if stated else replace(layout, unstated=frozenset({"description"}))
