"""What an audit says."""

from enum import StrEnum

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.identifiers import Address, Head, Id
from ledger.terms.contracts import ContractName


class Agreement(StrEnum):
    """Whether the mirror is the chain's."""

    MATCH = "match"
    DIFFERENCE = "difference"
    UNVERIFIED = "unverified"
    """Nothing differs, and of some blocks nobody can tell where their entries stand."""


class JournalHead(BaseModel):
    """The newest entry of a journal."""

    seq: int = Field(description="its number; 0: there is none", examples=[312])
    head: Head


class FirstDifference(BaseModel):
    """The first entry at which the mirror is not the chain."""

    seq: int
    why: str


class JournalAudit(BaseModel):
    """A contract's journal here, and what the contract's own storage slot says at the same block."""

    contract: ContractName
    address: Address
    verdict: Agreement
    mirror: JournalHead
    chain: JournalHead
    recomputed_after: int = Field(
        description="entries with higher numbers were recomputed one by one; 0: all of them", examples=[0]
    )
    first_difference: FirstDifference | None


class MoneyAudit(BaseModel):
    """received = claimed + claimable + held + disputed + refunded + netted + carry, in every book."""

    verdict: Agreement
    books: int = Field(description="agreements and tokens that were ever paid in", examples=[5])
    replayed: bool = Field(
        description="whether the books were also made from the entries alone, and compared"
    )
    violation: str | None = Field(description="the first book that does not add up, and how")
    unlike: str | None = Field(
        description="the first book that the mirror adds up otherwise than its entries"
    )


class TokenAudit(BaseModel):
    """What the ledger contract owes of a token, and what it holds."""

    token: TokenFacts
    owed: Amount
    held: Amount | None = Field(description="null: the token does not say")
    covered: bool


class UnverifiedBlocks(BaseModel):
    """Blocks whose header, transactions or receipts cannot be hashed, for one reason."""

    why: str = Field(
        examples=["it has a transaction of type 0x6a, which this program does not know"],
    )
    blocks: int
    entries: int = Field(description="that they carry")
    first_block: int


class PlacesAudit(BaseModel):
    """Time, transaction and place of entries, which no journal binds, beside the roots in their headers."""

    blocks: int = Field(description="newest blocks with entries that were looked at")
    first_block: int = Field(description="the first of them: of earlier ones nothing was looked at; 0: none")
    last_block: int = Field(description="the last of them")
    entries: int = Field(description="that they carry")
    unverified: list[UnverifiedBlocks]


class LastFullAudit(BaseModel):
    """What `pledger audit` found last: of every entry, made anew, and of the places of all of them."""

    block_number: int = Field(description="as of which it was made, of the mirror as it was then")
    block_hash: Id
    made_at: int = Field(description="seconds since 1970, by its machine's clock", examples=[1_763_776_800])
    verdict: Agreement
    first_difference: str | None = Field(description="in words; null: there is none")
    entries: int | None = Field(
        description="whose places were compared, from the first on; null: none were, for a journal differed"
    )
    unverified_entries: int | None = Field(
        description="of those, entries of which it cannot be told where they stand"
    )


class PowersAudit(BaseModel):
    """Who may do what, as the mirrored events of the access manager make it, beside what that stores."""

    verdict: Agreement
    changes: int = Field(description="events of the access manager that were looked at", examples=[18])
    difference: str | None = Field(description="the first, in words")
    proved: str | None = Field(
        description="with `full=true`, how it is proved that none is missing",
        examples=["they make the root of the access manager's storage in the block's state"],
    )
    unproved: str | None = Field(description="with `full=true`, why that is not proved")


class Audit(Answer):
    """Whether the mirror agrees with the chain, entry by entry, and whether all money adds up."""

    verdict: Agreement
    first_difference: str | None = Field(description="in words; null: there is none")
    journals: list[JournalAudit]
    money: MoneyAudit
    powers: PowersAudit
    places: PlacesAudit | None = Field(
        description="null: not compared; with `full=true` of the newest 2,000 blocks that carry entries, by "
        "`pledger audit` of all"
    )
    last_full: LastFullAudit | None = Field(
        description="null: no full audit of it was kept yet, or the chain has gone back behind it"
    )
    tokens: list[TokenAudit] = Field(
        description="a token that falls short harms those paid in it and nobody else: it is shown, and does "
        "not change the verdict"
    )
