"""Deals as they should stand, as they stand, and the steps between."""

from dataclasses import dataclass, field
from typing import Literal

from ledger.intake.report_sections import Target
from ledger.terms.clauses import AfterEnd
from ledger.terms.deals import Rule, State
from ledger.terms.ids import NO_AGREEMENT, NO_CUSTOMER, AgreementId, CustomerId, DealId
from ledger.terms.solidity import ZERO_BYTES32

MAX_UNREVEALED = 100
"""As the registry has it: an account's unrevealed commitments, those that lapsed in 30 days included."""
COMMITTED_AT_A_TIME = 20
"""Of an account, before it reveals them: what lapses, should the run stop there, is no more than this."""
HELD = "EARLIER_DEAL"
"""Reason code of a rejection because another registration holds the customer."""

Kind = Literal["commit", "reveal", "approve", "reject", "won", "lost", "retag", "retag won"]
OVER = frozenset({State.REJECTED, State.LOST, State.WITHDRAWN})
OPEN = frozenset({State.REGISTERED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Goal:
    """A deal as it should stand.

    ``deal``: the id it has or will have; None when the partner's key is elsewhere. ``agreement`` is the line
    of amendments it belongs to, by the key of the first; ``territory`` is zero unless the programme's rule
    has them. ``doubt``: why nothing is to be done about its customer; empty when nothing speaks against it.
    """

    line: int
    opportunity: str
    partner: str
    account: str
    agreement: str
    customer: CustomerId
    target: Target
    value: int
    currency: str
    exclusivity_seconds: int
    valid_from: int
    valid_until: int
    deal: DealId | None
    territory: bytes = ZERO_BYTES32
    after_end: int = AfterEnd.FINISH
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """A deal as the registry has it: ``since`` is the commitment's time; ``exclusive_until`` is 0 until it is
    approved; ``epoch`` is that of its tag, 0 until it is revealed. ``untagged``: it was not tagged again in
    time when the programme's key was replaced, and is over.
    """

    deal: DealId
    account: str
    state: State
    since: int
    priority: int
    exclusive_until: int = 0
    territory: bytes = ZERO_BYTES32
    agreement: AgreementId = NO_AGREEMENT
    customer: CustomerId = NO_CUSTOMER
    epoch: int = 0
    untagged: bool = False

    def holds(self, now: int) -> bool:
        """Whether it keeps everybody else off the customer."""
        if self.state == State.WON:
            return True
        return self.state == State.APPROVED and now <= self.exclusive_until and not self.untagged

    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in OPEN and not self.untagged

    def is_over(self) -> bool:
        """Whether nothing can become of it any more."""
        return self.untagged or self.state in OVER

    def is_live(self, now: int) -> bool:
        """Whether it keeps later ones waiting."""
        return self.is_open() or self.holds(now)


@dataclass(frozen=True, slots=True)
class Action:
    """One transaction: ``account`` is who must send it."""

    kind: Kind
    account: str
    opportunity: str
    deal: DealId


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a goal is: reached, waiting (perhaps for a time), to be signed elsewhere, or decided otherwise.

    ``other`` is the deal in the way, by its opportunity; ``until`` in unix seconds.
    """

    status: Literal["reached", "waits", "to sign", "otherwise"]
    why: str = ""
    other: str = ""
    until: int = 0
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """What the planner goes by: the rule, who decides, the key epoch, and until when (unix seconds) deals of
    earlier epochs are tagged again. ``won_behind``: won deals that are not, while which nobody is approved.
    """

    vendor: str
    rule: Rule = Rule.FIRST_REGISTERED
    epoch: int = 1
    grace_until: int = 0
    won_behind: int = 0


@dataclass
class DealPlan:
    """Actions in the order in which they are valid, how each goal then stands, and each goal's deal."""

    actions: list[Action] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    deals: dict[str, Registration] = field(default_factory=dict)
