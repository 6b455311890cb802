"""What ``pledger import`` shows: problems, the plan in short, progress, and what is left for others."""

import sys
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ledger.cli.money_report import print_money, sums
from ledger.intake.dates import moment_of
from ledger.intake.keys import Keyring
from ledger.intake.left_behind import LeftBehind
from ledger.intake.onboarding import Onboarded
from ledger.intake.prepare import ImportPlan
from ledger.intake.problems import IntakeRejected, Problem, counted, told
from ledger.intake.sending import Sent

MOST_PROBLEMS = 50
_MOST_LEFT_BEHIND = 5


def print_problems(rejected: IntakeRejected) -> None:
    """Each problem on a line, one cause of many on one, the first 50 lines; then the sum."""
    _print_told(rejected.problems)
    print(f"error: {rejected.what}\n  {rejected.hint}", file=sys.stderr)


def print_left_out(plan: ImportPlan) -> None:
    """Rows that are of no use, and why."""
    if not plan.left_out:
        return
    sys.stdout.flush()
    _print_told(plan.left_out)
    print(
        f"Left out: {counted(plan.left_out)}, as told above; all others are taken. Correct them, and run the "
        "same command again.",
        file=sys.stderr,
    )


def _print_told(problems: Sequence[Problem]) -> None:
    lines = list(told(problems))
    for line in lines[:MOST_PROBLEMS]:
        print(line, file=sys.stderr)
    more = len(lines) - MOST_PROBLEMS
    if more > 0:
        print(f"… and {more} more", file=sys.stderr)


def print_onboarded(console: Console, outcome: Onboarded) -> None:
    """What was signed and what others must sign."""
    if not outcome.done and not outcome.missing:
        console.print("Nothing to sign: all partners are registered, and all agreements in force.")
    for line in outcome.done:
        console.print(f"  {line}")
    for line in outcome.missing:
        console.print(f"  not done: {line}")


def print_plan(console: Console, plan: ImportPlan) -> None:
    """The plan in short."""
    _print_deals(console, plan)
    _print_left_behind(console, plan)
    print_money(console, plan)
    print_left_out(plan)


def sending_summary(plan: ImportPlan, keyring: Keyring) -> list[tuple[str, str]]:
    """What is about to be sent, for a person to say yes to; empty when the keys at hand can send nothing."""
    able = {account for account in plan.state.wallets.values() if keyring.signer(account) is not None}
    actions = sum(plan.wallet_of(action.account) in able for action in plan.deals.actions)
    lines = [("deals", f"{actions} actions")] if actions else []
    if plan.pays and plan.state.wallets[plan.payer] in able:
        rows = sum(len(batch.rows) for batch in plan.payments.batches)
        lines += [("pays", f"{rows} invoices, {sums(plan, plan.payments.totals())} in all")] if rows else []
        taken: dict[str, int] = {}
        for taking in plan.refunds.takings:
            taken[taking.currency] = taken.get(taking.currency, 0) + taking.amount
        lines += [("back", f"takes back {sums(plan, taken)}")] if taken else []
        follow = len(plan.refunds.follow)
        lines += [("then", f"takes back {follow} refunds of what it has just paid")] if follow else []
    return [*lines, ("chain", str(plan.state.deployment.chain_id))] if lines else []


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
    if plan.deal_state.missed:
        console.print(
            "  committed to before and not revealed within an hour, or not tagged again in time, and "
            f"registered anew: {len(plan.deal_state.missed)}"
        )
    reasons = Counter(own.why for own in waits if not own.until)
    for why, count in reasons.most_common():
        console.print(f"  {why}: {count}")
    signers = Counter(own.signer for own in standings if own.status == "to sign")
    for account, count in signers.items():
        console.print(f"  to be signed by {plan.partner_of(account)}: {count}")


def _print_left_behind(console: Console, plan: ImportPlan) -> None:
    """Deals that keep a customer from others, and that no row stands for any more."""
    if plan.leftovers.unknown:
        console.print(f"  which deals were left behind cannot be told for sure: {plan.leftovers.unknown}")
    report = plan.reports.opportunities
    if not plan.leftovers.deals or report is None:
        return
    moved = [own for own in plan.leftovers.deals if own.opportunity]
    others = [own for own in plan.leftovers.deals if not own.opportunity]
    for own in moved:
        console.print(
            f"  {own.opportunity} now names another customer or agreement, or is passed over. The deal that "
            f"it left behind, 0x{own.deal.hex()}, is still {own.state.name.lower()}, and keeps others from "
            "its customer; its partner can withdraw it:"
        )
        console.print(f"    {_withdrawal(own)}")
    if others:
        console.print(
            f"  registered, and in no row of {report.file}: {len(others)} (it may be of a shorter period). A "
            "partner whose deal is no longer real withdraws it:"
        )
    for own in others[:_MOST_LEFT_BEHIND]:
        console.print(f"    {_withdrawal(own)}")
    if len(others) > _MOST_LEFT_BEHIND:
        console.print(f"    … and {len(others) - _MOST_LEFT_BEHIND} more, which --plan FILE lists")


def _withdrawal(own: LeftBehind) -> str:
    return f"pledger deal withdraw 0x{own.deal.hex()} --for {own.account}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
