"""Signing in as the API takes it, and the session as it answers with it."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.identifiers import EXAMPLE_ADDRESS, Address
from ledger.chain.signatures import parse
from ledger.people.access import Right, Role
from ledger.people.message import LONGEST, STATEMENT

_LONGEST_SIGNATURE = 32_768
_MESSAGE = (
    "ledger.example wants you to sign in with your Ethereum account:\n"
    f"{EXAMPLE_ADDRESS}\n\n{STATEMENT}\n\nURI: https://ledger.example\nVersion: 1\nChain ID: 31337\n"
    "Nonce: 006929a3c0d41d8cd98f00b204e9800998ecf8427e6f5902ac237024bdd0c176\n"
    "Issued At: 2026-11-28T13:30:56Z\nExpiration Time: 2026-11-28T13:40:56Z"
)


class ChallengeRequest(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")

    address: Address = Field(description="the wallet that will sign", examples=[EXAMPLE_ADDRESS])


class ChallengeBody(BaseModel):
    """The message to sign (personal_sign), and its parts for whoever writes it in another words."""

    message: str = Field(examples=[_MESSAGE])
    nonce: str = Field(
        description="good for once and for ten minutes",
        examples=["006929a3c0d41d8cd98f00b204e9800998ecf8427e6f5902ac237024bdd0c176"],
    )
    origin: str = Field(
        description="what domain and URI of the message are to be", examples=["https://ledger.example"]
    )
    chain_id: int = Field(examples=[31337])


class SignInRequest(BaseModel):
    """The message, signed."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(max_length=LONGEST, examples=[_MESSAGE])
    signature: str = Field(
        description="of the wallet that the message names: a key's, or a contract wallet's (ERC-1271), "
        "wrapped if it is not on the chain yet (ERC-6492)",
        max_length=_LONGEST_SIGNATURE,
        examples=["0x" + "5b" * 32 + "2c" * 32 + "1b"],
    )
    account: Address | None = Field(
        default=None,
        description="the account to act for; left out: the wallet's own, or the one that let it in",
        examples=[EXAMPLE_ADDRESS],
    )

    @field_validator("signature")
    @classmethod
    def _hexadecimal(cls, value: str) -> str:
        parse(value)
        return value


class AccountRequest(BaseModel):
    """Another account to act for."""

    model_config = ConfigDict(extra="forbid")

    account: Address = Field(examples=[EXAMPLE_ADDRESS])


class AccountBody(BaseModel):
    """An account that whoever has signed in acts for."""

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    name: str | None = Field(description="null: it has not registered", examples=["Northwind Agency"])
    role: Role = Field(examples=[Role.OWNER])


class SessionBody(BaseModel):
    """Who has signed in, and what they may do."""

    address: Address = Field(
        description="the wallet that signed; of a key that of its maker", examples=[EXAMPLE_ADDRESS]
    )
    account: Address = Field(description="whom they act for", examples=[EXAMPLE_ADDRESS])
    name: str | None = Field(description="null: it has not registered", examples=["Northwind Agency"])
    role: Role | None = Field(description="null: a key, which has scopes", examples=[Role.OWNER])
    key: str | None = Field(description="id of the key; null: a person", examples=["5b1f0c93a77e2d40"])
    rights: list[Right] = Field(examples=[[Right.DRAFTS_READ, Right.MEMBERS_READ]])
    expires_at: int = Field(description="seconds since 1970", examples=[1_796_131_856])
    accounts: list[AccountBody] = Field(description="all that the wallet acts for")
