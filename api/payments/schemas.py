"""What answers say of payments. Times in seconds since 1970."""

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id
from api.partner_names import NamedAccount
from ledger.rules.payment import CauseCode, Change, PaymentStatus


class PaymentChange(BaseModel):
    """One thing that became of a payment, and the entry that says so."""

    change: Change
    at: int
    amount: Amount = Field(
        description="taken back, disputed, ruled to be the payer's, owed to it, or paid out to it"
    )
    by: NamedAccount | None = Field(
        description="the party that disputed, or the arbiter; null: the payer, all payees, or anyone"
    )
    reason: str | None = Field(description="reason code", examples=["NOT_DELIVERED"])
    recipient: Address | None = Field(
        description="wallet that tokens went to; null: none went out", examples=[EXAMPLE_ADDRESS]
    )
    entry: EntryReference


class Because(BaseModel):
    """Why a payment has its status."""

    code: CauseCode = Field(description="HOLD: until matures_at", examples=["HOLD"])
    reason: str | None = Field(description="reason code of the dispute or ruling", examples=["NOT_DELIVERED"])
    entry: EntryReference = Field(description="the entry that caused it")


class PaymentBody(BaseModel):
    """Revenue recorded against an invoice."""

    agreement: Id = Field(examples=[EXAMPLE_ID])
    payer: NamedAccount = Field(description="the account whose wallet paid")
    wallet: Address = Field(description="the wallet that paid", examples=[EXAMPLE_ADDRESS])
    invoice_ref: Id = Field(description="the payer's own reference, blinded", examples=[EXAMPLE_ID])
    deal: Id | None = Field(description="the won deal it comes from; null: none")
    token: TokenFacts
    amount: Amount
    paid_at: int
    matures_at: int = Field(description="when it is released: the payment's own time where there is no hold")
    status: PaymentStatus = Field(description="of what is left of it; refunded: nothing is")
    refunded: Amount = Field(description="the payer's again: taken back in the hold, or by a ruling")
    disputed: Amount = Field(
        description="what waits for a ruling; its payer can take it back until matures_at"
    )
    clawed_back: Amount = Field(description="refunded after the hold: owed out of later revenue")
    rule_by: int | None = Field(description="from when on anyone can have the dispute dropped; null: none")
    because: Because
    changes: list[PaymentChange] = Field(description="in the order of the journal")
    entry: EntryReference


class PaymentList(Answer):
    """An agreement's payments, the newest first."""

    payments: list[PaymentBody]
    next_cursor: str | None


class DebtBody(BaseModel):
    """What an agreement owes a payer for a refund after the hold; debts are served in their order."""

    debt: int = Field(description="its number in this agreement and token, from 1", examples=[1])
    token: TokenFacts
    payer: NamedAccount
    wallet: Address = Field(description="the wallet that had paid", examples=[EXAMPLE_ADDRESS])
    invoice_ref: Id = Field(examples=[EXAMPLE_ID])
    by: NamedAccount | None = Field(description="the arbiter; null: all payees consented")
    reason: str | None = Field(description="the ruling's reason code", examples=["NOT_DELIVERED"])
    amount: Amount
    served: Amount = Field(description="what revenue has netted of it")
    paid: Amount = Field(description="what of that went out to the payer")
    payable: Amount = Field(description="what anyone can have paid out to it now")
    at: int
    entry: EntryReference


class DebtList(Answer):
    """An agreement's debts by token and number."""

    debts: list[DebtBody]
    next_cursor: str | None
