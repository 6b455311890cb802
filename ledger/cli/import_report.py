"""What ``pledger import`` shows: problems, the plan in short, progress, and what is left for others."""

import sys
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ledger.intake.amounts import to_text
from ledger.intake.dates import moment_of
from ledger.intake.onboarding import Onboarded
from ledger.intake.prepare import ImportPlan
from ledger.intake.problems import IntakeRejected
from ledger.intake.sending import Sent

MOST_PROBLEMS = 50
_MOST_REFUNDS = 10


def print_problems(rejected: IntakeRejected) -> None:
    """Each problem on a line, the first 50 of them, then the sum."""
    for problem in rejected.problems[:MOST_PROBLEMS]:
        print(problem, file=sys.stderr)
    more = len(rejected.problems) - MOST_PROBLEMS
    if more > 0:
        print(f"… and {more} more", file=sys.stderr)
    print(f"error: {rejected.what}\n  {rejected.hint}", file=sys.stderr)


def print_onboarded(console: Console, outcome: Onboarded) -> None:
    """What was signed and what others must sign."""
    for line in outcome.done:
        console.print(f"  {line}")
    for line in outcome.missing:
        console.print(f"  not done: {line}")


def print_plan(console: Console, plan: ImportPlan) -> None:
    """The plan in short."""
    _print_deals(console, plan)
    _print_payments(console, plan)


def print_sent(console: Console, plan: ImportPlan, sent: Sent) -> None:
    """What was sent, and what another wallet has to sign."""
    actions, payments, refunds = (sent.rows.get(stage, 0) for stage in ("deals", "payments", "refunds"))
    console.print(f"Sent: {actions} actions on deals, {payments} payments, {refunds} refunds.")
    for stage, wallet in sent.unsigned.items():
        partner = next(key for key, own in plan.state.wallets.items() if own == wallet)
        console.print(
            f"Not sent: the {stage} of {wallet}; write them with --unsigned FILE --wallet {partner}."
        )


class ProgressBars:
    """One bar a stage, on a terminal; elsewhere a line for each quarter."""

    def __init__(self, console: Console, is_terminal: bool) -> None:
        self._console = console
        self._bars: dict[str, TaskID] = {}
        self._quarters: dict[str, int] = {}
        self._progress = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=console,
            )
            if is_terminal
            else None
        )

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def advance(self, stage: str, done: int, total: int) -> None:
        """Shows that so many of the stage's rows are done."""
        if self._progress is not None:
            if stage not in self._bars:
                self._bars[stage] = self._progress.add_task(stage, total=total)
            self._progress.update(self._bars[stage], completed=done)
            return
        quarter = 4 * done // max(total, 1)
        if quarter > self._quarters.get(stage, 0):
            self._quarters[stage] = quarter
            self._console.print(f"  {stage}: {done} of {total}")


def _print_deals(console: Console, plan: ImportPlan) -> None:
    if plan.reports.opportunities is None:
        return
    kinds = Counter[str](action.kind for action in plan.deals.actions)
    console.print(f"Deals: {len(plan.deal_state.goals)} in the report; to send: {_counted(kinds)}.")
    for why, count in plan.reports.opportunities.skipped.items():
        console.print(f"  passed over, {why}: {count}")
    standings = plan.deals.standings.values()
    reached = sum(own.status == "reached" for own in standings)
    console.print(f"  as the CRM says once that is sent: {reached}")
    waits = [own for own in standings if own.status in ("waits", "otherwise")]
    timed = [own for own in waits if own.until]
    if timed:
        first = min(own.until for own in timed)
        console.print(
            f"  wait for their time: {len(timed)}, the first until {moment_of(first)}; run again then"
        )
    reasons = Counter(own.why for own in waits if not own.until)
    for why, count in reasons.most_common():
        console.print(f"  {why}: {count}")
    signers = Counter(own.signer for own in standings if own.status == "to sign")
    for account, count in signers.items():
        console.print(f"  to be signed by {plan.partner_of(account)}: {count}")


def _print_payments(console: Console, plan: ImportPlan) -> None:
    billing = plan.reports.billing
    if billing is None or not plan.pays:
        return
    payments = plan.payments
    rows = sum(len(batch.rows) for batch in payments.batches)
    console.print(
        f"Payments: {rows} to pay in {len(payments.batches)} batches; paid before: {len(payments.paid)}."
    )
    for currency, total in payments.totals().items():
        decimals = plan.reports.partners.currencies[currency].decimals
        console.print(f"  {to_text(total, decimals)} {currency}")
    if payments.waiting:
        console.print(f"  wait: {len(payments.waiting)}, the first: {payments.waiting[0][1]}")
    if plan.reports.matched is not None and plan.reports.matched.skipped:
        console.print(f"  of no agreement, passed over: {plan.reports.matched.skipped}")
    if billing.skipped:
        console.print(f"  passed over: {_counted(Counter(billing.skipped))}")
    if billing.refunds:
        _print_refunds(console, billing.file, plan)


def _print_refunds(console: Console, file: str, plan: ImportPlan) -> None:
    refunds = plan.refunds
    rows = sum(len(taking.rows) for taking in refunds.takings)
    after = f"; once their payments are made: {len(refunds.follow)}" if refunds.follow else ""
    console.print(f"Refunds: {rows} to send; refunded before: {len(refunds.done)}{after}.")
    if refunds.refused:
        console.print(f"  not sent: {len(refunds.refused)}")
    for refused in refunds.refused[:_MOST_REFUNDS]:
        row = refused.row
        of = f" of {row.of}" if row.of else ""
        console.print(f"    {file}:{row.line}: {row.id}{of}: {refused.why}")
        if refused.paid is not None:
            payer = plan.account(plan.payer)
            reference = "0x" + refused.paid.invoice_ref.hex()
            console.print(f"      pledger payment clawback {reference} --payer {payer}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
