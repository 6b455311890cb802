"""Two payees who share what a customer pays, and any sequence of what can be done with the money."""

from collections.abc import Mapping, Sequence
from random import Random

from ledger_actions import dispute, mature, paid, pay_refund, payments_of, refund, rule, rule_clawback
from ledger_world import DAY, Agreement, Partner, World

from ledger.chain.reverts import Reverted
from ledger.rules.payment import Payment
from ledger.terms.agreement import Tranche
from ledger.terms.clauses import Clawback

WATERFALL = (Tranche(1_000), Tranche(10_000), Tranche())
ACTIONS = (
    "pay",
    "pay together",
    "wait",
    "refund",
    "dispute",
    "rule",
    "claw back",
    "claim",
    "distribute",
    "mature",
)
PARTS = {0: (1, 0.7, 0.5), 1: (0, 0.3, 0.5)}


class Sharing:
    """A vendor and an agency that share what a customer pays, and an arbiter; everything on one chain."""

    def __init__(self, world: World, parts: Mapping[int, Sequence[float]] = PARTS, **terms: object) -> None:
        self.world = world
        self.vendor, self.agency = world.partner("Vendor"), world.partner("Agency")
        self.arbiter, self.customer = world.partner("Arbiter"), world.partner("Customer")
        self.shares = {self.vendor: parts[0], self.agency: parts[1]}
        self.terms = {
            "tranches": WATERFALL,
            "hold_seconds": 2 * DAY,
            "clawback": Clawback.ALLOWED,
            "arbiter": self.arbiter.account,
        } | terms
        self.agreement = world.agreement([self.vendor, self.agency], self.shares, **self.terms)

    def pay(self, amount: int, agreement: Agreement | None = None) -> Payment:
        return paid(self.world, self.customer, agreement or self.agreement, amount)

    def pay_together(self, *amounts: int) -> list[Payment]:
        """Several invoices of the agreement in one call."""
        receipt = self.world.pay_batch(self.customer, {self.agreement: amounts})
        return payments_of(self.world, receipt)

    def wait(self, days: int) -> None:
        self.world.chain.increase_time(days * DAY)


def act(ours: Sharing, payments: list[Payment], dice: Random) -> None:
    """One action, as likely as not one that the contracts refuse."""
    world, agreement = ours.world, ours.agreement
    place = dice.randrange(len(payments))
    payment = payments[place]
    some = dice.randint(1, max(1, payment.left))
    try:
        match dice.choice(ACTIONS):
            case "pay":
                payments.append(ours.pay(dice.choice((1, 999, 3_000, 12_345))))
            case "pay together":
                payments += ours.pay_together(dice.choice((1, 999, 12_345)), 3_000, 2)
            case "wait":
                ours.wait(dice.randint(1, 3))
            case "refund":
                payments[place] = refund(world, ours.customer, payment, some)
            case "dispute":
                payments[place] = dispute(world, _payee(ours, dice), agreement, payment)
            case "rule":
                payments[place] = rule(world, ours.arbiter, agreement, payment, some)
                pay_refund(world, payments[place])
            case "claw back":
                payments[place] = rule_clawback(world, ours.arbiter, agreement, payment, some)
            case "claim":
                world.claim(_payee(ours, dice), agreement, period=_period(ours, dice))
            case "distribute":
                world.distribute(agreement, period=_period(ours, dice), most=dice.randint(0, 1))
            case "mature":
                mature(world, agreement, dice.randint(1, 3))
    except Reverted:
        pass  # nothing changed, on chain or here


def _payee(ours: Sharing, dice: Random) -> Partner:
    return dice.choice((ours.vendor, ours.agency))


def _period(ours: Sharing, dice: Random) -> int:
    """This one or the one before; 0 where there are none."""
    terms = ours.agreement.terms
    seconds = terms.tranches[0].period_seconds
    this = (ours.world.node.timestamp() - terms.valid_from) // seconds if seconds else 0
    return max(0, this - dice.randint(0, 1))
