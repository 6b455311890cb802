"""Which of the report's refunds and chargebacks to send, and why the others are not: pure.

The chain keeps no reference of a refund, only how much of a payment was refunded: the rows about a charge are
taken together, and what the chain does not have of their sum yet is sent. So nothing is refunded twice. Where
the chain has taken back more than they come to, because a refund failed or a dispute was won, the rows that
say so are paid in again, each as an invoice of its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledger.intake.billing import Refund
from ledger.intake.chain_state import ChainState
from ledger.intake.dates import moment_of
from ledger.intake.matching import Due, Matched
from ledger.rules.payment import Payment
from ledger.terms.clauses import Clawback

_MORE_ROWS = (
    "more of its charge was taken back on chain than the rows of this report take: export a longer period, "
    "with all rows about it"
)


@dataclass(frozen=True)
class Taking:
    """``amount`` of a held payment to be taken back by its payer, in base units; the rows that ask for it,
    none where those are another taking's already.
    """

    paid: Payment
    amount: int
    currency: str
    rows: tuple[Refund, ...]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be sent, and why. ``paid``: the payment it is about, where a clawback could still
    serve it;
    ``amount`` is what of it is then left to give back, in base units.
    """

    row: Refund
    why: str
    paid: Payment | None = None
    amount: int = 0


@dataclass(frozen=True)
class Account:
    """A charge and the rows about it.

    ``paid`` is its payment, None as long as there is none; ``again`` what was paid in again of it.
    """

    due: Due
    rows: tuple[Refund, ...]
    paid: Payment | None
    again: tuple[Payment, ...] = ()

    @property
    def asked(self) -> int:
        """What the rows come to: what they take less what they give back."""
        return sum(row.amount for row in self.rows)

    @property
    def wanted(self) -> int:
        """What is to be the payer's again: no more than was paid in, fees that are not returned included."""
        return min(max(self.asked, 0), self.due.amount)

    @property
    def taken(self) -> int:
        """What is the payer's again on chain, or was never paid in."""
        return self._taken_of_it - sum(own.left for own in self.again)

    @property
    def is_of_more_rows(self) -> bool:
        """Whether more was taken on chain than these rows take, so that others took of it, too."""
        taken = self._taken_of_it + sum(own.refunded for own in self.again)
        return taken > sum(row.amount for row in self.rows if row.amount > 0)

    @property
    def _taken_of_it(self) -> int:
        paid = self.paid
        return 0 if paid is None else self.due.amount - paid.amount + paid.refunded


@dataclass
class RefundPlan:
    """What to take back, rows that are refunded already, rows that follow once this run's payments are made,
    rows that other rows undo, and rows that cannot be sent, each with its reason.

    ``netted``: rows that are taken off what is paid in. ``capped``: accounts of which more was refunded than
    was paid in. ``passed``: rows about charges that are nobody's of the partners.
    """

    takings: list[Taking] = field(default_factory=list)
    done: list[Refund] = field(default_factory=list)
    follow: list[Refund] = field(default_factory=list)
    netted: list[Refund] = field(default_factory=list)
    undone: list[Refund] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    capped: list[Account] = field(default_factory=list)
    passed: list[Refund] = field(default_factory=list)


def open_accounts(
    refunds: Sequence[Refund], matched: Matched, paid: Mapping[bytes, Payment]
) -> tuple[list[Account], RefundPlan]:
    """The charges that rows are about, and the rows that are about none that is paid in."""
    plan = RefundPlan()
    dues = {due.row_id: due for due in matched.due}
    rows_of: dict[str, list[Refund]] = {}
    for row in refunds:
        if row.of in matched.passed:
            plan.passed.append(row)
        elif row.of in dues:
            rows_of.setdefault(row.of, []).append(row)
        elif row.of in matched.left_out:
            plan.refused.append(Refused(row, f"its charge, on line {matched.left_out[row.of]}, is left out"))
        else:
            plan.refused.append(Refused(row, row.why or "its charge is not in this report"))
    accounts = []
    for charge, rows in rows_of.items():
        due = dues[charge]
        usable = [row for row in rows if row.currency == due.currency]
        plan.refused += [
            Refused(row, f"it is in {row.currency}, and its charge in {due.currency}: nothing is converted")
            for row in rows
            if row.currency != due.currency
        ]
        why = _unsure(due, rows, usable, matched)
        if why:
            plan.refused += [Refused(row, why) for row in usable]
        elif usable:
            again = [paid.get(matched.again[row.id]) for row in usable if row.id in matched.again]
            account = Account(
                due,
                tuple(usable),
                paid.get(due.invoice_ref),
                tuple(own for own in again if own is not None),
            )
            if account.is_of_more_rows:
                plan.refused += [Refused(row, _MORE_ROWS) for row in usable]
            else:
                accounts.append(account)
    return accounts, plan


