"""A plan as JSON, for people and programs to look at before anything is sent. It names no customer."""

from collections.abc import Mapping
from typing import Any

from ledger.intake.billing import Passed, Refund
from ledger.intake.payment_plan import Batch
from ledger.intake.prepare import ImportPlan
from ledger.terms.payments import Invoice


def plan_document(plan: ImportPlan) -> dict[str, Any]:
    """What would be sent, in order, and what would not, with the reason.

    Amounts are base units as decimal strings.
    """
    reports, state = plan.reports, plan.state
    billing, opportunities, matched = reports.billing, reports.opportunities, reports.matched
    return {
        "chain_id": state.deployment.chain_id,
        "block": state.block,
        "timestamp": state.now,
        "agreements": {
            key: {"id": _hex(own.id), "in_force": own.in_force} for key, own in state.agreements.items()
        },
        "deals": {
            "actions": [
                {
                    "action": action.kind,
                    "opportunity": action.opportunity,
                    "deal": _hex(action.deal),
                    "signer": plan.wallet_of(action.account),
                }
                for action in plan.deals.actions
            ],
            "others": [
                {
                    "opportunity": opportunity,
                    "status": standing.status,
                    "reason": standing.why,
                    **({"other": standing.other} if standing.other else {}),
                    **({"not_before": standing.until} if standing.until else {}),
                    **({"signer": standing.signer} if standing.signer else {}),
                }
                for opportunity, standing in plan.deals.standings.items()
                if standing.status != "reached"
            ],
            "skipped": opportunities.skipped if opportunities is not None else {},
            "left_behind": [
                {
                    "deal": _hex(own.deal),
                    "account": own.account,
                    "state": own.state.name.lower(),
                    **({"opportunity": own.opportunity} if own.opportunity else {}),
                }
                for own in plan.leftovers.deals
            ],
        },
        "payments": {
            "payer": state.wallets[plan.payer] if plan.pays else None,
            "batches": [_batch(plan, batch) for batch in plan.payments.batches],
            "already_paid": len(plan.payments.paid),
            "again": [
                {"line": due.line, "row": due.row_id, "amount": str(due.amount)}
                for due in plan.payments.again
            ],
            "less": [
                {"line": due.line, "row": due.row_id, "amount": str(due.amount)}
                for due in plan.payments.less.values()
            ],
            "waiting": [
                {"line": due.line, "row": due.row_id, "reason": why} for due, why in plan.payments.waiting
            ],
            "skipped": _skipped(billing.skipped) if billing is not None else {},
            "skipped_charges": _skipped(matched.skipped) if matched is not None else {},
        },
        "refunds": {
            "to_send": [
                {
                    "payer": taking.paid.payer,
                    "invoice_ref": _hex(taking.paid.invoice_ref),
                    "agreement": _hex(taking.paid.agreement),
                    "amount": str(taking.amount),
                    "rows": [_refund(row) for row in taking.rows],
                }
                for taking in plan.refunds.takings
            ],
            "already_refunded": len(plan.refunds.done),
            "after_the_payments": [_refund(row) for row in plan.refunds.follow],
            "taken_off_the_payments": [_refund(row) for row in plan.refunds.netted],
            "undone_by_other_rows": [_refund(row) for row in plan.refunds.undone],
            "not_possible": [
                {
                    **_refund(refused.row),
                    "reason": refused.why,
                    **({"clawback_of": _hex(refused.paid.invoice_ref)} if refused.paid else {}),
                }
                for refused in plan.refunds.refused
            ],
        },
        # Without the reason, which may name a customer.
        "left_out": [{"file": each.file, "line": each.line, "column": each.column} for each in plan.left_out],
    }


def _skipped(rows: Mapping[str, Passed]) -> dict[str, Any]:
    return {
        name: {
            "count": passed.count,
            "unread": passed.unread,
            "sums": {currency: str(total) for currency, total in passed.sums.items()},
        }
        for name, passed in rows.items()
    }


def _refund(row: Refund) -> dict[str, Any]:
    """``amount`` is what the row takes; below zero what it gives back."""
    return {
        "line": row.line,
        "row": row.id,
        "type": row.kind,
        "of": row.of,
        "currency": row.currency,
        "amount": str(row.amount),
    }


def _batch(plan: ImportPlan, batch: Batch) -> dict[str, Any]:
    rows = {due.invoice_ref: due for due in batch.rows}

    def invoice(own: Invoice) -> dict[str, Any]:
        due = rows[own.invoice_ref]
        return {
            "line": due.line,
            "row": due.row_id,
            "invoice_ref": _hex(own.invoice_ref),
            "deal": _hex(own.deal),
            "amount": str(own.amount),
        }

    return {
        "token": plan.state.token(batch.currency),
        "total": str(batch.total),
        "bundles": [
            {"agreement": _hex(bundle.agreement), "invoices": [invoice(own) for own in bundle.invoices]}
            for bundle in batch.bundles
        ],
    }


def _hex(value: bytes) -> str:
    return "0x" + value.hex()
