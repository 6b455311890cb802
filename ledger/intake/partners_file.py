"""The file of partners, programme, agreements and how the two reports map onto them: what ``pledger
import`` goes by.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.intake.agreement_section import Agreement
from ledger.intake.amounts import to_base_units
from ledger.intake.currencies import minor_units
from ledger.intake.report_sections import BillingReport, OpportunityReport
from ledger.intake.values import Address, Key, PublicName, Strict, Uri


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
    places: Annotated[int, Field(ge=0, le=36)] | None = None
    """How many decimals an amount may have, where that is neither ISO 4217's nor the token's."""


class PartnersFile(Strict):
    """The whole file."""

    partners: Annotated[dict[Key, Partner], Field(min_length=1)]
    programme: Programme
    currencies: Annotated[dict[str, Currency], Field(min_length=1)]
    agreements: Annotated[dict[Key, Agreement], Field(min_length=1)]
    opportunities: OpportunityReport | None = None
    billing: BillingReport | None = None
    strict: bool = False
    """Whether one row that cannot be used keeps all others from being imported."""

    def currency(self, code: str) -> Currency | None:
        """The token of a report's currency code; case does not matter."""
        return next(
            (value for key, value in self.currencies.items() if key.casefold() == code.casefold()), None
        )

    @property
    def amount_column(self) -> str:
        """The header of the billing report's amounts."""
        return "" if self.billing is None else self.billing.columns.amount

    def places(self, code: str) -> int:
        """How many decimals an amount in a currency of this file may have."""
        currency = self.currency(code)
        return 0 if currency is None else places_of(code, currency)

    def boundary(self, agreement: Agreement, text: str) -> int:
        """A tranche's ``up_to`` in base units of the agreement's currencies, which have the same decimals.

        Raises ValueError with the reason.
        """
        known = {code: own for code in agreement.currencies if (own := self.currency(code)) is not None}
        return to_base_units(
            text,
            min((own.decimals for own in known.values()), default=0),
            places=min((places_of(code, own) for code, own in known.items()), default=0),
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


def places_of(code: str, currency: Currency) -> int:
    """How many decimals an amount in a currency may have: as stated, as ISO 4217 has it, or the token's."""
    known = minor_units(code)
    stated = currency.places if currency.places is not None else known
    return currency.decimals if stated is None else min(stated, currency.decimals)
