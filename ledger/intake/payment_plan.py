"""Which invoices to pay, in which batches: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eth_utils.address import to_canonical_address

from ledger.intake.amounts import to_text
from ledger.intake.billing import Billing
from ledger.intake.chain_state import AgreementState, ChainState
from ledger.intake.deals import Registration, Standing
from ledger.intake.matching import Due, Matched
from ledger.intake.partners_file import PartnersFile
from ledger.intake.problems import Problem
from ledger.rules.payment import Payment
from ledger.terms.clauses import Clawback
from ledger.terms.deals import State
from ledger.terms.ids import NO_DEAL, AgreementId
from ledger.terms.payments import MAX_BATCH, Bundle, Invoice


@dataclass(frozen=True)
class Batch:
    """Up to 100 invoices in one token, paid in one transaction, all or none."""

    currency: str
    bundles: tuple[Bundle, ...]
    rows: tuple[Due, ...]

    @property
    def total(self) -> int:
        """In token base units."""
        return sum(due.amount for due in self.rows)


@dataclass
class PaymentPlan:
    """Batches in order; rows that are paid already, and rows that wait for their deal, each with its
    reason. ``again``: rows whose revenue was taken back, and is paid in again; ``less``: what was refunded
    of charges before they were paid in, by their ids, and is not paid in as it could not be taken back.
    """

    batches: list[Batch] = field(default_factory=list)
    paid: list[Due] = field(default_factory=list)
    waiting: list[tuple[Due, str]] = field(default_factory=list)
    again: list[Due] = field(default_factory=list)
    less: dict[str, Due] = field(default_factory=dict)

    def totals(self) -> dict[str, int]:
        """What is to be paid, by currency, in token base units."""
        totals: dict[str, int] = {}
        for batch in self.batches:
            totals[batch.currency] = totals.get(batch.currency, 0) + batch.total
        return totals


@dataclass(frozen=True)
class DealSide:
    """What payments need to know of the deals: each goal's registration once all is sent, and how it
    stands.
    """

    deals: Mapping[str, Registration]
    standings: Mapping[str, Standing]


def held_against(
    billing: Billing,
    matched: Matched,
    paid: Mapping[bytes, Payment],
    partners: PartnersFile,
    state: ChainState,
) -> Matched:
    """What is due, without rows that contradict what is on chain: another amount, agreement or token for an
    invoice that is paid, or an agreement that has ended for one that is not. Those are left out, and told.

    An amount may be less by what the report's rows take of it: that was refunded before it was paid in.
    """
    takes: dict[str, int] = {}
    for row in billing.refunds:
        if row.amount > 0:
            takes[row.of] = takes.get(row.of, 0) + row.amount
    held = replace(matched, due=[], left_out=dict(matched.left_out), problems=list(matched.problems))
    for due in matched.due:
        before = paid.get(due.invoice_ref)
        most = takes.get(due.row_id, 0)
        reason = _has_ended(due, state) if before is None else _differs(due, before, most, partners, state)
        if reason:
            column = partners.amount_column if before is not None else ""
            held.problems.append(Problem(billing.file, due.line, column, reason))
            held.left_out[due.row_id] = due.line
        else:
            held.due.append(due)
    return held


def plan_payments(
    matched: Matched,
    again: Sequence[Due],
    refunded: Mapping[str, int],
    paid: Mapping[bytes, Payment],
    side: DealSide,
    state: ChainState,
) -> PaymentPlan:
    """Sorts rows into what is paid, what waits and what to pay. ``again``: what is to be paid in again.

    ``refunded``: what was refunded of charges that are not paid yet, by their ids. Where nothing is held and
    nothing clawed back it could never be taken back, so that only the rest is paid in.
    """
    plan = PaymentPlan()
    to_pay: dict[str, list[Due]] = {}
    for due in (*matched.due, *again):
        if due.invoice_ref in paid:
            plan.paid.append(due)
        elif due.row_id in matched.unsure:
            line = matched.unsure[due.row_id]
            plan.waiting.append((due, f"line {line} is about the same charge, and cannot be used"))
        elif (why := _waits(due, side, state)) is not None:
            plan.waiting.append((due, why))
        else:
            terms = _version(due, side, state).terms
            off = (
                0 if terms.hold_seconds or terms.clawback & Clawback.ALLOWED else refunded.get(due.row_id, 0)
            )
            if off:
                plan.less[due.row_id] = replace(due, amount=off)
            if off < due.amount:
                to_pay.setdefault(due.currency, []).append(replace(due, amount=due.amount - off))
    plan.again = list(again)
    for currency, rows in to_pay.items():
        for start in range(0, len(rows), MAX_BATCH):
            chosen = tuple(rows[start : start + MAX_BATCH])
            plan.batches.append(Batch(currency, tuple(_bundles(chosen, side, state)), chosen))
    return plan


def _has_ended(due: Due, state: ChainState) -> str:
    """Of revenue that comes from no deal; a deal's own version says until when it can be paid."""
    current = state.agreements[state.current(due.agreement)]
    over = not due.opportunity and current.in_force and state.now > current.ends_at
    return f"the agreement {due.agreement!r} has ended" if over else ""


