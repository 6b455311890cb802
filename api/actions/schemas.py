"""Bodies of the actions' operations."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.as_of import Answer
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID
from ledger.actions import Action, Role, Unit
from ledger.actions import Field as DeclaredField
from ledger.actions.calls import selector, takes_signature
from ledger.actions.structs import fixed_message
from ledger.chain.error_words import WORDS
from ledger.terms.contracts import REVENUE
from ledger.terms.solidity import to_json


class FieldBody(BaseModel):
    """One thing that an action is told."""

    name: str
    type: str = Field(
        description="Solidity's; structs are objects with the same members", examples=["address"]
    )
    unit: Unit
    words: str
    required: bool
    default: Any = Field(description="what it is when left out; null: nothing")

    @classmethod
    def of(cls, field: DeclaredField) -> "FieldBody":
        """As it is declared."""
        default = None if field.default is None else to_json(field.type, field.default)
        return cls(
            name=field.name,
            type=field.type,
            unit=field.unit,
            words=field.words,
            required=not field.optional,
            default=default,
        )


class FunctionBody(BaseModel):
    """A function of a contract by which it is done."""

    name: str = Field(examples=["claimToWithAuthorization"])
    selector: str = Field(examples=["0xb913914c"])
    by: Role = Field(description="who may call it")
    signed: bool = Field(description="whether it carries the actor's signature, so that anyone can send it")


class RefusalBody(BaseModel):
    """Why the contract may refuse it, or would now."""

    error: str = Field(description="the contract's error", examples=["NothingToClaim"])
    what: str
    next: str = Field(description="what to do about it; may be empty")


class DeclarationBody(BaseModel):
    """What somebody can do on the ledger."""

    name: str = Field(examples=["claim"])
    sentence: str = Field(description="what it does, with the fields' names where their values will be")
    by: Role = Field(description="who does it")
    actor: str | None = Field(description="the field that names who does it; null: nobody in particular")
    contract: str = Field(examples=[REVENUE])
    functions: list[FunctionBody] = Field(description="empty: it is a signature alone")
    struct: str | None = Field(description="what is signed (EIP-712); null: it takes a transaction")
    fixed: dict[str, Any] = Field(
        description="values of what is signed, or sent, that make it this act and no other",
        examples=[{"outcome": "3"}],
    )
    carried_by: list[str] = Field(description="actions that bring its signature along")
    fields: list[FieldBody]
    refusals: list[RefusalBody]

    @classmethod
    def of(cls, action: Action) -> "DeclarationBody":
        """As it is declared."""
        functions = [
            FunctionBody(
                name=way.function,
                selector="0x" + selector(action.contract, way.function).hex(),
                by=Role.ANYONE if takes_signature(action, way) else way.by or action.by,
                signed=takes_signature(action, way),
            )
            for way in action.ways
        ]
        return cls(
            name=action.name,
            sentence=action.sentence,
            by=action.by,
            actor=None if action.is_anyones else action.actor,
            contract=action.contract,
            functions=functions,
            struct=action.struct,
            fixed=fixed_message(action),
            carried_by=list(action.carried_by),
            fields=[FieldBody.of(field) for field in action.fields],
            refusals=[_refusal(error) for error in action.refusals],
        )


class DeclarationsBody(BaseModel):
    """Everything that somebody can do on the ledger."""

    actions: list[DeclarationBody]


class AuthorizationRequest(BaseModel):
    """A signature over the action's `typed_data`, with the nonce and deadline that are in it."""

    model_config = ConfigDict(extra="forbid")

    nonce: str = Field(pattern="^[0-9]{1,78}$", examples=["11529215046068469760"])
    deadline: str = Field(pattern="^[0-9]{1,78}$", description="unix seconds", examples=["1797033599"])
    signature: str = Field(pattern="^0[xX][0-9a-fA-F]{0,32768}$", examples=["0x" + "5b" * 65])


class ActionRequest(BaseModel):
    """The fields of an action. With an `authorization` the answer's transaction carries it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "fields": {
                        "account": EXAMPLE_ADDRESS,
                        "token": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                        "sources": [{"agreement": EXAMPLE_ID, "period": 0}],
                    }
                }
            ]
        },
    )

    fields: dict[str, Any]
    nonce: str | None = Field(
        default=None, pattern="^[0-9]{1,78}$", description="to sign; a random one when left out"
    )
    deadline: str | None = Field(
        default=None, pattern="^[0-9]{1,78}$", description="to sign, in unix seconds; a week when left out"
    )
    authorization: AuthorizationRequest | None = None


class TransactionBody(BaseModel):
    """A transaction that does it."""

    to: str
    function: str
    data: str
    value: str = Field(description="in wei", examples=["0"])
    sender: str | None = Field(description="who must send it; null: anyone can")


class ApprovalBody(BaseModel):
    """What a payer's token must allow first: by a permit that is signed too, or by a transaction."""

    token: str
    spender: str = Field(description="the ledger, which takes what is paid and no more")
    units: str = Field(description="token base units", examples=["1234560000"])
    permit: dict[str, Any] | None = Field(
        description="what eth_signTypedData_v4 takes (ERC-2612), whose signature goes into `fields.permit`; "
        "null: the token or the wallet has no permits, so that the transaction is needed"
    )
    transaction: TransactionBody


class ActionBody(Answer):
    """What an act would be, were it done now. Nothing was sent."""

    action: str
    sentence: str = Field(examples=["Withdraw 1,240.50 USDT owed to Agency (0x9965…a4dc), to 0x…"])
    actor: str | None = Field(description="the account that acts; null: nobody in particular")
    signer: str | None = Field(
        description="who must sign or send it: the account's wallet, its owner key, or the key itself; null: "
        "anyone, or the consortium"
    )
    transaction: TransactionBody | None = Field(description="null: it is a signature alone")
    typed_data: dict[str, Any] | None = Field(
        description="what eth_signTypedData_v4 takes instead of a transaction; null: it has no signed form"
    )
    refusals: list[RefusalBody] | None = Field(
        description="why the chain would refuse the transaction now; empty: it would not; null: not tried, "
        "for want of a transaction or of who sends it"
    )
    approval: ApprovalBody | None = Field(
        description="what the payer's token must allow before; null: nothing, or it is allowed already"
    )


def _refusal(error: str) -> RefusalBody:
    """In words for whichever values; an error's name may be that of several, of which the first is told."""
    said = next((words for name, words in WORDS.items() if name.partition("(")[0] == error), (error, ""))
    return RefusalBody(error=error, what=said[0].replace("{", "").replace("}", ""), next=said[1])
