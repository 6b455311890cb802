"""What answers say of balances."""

from pydantic import BaseModel, Field

from api.agreements.schemas import HeldDay
from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount


class PeriodLine(BaseModel):
    """A payee's standing in one period; in period 0 where the tranches have none."""

    period: int = Field(examples=[0])
    earned: Amount
    claimed: Amount
    claimable: Amount


class BalanceLine(BaseModel):
    """A payee's standing in one agreement and token."""

    agreement: Id = Field(examples=[EXAMPLE_ID])
    token: TokenFacts
    weights: list[str] = Field(
        description="the payee's share of each tranche, of 10^18", examples=[["300000000000000000"]]
    )
    received: Amount = Field(description="all that was paid in under the agreement")
    earned: Amount = Field(description="what of it the payee is entitled to")
    claimed: Amount = Field(description="what was paid out to the payee")
    claimable: Amount = Field(description="earned and not yet claimed")
    held: Amount = Field(description="what of all that was paid in is held: it earns nothing yet")
    held_until: list[HeldDay] = Field(description="by the second at which it is released")
    held_parts: list[HeldDay] | None = Field(
        description="the payee's own part of held_until, if nothing is refunded, disputed or ruled on "
        "before; null: not known, as debts to payers are served first"
    )
    disputed: Amount = Field(description="what of all that was paid in waits for a ruling")
    refunded: Amount = Field(description="what of all that was paid in is its payers' again")
    netted: Amount = Field(description="what of all that was paid in served debts to payers")
    periods: list[PeriodLine] = Field(description="what a claim for each period would pay")


class BalanceTotal(BaseModel):
    """A payee's standing in one token, over all agreements."""

    token: TokenFacts
    earned: Amount
    claimed: Amount
    claimable: Amount


class Balances(Answer):
    """A payee's balances by agreement and token. ``totals`` are over all of them, on whatever page."""

    partner: NamedAccount
    totals: list[BalanceTotal]
    balances: list[BalanceLine]
    next_cursor: str | None