def _differs(due: Due, before: Payment, takes: int, partners: PartnersFile, state: ChainState) -> str:
    if before.token != to_canonical_address(state.token(due.currency)):
        return f"{due.row_id!r} was paid in the token 0x{before.token.hex()}"
    if not 0 <= due.amount - before.amount <= takes:
        decimals = partners.currencies[due.currency].decimals
        was, now = to_text(before.amount, decimals), to_text(due.amount, decimals)
        more = "; if a part was refunded before, export a longer period" if before.amount < due.amount else ""
        return f"{due.row_id!r} was paid with {was}, the row says {now}{more}"
    if before.agreement not in {state.agreements[key].id for key in state.versions(due.agreement)}:
        return f"{due.row_id!r} was paid under the agreement 0x{before.agreement.hex()}"
    return ""


def _waits(due: Due, side: DealSide, state: ChainState) -> str | None:
    if not state.agreements[due.agreement].in_force:
        return not_in_force(due.agreement)
    if (why := _has_ended(due, state)) != "":
        return why
    if state.now < _version(due, side, state).terms.valid_from:
        return f"the agreement {due.agreement} is not yet valid"
    if not due.opportunity:
        return None
    deal = side.deals.get(due.opportunity)
    if deal is not None and deal.state == State.WON:
        return None
    standing = side.standings.get(due.opportunity)
    why = standing.why if standing is not None and standing.why else "it is not won on chain"
    return f"its deal {due.opportunity}: {why}"


def not_in_force(agreement: str) -> str:
    """What is said of rows whose agreement is not signed by all."""
    return (
        f"the agreement {agreement!r} is not in force; --sign signs it with the keys at hand, the signing "
        "page with a wallet"
    )


def _bundles(rows: Sequence[Due], side: DealSide, state: ChainState) -> Iterator[Bundle]:
    by_agreement: dict[AgreementId, list[Invoice]] = {}
    for due in rows:
        deal = side.deals[due.opportunity].deal if due.opportunity else NO_DEAL
        invoice = Invoice(deal=deal, amount=due.amount, invoice_ref=due.invoice_ref)
        by_agreement.setdefault(_version(due, side, state).id, []).append(invoice)
    for agreement, invoices in by_agreement.items():
        yield Bundle(agreement, tuple(invoices))


def _version(due: Due, side: DealSide, state: ChainState) -> AgreementState:
    """The version that the payment is split by: a won deal's own, else the one in the line's place now."""
    deal = side.deals.get(due.opportunity) if due.opportunity else None
    key = state.key_of(deal.agreement) if deal is not None and deal.state == State.WON else None
    return state.agreements[key or state.current(due.agreement)]