def refunded_before(accounts: Iterable[Account]) -> dict[str, int]:
    """What is to be the payer's again of charges that are not paid in yet, by their ids."""
    return {own.due.row_id: own.wanted for own in accounts if own.paid is None and own.wanted}


def _unsure(due: Due, rows: Iterable[Refund], usable: Iterable[Refund], matched: Matched) -> str:
    """Why what the rows come to is not known; empty when it is."""
    if due.row_id in matched.unsure:
        return f"line {matched.unsure[due.row_id]} is about the same charge, and cannot be used"
    if any(row.amount < 0 and row.currency != due.currency for row in rows):
        return "another row gives back of its charge, in another currency"
    if sum(row.amount for row in usable) < 0:
        return "more is given back of its charge than this report has taken from it: export a longer period"
    return ""


def paid_in_again(accounts: Iterable[Account], matched: Matched, paid: Mapping[bytes, Payment]) -> list[Due]:
    """Revenue that was taken back and is the partners' again: refunds that failed, disputes that were won.

    Each row that gives back is an invoice of its own, of its amount or of what there is to pay in again.
    """
    found = []
    for account in accounts:
        missing = account.taken - account.wanted
        for row in account.rows:
            reference = matched.again.get(row.id)
            if reference is None or reference in paid or missing <= 0:
                continue
            amount = min(-row.amount, missing)
            missing -= amount
            found.append(
                replace(account.due, line=row.line, row_id=row.id, invoice_ref=reference, amount=amount)
            )
    return found


def plan_refunds(
    plan: RefundPlan,
    accounts: Iterable[Account],
    to_be_paid: Collection[bytes],
    less: Collection[str],
    state: ChainState,
) -> RefundPlan:
    """Sorts the rows of the accounts into the plan. ``to_be_paid`` are references of invoices that this run
    pays; ``less``: ids of charges of which it pays so much less.
    """
    for account in accounts:
        due, rows, before = account.due, account.rows, account.paid
        if account.asked > due.amount:
            plan.capped.append(account)
        if not account.asked:
            plan.undone += rows
        elif due.row_id in less:
            plan.netted += rows
        elif before is None:
            follows = due.invoice_ref in to_be_paid
            plan.follow += rows if follows else []
            plan.refused += [] if follows else [Refused(row, "its charge is not paid yet") for row in rows]
        elif account.taken >= account.wanted:
            plan.done += rows
        else:
            _take(plan, account, before, state)
    return plan


def _take(plan: RefundPlan, account: Account, before: Payment, state: ChainState) -> None:
    """Takes back what is missing: from the charge's payment, then from what was paid in again of it."""
    missing = account.wanted - account.taken
    rows: tuple[Refund, ...] = account.rows
    for paid in (before, *account.again):
        amount = min(missing, paid.left)
        if not amount:
            continue
        missing -= amount
        why = _why_not(paid, state)
        if why is None:
            plan.takings.append(Taking(paid, amount, account.due.currency, rows))
        else:
            owing = paid if _can_be_owed(paid, state) else None
            plan.refused.append(Refused(account.rows[-1], why, owing, amount if owing else 0))
            plan.refused += [Refused(row, why) for row in rows[:-1]]
        rows = ()


def _can_be_owed(paid: Payment, state: ChainState) -> bool:
    """Whether its terms let what is released be clawed back."""
    key = state.key_of(paid.agreement)
    allowed = key is not None and bool(state.agreements[key].terms.clawback & Clawback.ALLOWED)
    return allowed and not paid.in_dispute and state.now >= paid.matures_at


def _why_not(paid: Payment, state: ChainState) -> str | None:
    if state.now < paid.matures_at:
        return None
    if paid.in_dispute:
        return "it is in dispute: the arbiter rules on it"
    key = state.key_of(paid.agreement)
    terms = state.agreements[key].terms if key is not None else None
    if terms is None or not terms.hold_seconds:
        over = "its agreement has no hold"
    else:
        over = f"its hold ended on {moment_of(paid.matures_at)}"
    if terms is not None and terms.clawback & Clawback.ALLOWED:
        return f"{over}; it takes a clawback: all payees' consent, or the arbiter's ruling"
    return f"{over}, and its terms allow no clawback"
