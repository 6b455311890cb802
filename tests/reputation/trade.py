"""Random histories of deals between few partners, so that much speaks for and against them."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import later_events
from histories import ACCOUNTS, TOKENS, History

from ledger.indexer.entries import Header
from ledger.reputation.rulings import BREACH
from ledger.terms.deals import State

DAY = 86_400
_LATER = (
    later_events.extend,
    later_events.review,
    later_events.review,
    later_events.review,
    later_events.revoke_review,
    later_events.refund,
    later_events.refund_in_dispute,
    later_events.dispute,
    later_events.dispute,
    later_events.rule,
    later_events.claw_back,
    later_events.approve_by_default,
    later_events.move,
)


class Trade(History):
    """Deals are won, paid for late or in time, disputed, reviewed and forgotten."""

    def __init__(self, dice: Random) -> None:
        super().__init__(dice, lambda number: number // 3 * 60 + number // 8 * DAY)
        self.sides: dict[bytes, tuple[bytes, bytes]] = {}
        self.deal_of: dict[bytes, bytes] = {}

    def _happen(self, header: Header) -> None:
        few = len(self.contracts.agreements) < 4
        begun: list[Callable[[Header], None]] = [self._create_programme, self._activate] if few else []
        known = [self._register, self._attest, self._revoke, self._commit, self._reveal, self._withdraw_deal]
        traded = [self._commit, self._reveal, *[self._decide] * 3, *[self._pay] * 3]
        if self.dice.random() < 0.35:
            self.dice.choice(_LATER)(self, header)
        else:
            self.dice.choice([*begun, *known, *traded])(header)

    def emit(self, header: Header, kind: str, event: str, **args: Any) -> None:
        """As it is, between those whom it is about."""
        now, pick = header.timestamp, self.dice.choice
        match event:
            case "PartnerAttested":
                args["expiresAt"] = now + pick((20, 60)) * DAY
            case "AgreementActivated":
                seconds = {f"{name}_seconds": pick((0, 4 * DAY)) for name in ("decision", "payment")}
                args["terms"] = replace(args["terms"], exclusivity_seconds=5 * DAY, **seconds)
            case "DealRegistered":
                self.sides[args["deal"]] = args["account"], args["programme"][:20]
                args["decideBy"] = now + 3 * DAY
            case "DealDecided":
                args["value"] = self.dice.randint(1, 60) if args["value"] else 0
                args["exclusiveUntil"] = now + 5 * DAY if args["exclusiveUntil"] else 0
            case "DealExtended":
                args["exclusiveUntil"] = now + 9 * DAY
            case "DealMoved":
                args["agreement"] = pick(self.contracts.agreements)
            case "PaymentReceived":
                args |= {"token": TOKENS[0], "maturesAt": now + pick((0, 2, 30)) * DAY}
                args["deal"], args["amount"] = self._traded(-1, args["invoiceRef"], args["deal"])
            case "PaymentsReceived":
                args |= {"token": TOKENS[0], "maturesAt": now + pick((0, 2, 30)) * DAY}
                args["invoices"] = [
                    (*self._traded(place, invoice_ref, deal), invoice_ref)
                    for place, (deal, _, invoice_ref) in zip((-2, -1), args["invoices"], strict=True)
                ]
            case "DealReviewed":
                args["reviewed"] = self.sides[args["deal"]][1]
            case "PaymentDisputed":
                args["by"] = pick(self.sides.get(self.deal_of.get(args["invoiceRef"], b""), ACCOUNTS))
            case "DisputeRuled":
                args |= {"by": pick(ACCOUNTS), "reason": pick((BREACH, bytes(32)))}
        super().emit(header, kind, event, **args)

    def _traded(self, place: int, invoice_ref: bytes, deal: bytes) -> tuple[bytes, int]:
        """Which deal a payment, the history's at this place, comes from, and its amount."""
        won = [each for each, (state, _) in self.contracts.deals.items() if state is State.WON]
        if self.sides:
            deal = self.deal_of[invoice_ref] = self.dice.choice(won or list(self.sides))
        payment, amount = self.contracts.payments[place], self.dice.randint(1, 40)
        payment[1], payment[4] = TOKENS[0], amount
        return deal, amount
