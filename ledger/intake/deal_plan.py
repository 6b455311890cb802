"""What to send so that the chain's deals stand as the CRM says: the registry's rules played through ahead.

Passes over the goals take each one step further as long as the registry would allow it, a key is at hand and
time permits; what remains is said with its reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ledger.intake.deals import (
    COMMITTED_AT_A_TIME,
    MAX_UNREVEALED,
    OPEN,
    OVER,
    Action,
    DealPlan,
    Goal,
    Programme,
    Registration,
    Standing,
)
from ledger.terms.clauses import AfterEnd
from ledger.terms.deals import REVEAL_SECONDS, Rule, State
from ledger.terms.ids import NO_AGREEMENT, DealId

_DECIDED = OVER | {State.WON}
_STAYS = frozenset({"registered", "approved"})
"""Targets of a deal that is approved and to stay so."""


def plan_deals(
    goals: Sequence[Goal],
    registrations: Iterable[tuple[bytes, Registration]],
    *,
    now: int,
    programme: Programme,
    can_sign: Callable[[str], bool],
    reject_held: bool,
    unsettled: Callable[[str], bool] = lambda _: False,
    unrevealed: Mapping[str, int] | None = None,
) -> DealPlan:
    """Plans the way to every goal.

    ``goals`` are in the order in which the deals came about, which becomes their order of priority.
    ``registrations`` pairs customers with what the registry has of them, and the goals' own unrevealed
    commitments. ``now`` is the time of the newest block, in seconds. ``unsettled``: whether an account may
    have deals of which the report would say more, if all of its rows could be used. ``unrevealed``: how many
    commitments of an account the registry counts, this plan's own unrevealed ones included.

    Few are committed to at a time, and revealed before others are: what a run that stops leaves behind
    lapses.
    """
    planner = _Planner(
        goals, registrations, now, programme, can_sign, reject_held, unsettled, unrevealed or {}
    )
    plan = DealPlan()
    progress = True
    while progress:
        progress = False
        planner.begin_pass()
        for goal in goals:
            step = planner.next_step(goal)
            if isinstance(step, Action) and not can_sign(step.account):
                step = Standing("to sign", f"{step.kind} is to be signed", signer=step.account)
            if isinstance(step, Action):
                planner.apply(goal, step)
                plan.actions.append(step)
                progress = True
            else:
                plan.standings[goal.opportunity] = step
    plan.deals = planner.own_deals()
    return plan


class _Planner:
    def __init__(
        self,
        goals: Sequence[Goal],
        registrations: Iterable[tuple[bytes, Registration]],
        now: int,
        programme: Programme,
        can_sign: Callable[[str], bool],
        reject_held: bool,
        unsettled: Callable[[str], bool],
        unrevealed: Mapping[str, int],
    ) -> None:
        self._can_sign, self._behind = can_sign, programme.won_behind
        self._now, self._programme, self._reject_held = now, programme, reject_held
        self._unsettled = unsettled
        self._vendor, self._rule = programme.vendor, programme.rule
        self._tagged_again: set[str] = set()
        self._of_customer: dict[bytes, dict[DealId, Registration]] = {}
        for customer, found in registrations:
            self._of_customer.setdefault(customer, {})[found.deal] = found
        self._last_priority = max(
            (found.priority for queue in self._of_customer.values() for found in queue.values()), default=0
        )
        self._siblings = _siblings(goals)
        self._unrevealed, self._in_this_pass = dict(unrevealed), 0
        self._adopted = self._adopt(goals)
        self._opportunity_of = {goal.deal: goal.opportunity for goal in goals if goal.deal is not None}
        self._opportunity_of.update({deal: opportunity for opportunity, deal in self._adopted.items()})
        self._own = {goal.opportunity: goal for goal in goals}
        self._target_of = {goal.opportunity: goal.target for goal in goals}

    def begin_pass(self) -> None:
        """So many may be committed to again."""
        self._in_this_pass = 0

    def next_step(self, goal: Goal) -> Action | Standing:
        """The next transaction towards a goal, or how it stands when there is none."""
        found = self._registration(goal)
        if goal.doubt and (found is None or found.state not in _DECIDED):
            return Standing("waits", goal.doubt)
        if found is None:
            return self._commit(goal)
        if found.state == State.COMMITTED:
            return self._reveal(goal, found)
        if goal.opportunity in self._tagged_again and found.state != State.WON:
            return Standing("waits", "it was tagged again; run again")
        if self._is_to_be_tagged(found):
            return Action("retag", goal.account, goal.opportunity, found.deal)
        if found.untagged:
            return Standing("otherwise", "it was not tagged again when the programme's key was replaced")
        is_behind = self._is_left_behind(found) and goal.opportunity not in self._tagged_again
        if is_behind and not goal.doubt and self._can_sign(self._vendor):
            return Action("retag won", self._vendor, goal.opportunity, found.deal)
        if found.state in OPEN:
            return self._decide(goal, found)
        if found.state == State.APPROVED:
            return self._close(goal, found)
        reached = {State.WON: "won", State.LOST: "lost"}.get(found.state)
        if reached == goal.target:
            return Standing("reached")
        if found.state == State.REJECTED and self._holder(found, goal) is not None:
            other = self._name(self._holder(found, goal))
            return Standing("otherwise", "rejected, because another deal holds the customer", other)
        return Standing("otherwise", f"{found.state.name.lower()} on chain, the CRM has it as {goal.target}")

    def apply(self, goal: Goal, action: Action) -> None:
        """Plays an action through."""
        queue = self._of_customer.setdefault(goal.customer, {})
        if action.kind == "commit":
            self._last_priority += 1
            self._in_this_pass += 1
            self._unrevealed[goal.account] = self._unrevealed.get(goal.account, 0) + 1
            queue[action.deal] = Registration(
                action.deal,
                goal.account,
                State.COMMITTED,
                self._now,
                self._last_priority,
                territory=goal.territory,
            )
            return
        if action.kind in ("retag", "retag won"):
            self._tagged_again.add(goal.opportunity)
            self._behind -= action.kind == "retag won"
            return
        if action.kind == "reveal":
            self._unrevealed[goal.account] = self._unrevealed.get(goal.account, 0) - 1
        state = {
            "reveal": State.REGISTERED,
            "approve": State.APPROVED,
            "reject": State.REJECTED,
            "won": State.WON,
            "lost": State.LOST,
        }[action.kind]
        found = queue[action.deal]
        until = self._now + goal.exclusivity_seconds if action.kind == "approve" else found.exclusive_until
        # A deal is won under the version that is in effect then: which one, the registry says.
        agreement = NO_AGREEMENT if action.kind == "won" else found.agreement
        queue[action.deal] = replace(found, state=state, exclusive_until=until, agreement=agreement)

    def own_deals(self) -> dict[str, Registration]:
        """The registration of each goal that has one."""
        found = ((opportunity, self._registration(goal)) for opportunity, goal in self._own.items())
        return {opportunity: deal for opportunity, deal in found if deal is not None}

    def _commit(self, goal: Goal) -> Action | Standing:
        elder = self._elder_in_the_way(goal)
        if elder is not None:
            return Standing("waits", "another deal of the partner has the customer", elder)
        if goal.deal is None:
            return Standing("to sign", "commit and reveal need the partner's import key", signer=goal.account)
        outside = self._outside_validity(goal)
        if outside is not None:
            return outside
        if self._unrevealed.get(goal.account, 0) >= MAX_UNREVEALED:
            why = f"the partner did not reveal {MAX_UNREVEALED} commitments of the last 30 days"
            return Standing("waits", why)
        if self._in_this_pass == COMMITTED_AT_A_TIME:
            return Standing("waits", "others are revealed first")
        return Action("commit", goal.account, goal.opportunity, goal.deal)

    def _reveal(self, goal: Goal, found: Registration) -> Action | Standing:
        own = [
            other
            for other in self._queue(goal)
            if other.account == goal.account and other.deal != found.deal and other.is_live(self._now)
        ]
        if own:
            return Standing("waits", "another deal of the partner has the customer", self._name(own[0]))
        return self._outside_validity(goal) or Action("reveal", goal.account, goal.opportunity, found.deal)

    def _decide(self, goal: Goal, found: Registration) -> Action | Standing:
        if goal.target == "registered":
            return Standing("reached")
        if self._is_over(goal, AfterEnd.FINISH):
            return Standing("otherwise", f"the agreement {goal.agreement} has ended")
        not_before = found.since + REVEAL_SECONDS + 1
        holder = self._holder(found, goal)
        if holder is not None:
            if self._reject_held and self._is_settled(holder) and self._now >= not_before:
                return Action("reject", self._vendor, goal.opportunity, found.deal)
            return Standing("waits", "another deal holds the customer", self._name(holder))
        earlier = self._earlier_open(found, goal)
        if earlier is not None:
            return Standing("waits", "an earlier deal is undecided", self._name(earlier))
        if self._now < not_before:
            return Standing("waits", "earlier commitments may still be revealed", until=not_before)
        return self._incomplete() or Action("approve", self._vendor, goal.opportunity, found.deal)

    def _incomplete(self) -> Standing | None:
        """Why nobody may be approved yet, or won whose exclusivity is over: an earlier deal may come in."""
        if self._rule is Rule.OPEN or self._programme.epoch <= 1:
            return None
        if self._now <= self._programme.grace_until:
            until = self._programme.grace_until + 1
            return Standing("waits", "deals of the epoch before may still be tagged again", until=until)
        if self._behind > 0:
            return Standing("waits", f"the vendor has yet to tag {self._behind} won deals again")
        return None

    def _close(self, goal: Goal, found: Registration) -> Action | Standing:
        if goal.target == "lost":
            return Action("lost", self._vendor, goal.opportunity, found.deal)
        if goal.target != "won":
            return Standing("reached")
        if self._is_over(goal, AfterEnd.WIN_APPROVED if found.holds(self._now) else AfterEnd.FINISH):
            return Standing("otherwise", f"the agreement {goal.agreement} has ended")
        other = self._holder(found, goal) or self._earlier_open(found, goal)
        if other is not None:
            return Standing("waits", "another deal has the customer", self._name(other))
        incomplete = None if found.holds(self._now) else self._incomplete()
        if incomplete is not None:
            return incomplete
        return Action("won", self._vendor, goal.opportunity, found.deal)

    def _registration(self, goal: Goal) -> Registration | None:
        queue = self._of_customer.get(goal.customer, {})
        deal = self._adopted.get(goal.opportunity, goal.deal)
        return queue.get(deal) if deal is not None else None

    def _adopt(self, goals: Sequence[Goal]) -> dict[str, DealId]:
        """Deals that a partner registered by other means: taken as the goal's where only one goal can be
        meant.
        """
        adopted: dict[str, DealId] = {}
        made_here = {goal.deal for goal in goals if goal.deal is not None}
        for (account, customer), own in self._siblings.items():
            queue = self._of_customer.get(customer, {})
            if len(own) != 1 or own[0].doubt or own[0].deal in queue:
                continue
            others = [
                found
                for found in queue.values()
                if found.account == account and found.deal not in made_here and not found.is_over()
            ]
            if others:
                adopted[own[0].opportunity] = min(others, key=lambda found: found.priority).deal
        return adopted

    def _queue(self, goal: Goal) -> list[Registration]:
        """The customer's registrations by priority; commitments that are not revealed are in nobody's way."""
        found = self._of_customer.get(goal.customer, {}).values()
        revealed = (deal for deal in found if deal.state != State.COMMITTED)
        return sorted(revealed, key=lambda deal: deal.priority)

    def _holder(self, found: Registration, goal: Goal) -> Registration | None:
        others = (
            other for other in self._queue(goal) if other.deal != found.deal and self._meet(other, found)
        )
        return next((other for other in others if other.holds(self._now)), None)

    def _earlier_open(self, found: Registration, goal: Goal) -> Registration | None:
        others = (
            other
            for other in self._queue(goal)
            if other.priority < found.priority and self._meet(other, found)
        )
        return next((other for other in others if other.is_open()), None)

    def _is_to_be_tagged(self, found: Registration) -> bool:
        """Whether its tag is of the key before, and there is still time to give it the newest's."""
        if (
            not found.epoch
            or found.epoch + 1 != self._programme.epoch
            or self._now > self._programme.grace_until
        ):
            return False
        return found.state in OPEN or found.state == State.APPROVED

    def _is_left_behind(self, found: Registration) -> bool:
        """Whether it is won and its tag of an earlier key: until its vendor tags it, nobody is approved."""
        if self._rule is Rule.OPEN or found.state != State.WON:
            return False
        return 0 < found.epoch < self._programme.epoch

    def _meet(self, one: Registration, other: Registration) -> bool:
        """Whether one registration of a customer can keep the other off, by the programme's rule."""
        if self._rule is Rule.OPEN:
            return False
        return self._rule is Rule.FIRST_REGISTERED or one.territory == other.territory

    def _elder_in_the_way(self, goal: Goal) -> str | None:
        """An older opportunity of the same partner and customer: one account has one live registration."""
        for elder in self._siblings[goal.account, goal.customer]:
            if elder.opportunity == goal.opportunity:
                break
            found = self._registration(elder)
            if found is None or found.state == State.COMMITTED or found.is_live(self._now):
                return elder.opportunity
        return next(
            (
                self._name(other)
                for other in self._queue(goal)
                if other.account == goal.account and other.is_live(self._now)
            ),
            None,
        )

    def _outside_validity(self, goal: Goal) -> Standing | None:
        if self._now < goal.valid_from:
            return Standing(
                "waits", f"the agreement {goal.agreement} is not yet valid", until=goal.valid_from
            )
        if self._now > goal.valid_until:
            return Standing("otherwise", f"the agreement {goal.agreement} has ended")
        return None

    def _is_over(self, goal: Goal, needed: int) -> bool:
        """Whether the agreement has ended, and its terms leave its deals less than ``needed``."""
        return self._now > goal.valid_until and goal.after_end < needed

    def _is_settled(self, holder: Registration) -> bool:
        """Whether the holder stands where the CRM has it, so that nothing more is to become of it."""
        opportunity = self._opportunity_of.get(holder.deal)
        if opportunity is None:
            return not self._unsettled(holder.account)
        return holder.state == State.WON or self._target_of[opportunity] in _STAYS

    def _name(self, found: Registration | None) -> str:
        if found is None:
            return "another deal"
        return self._opportunity_of.get(found.deal) or f"deal 0x{found.deal.hex()[:8]}…"


def _siblings(goals: Sequence[Goal]) -> Mapping[tuple[str, bytes], list[Goal]]:
    found: dict[tuple[str, bytes], list[Goal]] = {}
    for goal in goals:
        found.setdefault((goal.account, goal.customer), []).append(goal)
    return found
