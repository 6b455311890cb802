"""What comes after a payment: a dispute and its ruling, a clawback that later revenue serves, and reviews."""

from eth_utils.crypto import keccak

from ledger.artifacts.contracts import contract_abi
from ledger.chain.payment_state import read_payments
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.business import keyring
from ledger.cli.demonstration.stage import EXAMPLES, Stage
from ledger.errors import LedgerError
from ledger.intake.amounts import to_text
from ledger.intake.prepare import ImportPlan, prepare
from ledger.intake.references import invoice_ref
from ledger.intake.reports import read_reports
from ledger.rules.payment import Payment
from ledger.terms.contracts import DEALS, REVENUE, TEST_DOLLAR
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code

_PAYER = "halyard"
_DISPUTED_IN, _DISPUTED_BY = "data-alliance", "lumenoak"
_NEW_REVENUE = 12_000 * 10**6


def dispute(stage: Stage) -> None:
    """A party disputes the largest held payment; the arbiter gives a quarter of it back, which is paid
    out.
    """
    plan = plan_now(stage)
    agreement = plan.state.agreements[_DISPUTED_IN]
    wallet = stage.sender(_PAYER).address
    held = [
        paid
        for paid in _payments(plan, wallet).values()
        if paid.agreement == agreement.id and not paid.refunded and plan.state.now < paid.matures_at
    ]
    paid = max(held, key=lambda each: (each.amount, each.invoice_ref))
    party = stage.partners.partners[_DISPUTED_BY]
    named = {"payment": paid, "terms": agreement.terms}
    said = {"account": party.account, "reason": reason_code("NOT_DELIVERED")}
    stage.act(stage.sender(_DISPUTED_BY), "dispute", **named, **said)
    stage.console.print(f"  {party.name} disputes {_shown(paid.amount)}, which is still held")
    disputed = _payments(plan_now(stage), wallet)[paid.invoice_ref]
    arbiter, back = stage.partners.partners[actors.ARBITER], paid.amount // 4
    reason, named = reason_code("PARTLY_DELIVERED"), {"payment": disputed, "terms": agreement.terms}
    ruling = {"arbiter": arbiter.account, "refunded": back, "reason": reason}
    stage.act(stage.sender(actors.ARBITER), "rule_payment", **named, **ruling)
    ruled = _payments(plan_now(stage), wallet)[paid.invoice_ref]
    stage.act(stage.sender(actors.ARBITER), "pay_out_refund", payment=ruled)
    stage.console.print(f"  {arbiter.name} rules: {_shown(back)} goes back to the payer")


def claw_back(stage: Stage) -> None:
    """What the import could not take back any more is clawed back by ruling; new revenue serves it first."""
    plan = plan_now(stage)
    arbiter = stage.partners.partners[actors.ARBITER]
    token, ledger = plan.state.token("usd"), stage.deployment.address(REVENUE)
    owing: list[Payment] = []
    for refused in plan.refunds.refused:
        if refused.paid is None:
            continue
        key = plan.state.key_of(refused.paid.agreement)
        stage.act(
            stage.sender(actors.ARBITER),
            "rule_clawback",
            arbiter=arbiter.account,
            payment=refused.paid,
            amount=refused.amount,
            reason=reason_code("REFUNDED"),
            terms=plan.state.agreements[str(key)].terms,
        )
        owing.append(refused.paid)
        stage.console.print(
            f"  {arbiter.name} rules on {refused.row.id}: {_shown(refused.amount)} is owed by {key}"
        )
    if not owing:
        raise LedgerError(
            "The sample files have no refund that takes a clawback.", "Run examples/generate.py."
        )
    reference = invoice_ref(actors.import_key(_PAYER), "demonstration", "after the clawback")
    tokens = stage.chain.node.contract_at(token, contract_abi(TEST_DOLLAR)).functions
    stage.sender(_PAYER).send(tokens.approve(ledger, _NEW_REVENUE))
    book = {"agreement": owing[0].agreement, "token": token}
    stage.act(stage.sender(_PAYER), "pay_invoice", **book, amount=_NEW_REVENUE, invoice_ref=reference)
    stage.act(stage.sender(actors.ARBITER), "pay_debt", **book, debt=1)
    stage.console.print(f"  {_shown(_NEW_REVENUE)} comes in: it serves the debt first, and the payer is paid")


def review(stage: Stage) -> None:
    """Vendor and partner of a won deal rate each other."""
    plan = plan_now(stage)
    won = min(
        (found for found in plan.deals.deals.values() if found.state == State.WON),
        key=lambda found: found.priority,
    )
    vendor = stage.partners.partners[_PAYER].account
    for reviewer, rating, comment in (
        (vendor, 5, "Knew the customer well."),
        (won.account, 4, "Paid in time."),
    ):
        partner = plan.partner_of(reviewer)
        said = {"reviewer": reviewer, "deal": won.deal, "rating": rating, "comment": keccak(text=comment)}
        if partner == actors.SAFE_PARTNER:
            deals = stage.chain.node.contract(stage.deployment, DEALS).functions
            stage.safe.execute(stage.safe_relayer, deals.review(*said.values()))
        else:
            stage.act(stage.sender(partner), "review_deal", **said)
        stage.console.print(f"  {stage.partners.partners[partner].name} gives {rating} of 5")


def plan_now(stage: Stage) -> ImportPlan:
    """What another import would do now: how every row of the sample files stands."""
    keys = keyring(stage)
    files = EXAMPLES / "opportunities.csv", EXAMPLES / "billing.csv"
    return prepare(stage.chain.node, stage.deployment, read_reports(stage.partners, *files, keys), keys)


def _payments(plan: ImportPlan, wallet: str) -> dict[bytes, Payment]:
    """What the wallet has paid of the sample files' rows."""
    return read_payments(plan.state.questions, [wallet], [due.invoice_ref for due in plan.payments.paid])


def _shown(amount: int) -> str:
    return f"{to_text(amount, 6)} usd"
