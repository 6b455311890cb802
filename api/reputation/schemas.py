"""What answers say of a score."""

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount
from ledger.reputation.evidence import Kind


class Evidenced(BaseModel):
    """An event that speaks for or against the partner, and what it does to the score."""

    kind: Kind
    at: int = Field(description="when it happened, or which deadline passed, in seconds since 1970")
    days: int = Field(description="its age in whole days")
    counterparty: NamedAccount
    subject: Id = Field(description="the deal it is about", examples=[EXAMPLE_ID])
    positive: str = Field(
        description="what is left of its weight for the partner", examples=["0.971531941153605868"]
    )
    negative: str = Field(description="what is left of its weight against the partner", examples=["0"])
    effect: int = Field(
        description="the score, less the score without this event; trust held fixed", examples=[7]
    )
    entry: EntryReference


class CounterpartyShare(BaseModel):
    """What is known through one counterparty, saturated, and weighed by how far it is trusted."""

    counterparty: NamedAccount
    trust: str = Field(description="ω, from 0 to 1: how much this counterparty counts", examples=["1"])
    events: int = Field(description="how many events are its", examples=[3])
    positive: str = Field(description="what it adds to the evidence for", examples=["1.896361676485673"])
    negative: str = Field(description="what it adds to the evidence against", examples=["0"])
    effect: int = Field(description="the score, less the score without this counterparty", examples=[88])


class Algorithm(BaseModel):
    """How the score was computed. Weights of evidence are decimal numbers."""

    version: str = Field(examples=["partnership-score/2"])
    configuration: dict[str, str] = Field(examples=[{"saturation": "3", "z_squared": "2.706"}])


class Reputation(Answer):
    """A partner's score, from 0 to 999, with everything needed to check it."""

    partner: NamedAccount
    score: int = Field(examples=[851])
    algorithm: Algorithm
    inputs_hash: Id = Field(
        description="SHA-256 of algorithm, configuration, time, trust and events: same hash, same score"
    )
    verified_partners: int = Field(description="how many accounts have a valid attestation and so can count")
    notes: list[str] = Field(description="what to know before relying on the score")
    positive: str = Field(description="r: all evidence for the partner", examples=["15.5"])
    negative: str = Field(description="s: all evidence against the partner", examples=["0"])
    counterparties: list[CounterpartyShare] = Field(
        description="those with the greatest effect first, 200 at most"
    )
    counterparties_in_all: int
    unattributed: int = Field(
        description="the score, less the effects of all counterparties and of what arbiters ruled. An effect "
        "is what the score would lose without that one, the others in place: what several of them vouch for "
        "is lost with none of them, so that effects do not add up to the score",
        examples=[640],
    )
    events: list[Evidenced] = Field(description="the newest first, a page of them")
    events_in_all: int
    next_cursor: str | None
