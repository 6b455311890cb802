"""Bodies of the drafts' operations."""

from typing import Annotated, Any

from eth_typing import ChecksumAddress
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.as_of import Answer
from api.drafts.examples import DRAFT_REQUEST, SIGNATURE_REQUEST, TERMS_SCHEMA
from api.drafts.parties import DraftState, PartyState
from ledger.chain import signatures
from ledger.terms import solidity

_LONGEST_SIGNATURE = 16_384
_WHOLE = {"type": "string", "pattern": "^[0-9]{1,78}$"}


def _solidity(kind: str) -> BeforeValidator:
    """What does not fit the Solidity type is an error of the field."""

    def parse(value: Any) -> Any:
        try:
            return solidity.parse(kind, value, "it")
        except solidity.ValueInvalid as error:
            reason = "address_invalid" if kind == "address" else "value_invalid"
            raise PydanticCustomError(reason, "{what}", {"what": error.what}) from error

    return BeforeValidator(parse)


def _signature(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError("it is not 0x and hexadecimal digits")
    if len(value) > 2 + 4 * _LONGEST_SIGNATURE:
        raise ValueError(f"it is longer than {_LONGEST_SIGNATURE:,} bytes")
    try:
        found = signatures.parse(value)
    except ValueError:
        raise ValueError("it is not 0x and hexadecimal digits, two for each byte") from None
    if len(found) > _LONGEST_SIGNATURE:
        raise ValueError(f"it is longer than {_LONGEST_SIGNATURE:,} bytes")
    return found


class DraftRequest(BaseModel):
    """Terms that are to be signed. Lists may come in any order; which is first means nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DRAFT_REQUEST]})

    terms: Annotated[
        Any,
        WithJsonSchema(TERMS_SCHEMA),
        Field(
            description="Weights are fractions of 10^18; times are unix seconds. Give a random `salt`: "
            "whoever posts exactly the same terms is given the same draft."
        ),
    ]


class SignatureRequest(BaseModel):
    """A signature over a party's `typed_data`, with the nonce and deadline that are in it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SIGNATURE_REQUEST]})

    account: Annotated[ChecksumAddress, _solidity("address"), WithJsonSchema({"type": "string"})]
    nonce: Annotated[int, _solidity("uint256"), WithJsonSchema(_WHOLE)]
    deadline: Annotated[
        int, _solidity("uint256"), WithJsonSchema(_WHOLE), Field(description="unix seconds, inclusive")
    ]
    signature: Annotated[
        bytes,
        BeforeValidator(_signature),
        WithJsonSchema({"type": "string", "pattern": "^\\s*(0[xX])?[0-9a-fA-F\\s]*$"}),
        Field(
            description="hexadecimal, as the wallet gives it: a key's, in 65 bytes or 64 (EIP-2098); or "
            "whatever a contract wallet accepts (ERC-1271), wrapped by ERC-6492 too once the wallet is on "
            "the chain"
        ),
    ]


class SentenceBody(BaseModel):
    """One thing that the terms say, in words."""

    topic: str
    text: str


class SummaryBody(BaseModel):
    """The terms in plain language."""

    title: str
    terms: list[SentenceBody]
    signing_does: list[str]
    signing_does_not: list[str]


class AuthorizationBody(BaseModel):
    """A signature that was checked; with all of them anyone can call `activate`."""

    nonce: str
    deadline: str
    signature: str


class PartyBody(BaseModel):
    """A party: whether it has accepted, and what it is offered to sign."""

    account: str
    name: str | None = Field(description="what the partner calls itself; no proof of who it is")
    wallet: str = Field(description="who signs for the account now")
    leaves: bool = Field(
        description="a party of the agreement that is amended, and of the amendment no more: it signs all "
        "the same"
    )
    state: PartyState = Field(
        description="`accepted`: by its own transaction; `expired`, `cancelled`, `wallet_changed`: signed, "
        "but the signature no longer counts, and it has to be given anew"
    )
    nonce: str
    deadline: str
    typed_data: dict[str, Any] = Field(description="what eth_signTypedData_v4 takes")
    authorization: AuthorizationBody | None


class ActivationBody(BaseModel):
    """How the agreement comes into force."""

    automatic: bool = Field(description="whether this server does it as soon as all have signed")
    transaction_hash: str | None = Field(
        description="that put it in force. null: not in force; or, of an active one, the mirror has not "
        "come to it yet, and the node does not say"
    )
    failure: str | None = Field(description="why the last try failed; null once it is in force")
    next: str | None = Field(description="what to do about the failure")


class FieldChangeBody(BaseModel):
    """A field in which an amendment differs from the agreement that it amends, in words where there are
    any.
    """

    label: str
    before: list[str]
    after: list[str]


class DraftBody(Answer):
    """A draft as it stands now."""

    id: str = Field(description="opens the draft: send it only to those who may read it")
    agreement: str = Field(description="id of the agreement: the hash over terms, chain and registry")
    chain_id: int
    registry: str = Field(description="address of the AgreementRegistry")
    page: str = Field(description="where people read and sign it")
    state: DraftState = Field(description="`ready`: all have accepted, and the chain does not know it yet")
    terms: dict[str, Any]
    summary: SummaryBody
    amends: str | None = Field(description="id of the agreement whose place it takes; null: none")
    changes: list[FieldChangeBody] = Field(description="what it changes against that agreement")
    parties: list[PartyBody]
    activation: ActivationBody


class ListedParty(BaseModel):
    """Whoever has to sign a draft."""

    account: str = Field(examples=["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"])
    name: str | None = Field(description="null: it has not registered")
    state: PartyState


class DraftSummary(BaseModel):
    """A draft that is not in force, and who is missing."""

    id: str
    page: str = Field(description="where its parties read and sign it")
    agreement: str = Field(description="the id that it has once it is in force")
    amends: str | None = Field(description="the agreement that it amends; null: it is a new one")
    created_at: int = Field(description="seconds since 1970")
    parties: list[ListedParty]
    missing: list[str] = Field(description="accounts whose signature it still takes")
    needs_you: bool = Field(description="whether your account is one of them")
    failure: str | None = Field(description="why it is not in force although all have signed")


class DraftList(BaseModel):
    """Drafts that wait, the newest first."""

    drafts: list[DraftSummary]
