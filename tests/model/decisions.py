"""What the vendor decides on deals, and what both sides agree on (IDealDecisions, IDealEpochs)."""

from collections.abc import Sequence

from model.accounts import ZERO, By
from model.agreements import DAY, NO_ID
from model.deals import OPEN, REVEAL_SECONDS, UNDECIDED, Deal, Deals, State
from model.refusals import refuse

OUTCOMES = (State.APPROVED, State.RETURNED, State.REJECTED, State.WON, State.LOST)
WIN_APPROVED, FINISH = 1, 2


class Decisions:
    def __init__(self, deals: Deals) -> None:
        self.deals = deals

    def decide(
        self,
        now: int,
        by: By,
        vendor: str,
        deal: Deal,
        outcome: int,
        reason: bytes,
        value: int,
        token: str,
    ) -> None:
        deals, deal = self.deals, self.deals.all[deal.id]
        wrong = deals.accounts.wrong(by, vendor, deals.journal.address, now) | {
            "NotTheVendor": vendor != deal.vendor,
            "OutcomeInvalid": outcome not in OUTCOMES,
            "ReasonMissing": outcome in (State.RETURNED, State.REJECTED) and reason == NO_ID,
            "ValueInvalid": outcome != State.WON and (value != 0 or token != ZERO),
        }
        if deal.state is State.COMMITTED:
            refuse(wrong | {"WrongState": True})
        refuse(
            wrong | {"WrongState": not self._follows(deal, outcome, now)} | self._hindered(deal, outcome, now)
        )
        deals.accounts.spend(by, vendor, deals.journal.address)
        decide_by = now + deal.decide_by - deal.since if outcome == State.RETURNED and deal.decide_by else 0
        deal.state = State(outcome)
        if outcome == State.APPROVED:
            self._approve(deal, now)
        if outcome == State.RETURNED:
            deal.decide_by = decide_by
        if outcome == State.WON:
            self._move(deal, now)
        deals.journal.write(
            "DealDecided",
            deal=deal.id,
            vendor=vendor,
            outcome=outcome,
            reason=reason,
            value=value,
            token=token,
            exclusiveUntil=deal.exclusive_until if outcome == State.APPROVED else 0,
            decideBy=decide_by,
        )

    def withdraw(self, now: int, by: By, account: str, deal: Deal) -> None:
        deals, deal = self.deals, self.deals.all[deal.id]
        refuse(
            deals.accounts.wrong(by, account, deals.journal.address, now)
            | {
                "NotTheRegistrant": account != deal.account,
                "WrongState": deal.state not in (*UNDECIDED, State.APPROVED),
            }
        )
        deals.accounts.spend(by, account, deals.journal.address)
        deal.state = State.WITHDRAWN
        deals.journal.write("DealWithdrawn", deal=deal.id, account=account)

    def approve_by_default(self, now: int, caller: str, deal: Deal) -> None:
        """The vendor let the deadline pass."""
        deal = self.deals.all[deal.id]
        wrong = {
            "WrongState": deal.state not in UNDECIDED,
            "NotOverdue": deal.decide_by == 0 or now <= deal.decide_by,
        }
        if deal.state is State.COMMITTED:
            refuse(wrong)
        refuse(wrong | self._hindered(deal, State.APPROVED, now))
        deal.state = State.APPROVED
        self._approve(deal, now)
        self.deals.journal.write(
            "DealApprovedByDefault", deal=deal.id, by=caller, exclusiveUntil=deal.exclusive_until
        )

    def extend(self, now: int, deal: Deal, until: int, signed: Sequence[By]) -> None:
        """Longer exclusivity, with the consents of its account and its vendor."""
        deals, deal = self.deals, self.deals.all[deal.id]
        wrong = {
            "WrongState": deal.state is not State.APPROVED,
            "ExtensionInvalid": not max(now, deal.exclusive_until) < until <= now + 3650 * DAY,
        }
        for account, by in zip((deal.account, deal.vendor), signed, strict=True):
            each = deals.accounts.wrong(by, account, deals.journal.address, now)
            wrong = {name: wrong.get(name, False) or each.get(name, False) for name in {**wrong, **each}}
        if deal.state is State.COMMITTED:
            refuse(wrong)
        refuse(wrong | self._over(deal, State.APPROVED, now) | self._holds_not(deal, now))
        for account, by in zip((deal.account, deal.vendor), signed, strict=True):
            deals.accounts.spend(by, account, deals.journal.address)
        deal.exclusive_until = until
        deals.journal.write("DealExtended", deal=deal.id, exclusiveUntil=until)

    def retag(self, now: int, by: By, account: str, deal: Deal, tag: bytes) -> None:
        """Under the newest key, until the grace ends; won deals are tagged by `retag_won`."""
        deals, deal = self.deals, self.deals.all[deal.id]
        wrong = deals.accounts.wrong(by, account, deals.journal.address, now) | {
            "NotTheRegistrant": account != deal.account,
            "WrongState": deal.state not in (*UNDECIDED, State.APPROVED),
        }
        if deal.state is State.COMMITTED:
            refuse(wrong)
        programme = deals.programme_of(deal)
        in_time = deal.epoch == programme.epoch - 1 and now <= programme.grace_until
        refuse(wrong | {"RetagInvalid": not in_time})
        deals.accounts.spend(by, account, deals.journal.address)
        self._retag(now, account, deal, tag)
        refuse(deals.registered_twice(deal, now))

    def retag_won(self, now: int, by: By, vendor: str, retags: Sequence[tuple[Deal, bytes]]) -> None:
        """The vendor tags won deals again, at any time."""
        deals = self.deals
        for deal, tag in retags:
            deal = deals.all[deal.id]
            newest = deals.programme_of(deal).epoch if deal.programme != NO_ID else 0
            refuse(
                deals.accounts.wrong(by, vendor, deals.journal.address, now)
                | {
                    "NotTheVendor": vendor != deal.vendor,
                    "WrongState": deal.state is not State.WON,
                    "RetagInvalid": deal.epoch == newest,
                }
            )
            self._retag(now, vendor, deal, tag)
        deals.accounts.spend(by, vendor, deals.journal.address)

    def _retag(self, now: int, by: str, deal: Deal, tag: bytes) -> None:
        deal.epoch, deal.tag, deal.retagged = self.deals.programme_of(deal).epoch, tag, True
        rival = self.deals.rival(deal, now)
        self.deals.journal.write("DealRetagged", deal=deal.id, by=by, epoch=deal.epoch, tag=tag, rival=rival)

    # -- what hinders --

    def won_behind(self, programme: bytes) -> int:
        """Won deals of a programme that have yet to be tagged under its newest key."""
        found = self.deals.programmes.all[programme]
        return sum(
            deal.programme == programme and deal.state is State.WON and deal.epoch < found.epoch
            for deal in self.deals.all.values()
            if found.rule != OPEN
        )

    def _follows(self, deal: Deal, outcome: int, now: int) -> bool:
        contestable = deal.retagged and now <= self.deals.programme_of(deal).grace_until
        return {
            State.APPROVED: deal.state in UNDECIDED,
            State.RETURNED: deal.state is State.REGISTERED,
            State.REJECTED: deal.state in UNDECIDED or (deal.state is State.APPROVED and contestable),
            State.WON: deal.state is State.APPROVED,
            State.LOST: deal.state is State.APPROVED,
        }.get(State(outcome), False)

    def _hindered(self, deal: Deal, outcome: int, now: int) -> dict[str, bool]:
        """Only who is first is approved, and wins."""
        if outcome not in (State.APPROVED, State.WON):
            return {}
        over = self._over(deal, outcome, now)
        return over | (self._holds_not(deal, now) if outcome == State.WON else self._not_first(deal, now))

    def _holds_not(self, deal: Deal, now: int) -> dict[str, bool]:
        """An approved deal holds its customer while it is exclusive, or else must be first once more."""
        if now <= deal.exclusive_until:
            return {"NotTaggedAgain": self.deals.is_late(deal, now)}
        return self._not_first(deal, now)

    def _not_first(self, deal: Deal, now: int) -> dict[str, bool]:
        """Whoever may come before it has had the time to, and nobody has, or holds the customer."""
        deals = self.deals
        too_early = now <= deal.since + REVEAL_SECONDS
        if deal.rule == OPEN:
            return {"DecisionTooEarly": too_early}
        others = list(deals.others(deal, now))
        programme = deals.programme_of(deal)
        return {
            "NotTaggedAgain": deal.epoch < programme.epoch,
            "DecisionTooEarly": too_early or now <= programme.grace_until,
            "WonDealsBehind": self.won_behind(deal.programme) > 0,
            "EarlierDeal": any(deals.holds(each, now) or each.priority < deal.priority for each in others),
        }

    def _over(self, deal: Deal, outcome: int, now: int) -> dict[str, bool]:
        """An amendment is not an end; else the terms say what deals may still do."""
        agreements = self.deals.agreements
        version = agreements.versions[agreements.current_of(deal.agreement, now)]
        allowed = version.terms.after_end == FINISH or (
            version.terms.after_end == WIN_APPROVED and outcome == State.WON and now <= deal.exclusive_until
        )
        return {"AgreementOver": now > version.last_second and not allowed}

    def _approve(self, deal: Deal, now: int) -> None:
        deal.exclusive_until, deal.exclusivity_seconds = now + deal.exclusivity_seconds, 0

    def _move(self, deal: Deal, now: int) -> None:
        """The revenue of a won deal is split by the version that stands when it is won."""
        current = self.deals.agreements.current_of(deal.agreement, now)
        if current != deal.agreement:
            deal.agreement = current
            self.deals.journal.write("DealMoved", deal=deal.id, agreement=current)
