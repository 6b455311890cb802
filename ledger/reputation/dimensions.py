"""What a partner is good at, from the same evidence as its score: a part of it for each question."""

from dataclasses import dataclass, replace
from enum import StrEnum

from ledger.reputation.evidence import Alike, Kind
from ledger.reputation.score import Contribution, Record

_MIXED = 4
"""Against may be one part of so many of what is for, and the record is still good."""


class Question(StrEnum):
    """What is asked of a partner."""

    PAYS_ON_TIME = "pays_on_time"
    DECIDES_ON_TIME = "decides_on_time"
    DELIVERS = "delivers"
    CONDUCT = "conduct"


class Tag(StrEnum):
    """The answer in a word: ``unproven`` while all that counts is less than one whole event."""

    UNPROVEN = "unproven"
    GOOD = "good"
    MIXED = "mixed"
    POOR = "poor"


@dataclass(frozen=True)
class Dimension:
    """An answer: a score of this evidence alone, what is for and against (1e18), how many events."""

    question: Question
    tag: Tag
    score: int
    total: Contribution
    events: int


def dimensions(record: Record) -> list[Dimension]:
    """All four. A deal settled in time speaks for the owner's paying and deciding, and for the partner's
    delivering.
    """
    found = []
    for question in Question:
        alike = {each: count for each, count in record.alike.items() if question in _questions(each)}
        part = replace(record, alike=alike)
        found.append(Dimension(question, _tag(part), part.score, part.total, sum(alike.values())))
    return found


def _questions(alike: Alike) -> tuple[Question, ...]:
    match alike.kind:
        case Kind.SETTLED_ON_TIME if alike.as_owner:
            return Question.PAYS_ON_TIME, Question.DECIDES_ON_TIME
        case Kind.REVENUE_LATE:
            return (Question.PAYS_ON_TIME,)
        case Kind.DECISION_OVERDUE:
            return (Question.DECIDES_ON_TIME,)
        case Kind.SETTLED_ON_TIME | Kind.SETTLED_LATE | Kind.EXPIRED_WITHOUT_PROGRESS:
            return (Question.DELIVERS,)
        case _:
            return (Question.CONDUCT,)


def _tag(part: Record) -> Tag:
    whole, total = part.configuration.settled, part.total
    if total.positive + total.negative < whole:
        return Tag.UNPROVEN
    if total.negative >= total.positive:
        return Tag.POOR
    return Tag.MIXED if total.negative * _MIXED > total.positive else Tag.GOOD
