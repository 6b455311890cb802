"""The file of partners, programme, agreements and how the two reports map onto them: what ``pledger
import`` goes by.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from eth_typing import ChecksumAddress
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ledger.chain import solidity
from ledger.intake.dates import DateFormat
from ledger.intake.partners_check import faults
from ledger.intake.problems import reject_if_any
from ledger.intake.shares import to_weight
from ledger.intake.yaml_source import YamlSource

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""How partners and agreements are called in this file and in a report's columns."""

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


def _address(value: object) -> str:
    try:
        address: str = solidity.parse("address", value, "account")
    except solidity.ValueInvalid as error:
        raise ValueError(error.what.removeprefix("account ")) from error
    if address == solidity.ZERO_ADDRESS:
        raise ValueError("is the zero address")
    return address


def _bytes32(value: object) -> bytes:
    try:
        found: bytes = solidity.parse("bytes32", value, "value")
    except solidity.ValueInvalid as error:
        raise ValueError(error.what.removeprefix("value ")) from error
    return found


def _public_name(value: str) -> str:
    if not 1 <= len(value.encode()) <= 100:
        raise ValueError("must be 1 to 100 bytes of UTF-8")
    return value


def _uri(value: str) -> str:
    if len(value.encode()) > 300:
        raise ValueError("must be at most 300 bytes of UTF-8")
    return value


Address = Annotated[ChecksumAddress, BeforeValidator(_address)]
Bytes32 = Annotated[bytes, BeforeValidator(_bytes32)]
PublicName = Annotated[str, AfterValidator(_public_name)]
Uri = Annotated[str, AfterValidator(_uri)]
Weight = Annotated[int, BeforeValidator(to_weight)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Partner(_Strict):
    """A company: its public name, its account, and how the CRM spells it (by default, as its name)."""

    name: PublicName
    account: Address
    uri: Uri = ""
    crm_names: list[str] = []


class Programme(_Strict):
    """The programme whose deals the CRM report holds."""

    owner: Key
    number: Annotated[int, Field(ge=0, lt=2**96)]
    name: PublicName
    rule: Literal["first registered"] = "first registered"


class Currency(_Strict):
    """The token that stands for a report's currency: an address, or a name in the deployment file."""

    token: Annotated[str, StringConstraints(pattern=r"^(0x[0-9a-fA-F]{40}|[A-Za-z][A-Za-z0-9 ._-]{0,39})$")]
    decimals: Annotated[int, Field(ge=0, le=36)]


class Document(_Strict):
    """The contract document: its hash, and where it is."""

    hash: Bytes32
    uri: Uri = ""


class Agreement(_Strict):
    """Terms as people write them.

    ``shares`` are per cent (``"17.5%"``) that sum to 100, held as weights of 1e18.
    """

    parties: Annotated[list[Key], Field(min_length=1, max_length=100)]
    shares: Annotated[dict[Key, Weight], Field(min_length=1, max_length=1000)]
    currencies: Annotated[list[str], Field(min_length=1, max_length=16)]
    programme: bool = True
    decision_days: Days = 14
    exclusivity_days: Days = 90
    payment_days: Days = 30
    valid_from: date
    valid_until: date | None = None
    document: Document | None = None
    salt: Bytes32 = solidity.ZERO_BYTES32


class OpportunityColumns(_Strict):
    """Which columns say whose deal an opportunity is; ``agreement`` where a partner has several."""

    partner: str = "Partner Account"
    customer: str
    agreement: str | None = None


class OpportunityReport(_Strict):
    """How to read the CRM's opportunity report."""

    columns: OpportunityColumns
    customer_kind: Literal["lei", "register", "vat", "domain"]
    dates: DateFormat
    currency: str | None = None
    """Of every amount, where the report has no column ``Amount Currency`` (a CRM with one currency)."""
    stages: dict[str, Target] = STANDARD_STAGES
    conflicts: Literal["wait", "reject"] = "wait"
    """What the vendor does with a registration whose customer another one holds: leave it, or reject it."""


class BillingColumns(_Strict):
    """Which columns say what a payment is for: the opportunity it comes from, or the agreement's key.

    ``charge`` is where a refund names the charge it returns, when its ``Source`` does not.
    """

    opportunity: str | None = None
    agreement: str | None = None
    charge: str | None = None


class BillingReport(_Strict):
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


class PartnersFile(_Strict):
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


def read_partners_file(path: Path) -> PartnersFile:
    """Reads and checks the file. Raises IntakeRejected with every fault by line and path."""
    source = YamlSource(path)
    parsed = source.parse(PartnersFile)
    reject_if_any(source.problem(loc, reason) for loc, reason in faults(parsed))
    return parsed
