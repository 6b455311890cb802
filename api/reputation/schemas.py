"""What answers say of a score."""

from pydantic import BaseModel, Field

from api.as_of import Answer, AsOfBlock
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount
from ledger.reputation.dimensions import Question, Tag
from ledger.reputation.evidence import Kind
from ledger.reputation.flags import Suspicion


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
    points: str = Field(
        description="its part of the score: all events' points add up to the score", examples=["23.105"]
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
    points: str = Field(
        description="its part of the score: with those of all others and of the rulings exactly the score",
        examples=["103.25"],
    )


class Ruled(BaseModel):
    """What arbiters ruled for and against the partner, unsaturated and whoever the counterparty is."""

    positive: str = Field(description="what it adds to the evidence for", examples=["0"])
    negative: str = Field(description="what it adds to the evidence against", examples=["5"])
    points: str = Field(description="its part of the score", examples=["-220.5"])


class DimensionScore(BaseModel):
    """The answer to one question, from the part of the evidence that is about it."""

    name: Question
    tag: Tag = Field(
        description="unproven: less than one whole event counts; poor: as much against as for; mixed: more "
        "than a quarter as much; good"
    )
    score: int = Field(description="by the same formula, of this evidence alone", examples=[524])
    positive: str = Field(examples=["2.98"])
    negative: str = Field(examples=["0"])
    events: int = Field(examples=[10])


class Flagged(BaseModel):
    """Something for people to look at. It changes no score."""

    name: Suspicion = Field(
        description="few_counterparties: fewer than a fifth of the settled deals; reciprocity: half of them "
        "or more with partners that both brought it deals and took some; internal_trade: a fifth or more "
        "with itself or with accounts of the same owner"
    )
    part: int = Field(description="counterparties, or deals, that were seen", examples=[1])
    whole: int = Field(description="settled deals", examples=[10])


class Algorithm(BaseModel):
    """How the score was computed. Weights of evidence are decimal numbers."""

    version: str = Field(examples=["partnership-score/3"])
    configuration: dict[str, str] = Field(examples=[{"saturation": "3", "z_squared": "2.706"}])


class Reputation(Answer):
    """A partner's score, from 0 to 999, with everything needed to check it."""

    partner: NamedAccount
    viewpoint: NamedAccount | None = Field(description="as whom it is seen; null: as the consortium")
    score: int = Field(examples=[851])
    algorithm: Algorithm
    inputs_hash: Id = Field(
        description="SHA-256 of algorithm, day, configuration, trust and evidence: same hash, same score"
    )
    verified_partners: int = Field(
        description="how many partners were verified when the block's day began (UTC): trust starts with them"
    )
    notes: list[str] = Field(description="what to know before relying on the score")
    positive: str = Field(description="r: all evidence for the partner", examples=["15.5"])
    negative: str = Field(description="s: all evidence against the partner", examples=["0"])
    dimensions: list[DimensionScore]
    flags: list[Flagged] = Field(description="what people should look at; without effect on the score")
    counterparties: list[CounterpartyShare] = Field(
        description="those with the greatest effect first, 200 at most"
    )
    counterparties_in_all: int
    other_counterparties_points: str = Field(description="points of those that are not listed")
    rulings: Ruled
    unattributed: int = Field(
        description="the score, less the effects of all counterparties and of what arbiters ruled. An effect "
        "is what the score would lose without that one, the others in place: what several of them vouch for "
        "is lost with none of them, so that effects do not add up to the score",
        examples=[640],
    )
    events: list[Evidenced] = Field(description="the newest first, a page of them")
    events_in_all: int
    next_cursor: str | None


class Ranked(BaseModel):
    """A partner's place among all."""

    rank: int = Field(examples=[1])
    partner: NamedAccount
    score: int = Field(examples=[851])
    positive: str = Field(description="r: all evidence for the partner", examples=["15.5"])
    negative: str = Field(description="s: all evidence against the partner", examples=["0"])
    counterparties: int = Field(description="how many counterparties count for it", examples=[10])


class ReputationRanking(Answer):
    """All scores, the best first, a page of them."""

    algorithm: str = Field(examples=["partnership-score/3"])
    scores: list[Ranked]
    scores_in_all: int
    next_cursor: str | None


class ScoreAt(BaseModel):
    """The score at a time, from what had happened up to a block."""

    block: int = Field(description="the last block by then", examples=[182])
    timestamp: int = Field(description="seconds since 1970", examples=[1_763_776_799])
    score: int = Field(examples=[851])


class ReputationHistory(Answer):
    """A partner's score over time, the oldest first."""

    partner: NamedAccount
    history: list[ScoreAt]


class StepOfChange(BaseModel):
    """An event that came, or is gone, since the earlier block."""

    kind: Kind
    came: bool = Field(
        description="false: it counts no more, as when a settled deal's money went back or a review was "
        "revoked"
    )
    at: int = Field(description="when it happened, or which deadline passed, in seconds since 1970")
    counterparty: NamedAccount
    subject: Id = Field(description="the deal it is about", examples=[EXAMPLE_ID])
    effect: int = Field(description="what the score changed by with it, those before it in place")
    entry: EntryReference


class ReputationChange(Answer):
    """Why a score is another: `after` = `before` + `ageing` + effects of all events + `trust`, exactly."""

    since_block: AsOfBlock
    partner: NamedAccount
    before: int = Field(examples=[796])
    after: int = Field(examples=[851])
    ageing: int = Field(description="what the days did to the evidence there was", examples=[-3])
    events: list[StepOfChange] = Field(description="those with the greatest effect first, 200 at most")
    events_in_all: int
    other_events: int = Field(description="effect of the events that are not listed")
    trust: int = Field(
        description="what it did that counterparties are trusted more or less than before", examples=[0]
    )
