"""What ``pledger import`` shows of money: in short, and by line where something is not done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console

from ledger.intake.amounts import to_text
from ledger.intake.billing import Passed
from ledger.intake.matching import Due
from ledger.intake.prepare import ImportPlan
from ledger.intake.refund_plan import Refused

_MOST_LINES = 50
_MOST_WAITING = 5


def print_money(console: Console, plan: ImportPlan) -> None:
    """Payments, refunds, and what is passed over with its sum."""
    billing = plan.reports.billing
    if billing is None or not plan.pays:
        return
    payments = plan.payments
    rows = sum(len(batch.rows) for batch in payments.batches)
    console.print(
        f"Payments: {rows} to pay in {len(payments.batches)} batches; paid before: {len(payments.paid)}."
    )
    if payments.totals():
        console.print(f"  {sums(plan, payments.totals())}")
    if payments.again:
        total = sums(plan, _added_up(payments.again))
        console.print(f"  of refunds that failed and disputes that were won, paid in again: {total}")
    if payments.less:
        total = sums(plan, _added_up(payments.less.values()))
        console.print(
            f"  less what was refunded before it was paid in, as it could not be taken back: {total} of "
            f"{len(payments.less)} charges"
        )
    if payments.waiting:
        console.print(f"  wait: {len(payments.waiting)}")
        reasons = Counter(why for _, why in payments.waiting)
        for why, count in reasons.most_common(_MOST_WAITING):
            console.print(f"    {count}: {why}")
    if billing.repeated:
        console.print(f"  there twice, word for word, and taken once: {billing.repeated}")
    _print_passed(console, plan)
    if billing.refunds:
        _print_refunds(console, billing.file, plan)


def _print_passed(console: Console, plan: ImportPlan) -> None:
    """Rows that are nobody's of the partners."""
    billing, matched = plan.reports.billing, plan.reports.matched
    for why, passed in (matched.skipped if matched is not None else {}).items():
        console.print(f"  {why}, passed over: {_passed(plan, passed)}")
    known = {kind: passed for kind, passed in (billing.skipped if billing else {}).items() if passed.is_known}
    if known:
        shown = ", ".join(f"{kind} {_passed(plan, passed)}" for kind, passed in known.items())
        console.print(f"  passed over: {shown}")
    for kind, passed in (billing.skipped if billing else {}).items():
        if not passed.is_known:
            console.print(
                f"  passed over: {kind!r} {_passed(plan, passed)}: this type is not known; look whether "
                "it is the partners' money"
            )


def _print_refunds(console: Console, file: str, plan: ImportPlan) -> None:
    refunds = plan.refunds
    rows = sum(len(taking.rows) for taking in refunds.takings)
    after = f"; once their payments are made: {len(refunds.follow)}" if refunds.follow else ""
    netted = f"; taken off what is paid in: {len(refunds.netted)}" if refunds.netted else ""
    undone = f"; undone by other rows: {len(refunds.undone)}" if refunds.undone else ""
    passed = f"; of charges that are passed over: {len(refunds.passed)}" if refunds.passed else ""
    console.print(
        f"Refunds: {rows} to send; refunded before: {len(refunds.done)}{after}{netted}{undone}{passed}."
    )
    if refunds.takings:
        taken: dict[str, int] = {}
        for taking in refunds.takings:
            taken[taking.currency] = taken.get(taking.currency, 0) + taking.amount
        console.print(f"  taken back: {sums(plan, taken)}")
    for account in refunds.capped:
        row, currency = account.rows[-1], account.due.currency
        console.print(
            f"  {file}:{row.line}: {sums(plan, {currency: account.asked})} in all is refunded of "
            f"{account.due.row_id}, of which {sums(plan, {currency: account.due.amount})} was paid in: no "
            "more than that is taken back"
        )
    print_refused(console, file, plan, refunds.refused)


def print_refused(console: Console, file: str, plan: ImportPlan, all_refused: Sequence[Refused]) -> None:
    """Rows about charges that cannot be sent, and why."""
    if all_refused:
        console.print(f"  not sent: {len(all_refused)}")
    for refused in all_refused[:_MOST_LINES]:
        _print_refused(console, file, plan, refused)
    if len(all_refused) > _MOST_LINES:
        console.print(f"    … and {len(all_refused) - _MOST_LINES} more, which --plan FILE lists")


def _print_refused(console: Console, file: str, plan: ImportPlan, refused: Refused) -> None:
    row = refused.row
    of = f" of {row.of}" if row.of else ""
    console.print(f"    {file}:{row.line}: {row.kind} {row.id}{of}, {row.shown}: {refused.why}")
    if refused.paid is not None:
        payer = plan.account(plan.payer)
        reference = "0x" + refused.paid.invoice_ref.hex()
        console.print(f"      pledger payment clawback {reference} --payer {payer}")


def _added_up(dues: Iterable[Due]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for due in dues:
        totals[due.currency] = totals.get(due.currency, 0) + due.amount
    return totals


def _passed(plan: ImportPlan, passed: Passed) -> str:
    """How many, and what they come to: those that are not in the sum are told."""
    without = f"{passed.unread} without an amount in a currency of the partners file" if passed.unread else ""
    told = "; ".join(filter(None, (sums(plan, passed.sums), without)))
    return f"{passed.count} ({told})" if told else str(passed.count)


def sums(plan: ImportPlan, totals: Mapping[str, int]) -> str:
    """Amounts in base units as people write them, by currency."""
    currencies = plan.reports.partners.currencies
    return ", ".join(f"{to_text(total, currencies[code].decimals)} {code}" for code, total in totals.items())
