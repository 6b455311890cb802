"""Charges that were paid in before as something else: under the id that another program made of theirs, or
before they became nobody's.
"""

from collections.abc import Mapping
from dataclasses import replace
from shlex import quote

from eth_utils.address import to_canonical_address

from ledger.intake.chain_state import ChainState
from ledger.intake.crm_ids import spelled_otherwise
from ledger.intake.matching import Due, Matched
from ledger.intake.problems import Problem
from ledger.intake.report_sections import BillingReport
from ledger.rules.payment import Payment
from ledger.terms.ids import InvoiceRef


def without_paid_otherwise(
    file_name: str,
    matched: Matched,
    logged: Mapping[bytes, Payment],
    config: BillingReport,
    state: ChainState,
) -> Matched:
    """The charges without those: paid, they would be paid twice; passed over, what is refunded of them would
    be, too. They are left out, and told. ``logged``: what the payer has paid, by the node's logs.
    """
    held = replace(
        matched,
        due=[],
        passed=dict(matched.passed),
        left_out=dict(matched.left_out),
        problems=list(matched.problems),
    )

    def leave_out(row_id: str, line: int, column: str, reason: str) -> None:
        held.problems.append(Problem(file_name, line, column, reason))
        held.left_out[row_id] = line

    due_by_reference = {due.invoice_ref: due for due in matched.due}
    for due in matched.due:
        reason = (
            "" if due.invoice_ref in logged else _is_another(due, matched, logged, due_by_reference, state)
        )
        if reason:
            by_hand = f"pledger pay --invoice {quote(due.row_id)} --source {config.source}"
            reason += (
                ": programs change ids so; use the file as it was exported. If it is another invoice, pay it "
                f"by hand, with `{by_hand}`"
            )
            leave_out(due.row_id, due.line, config.columns.id, reason)
        else:
            held.due.append(due)
    for row_id, line in matched.passed.items():
        if matched.reference_of(row_id) in logged:
            del held.passed[row_id]
            column = config.columns.agreement or config.columns.opportunity or ""
            leave_out(row_id, line, column, f"{row_id!r} was paid in, and is nobody's of the partners now")
    return held


def _is_another(
    due: Due,
    matched: Matched,
    logged: Mapping[bytes, Payment],
    due_by_reference: Mapping[InvoiceRef, Due],
    state: ChainState,
) -> str:
    """What says that this is another one under a changed id, in words; empty when nothing does."""
    token = to_canonical_address(state.token(due.currency))
    for other in sorted(spelled_otherwise(due.row_id)):
        reference = matched.reference_of(other)
        paid, twin = logged.get(reference), due_by_reference.get(reference)
        if paid is not None and (paid.amount, paid.token) == (due.amount, token):
            return f"{due.row_id!r} is not paid, but {other!r} is, with the same amount"
        if twin is not None and (twin.amount, twin.currency) == (due.amount, due.currency):
            return f"{due.row_id!r} is {other!r} on line {twin.line}, with the same amount"
    return ""
