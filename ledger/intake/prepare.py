"""From checked reports and the state of the chain to a plan: what to send, what waits, what is done
already.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from eth_typing import ChecksumAddress

from ledger.chain.node import Node
from ledger.chain.payment_state import all_payments, wallets_of
from ledger.errors import LedgerError
from ledger.intake.agreements import RULES
from ledger.intake.amounts import to_text
from ledger.intake.chain_state import ChainState, read_chain
from ledger.intake.deal_plan import plan_deals
from ledger.intake.deal_state import DealState, read_deals
from ledger.intake.deals import DealPlan, Programme
from ledger.intake.doubts import doubts_of
from ledger.intake.keys import Keyring
from ledger.intake.left_behind import Leftovers, find_left_behind
from ledger.intake.matching import Matched
from ledger.intake.paid_otherwise import without_paid_otherwise
from ledger.intake.payment_plan import DealSide, PaymentPlan, held_against, plan_payments
from ledger.intake.problems import Problem, reject_if_any
from ledger.intake.refund_plan import RefundPlan, open_accounts, paid_in_again, plan_refunds, refunded_before
from ledger.intake.reports import Reports
from ledger.terms.contracts import DEALS, REVENUE
from ledger.terms.deployment import Deployment


@dataclass(frozen=True)
class ImportPlan:
    """Everything that one run will send, and everything that it will not, with the reason.

    ``left_out``: what is wrong with the rows that are of no use; ``leftovers``: deals that no row stands for
    any more. ``only``: the partner whose transactions alone it holds; None for everybody's.
    """

    reports: Reports
    state: ChainState
    deal_state: DealState
    deals: DealPlan
    payments: PaymentPlan
    refunds: RefundPlan
    left_out: Sequence[Problem] = ()
    leftovers: Leftovers = field(default_factory=Leftovers)
    only: str | None = None

    @property
    def pays(self) -> bool:
        """Whether payments are part of it."""
        return bool(self.payer) and self.only in (None, self.payer)

    @property
    def payer(self) -> str:
        """The payer's key in the partners file; empty without a billing report."""
        config = self.reports.partners.billing
        return config.payer if config is not None and self.reports.billing is not None else ""

    def account(self, partner: str) -> ChecksumAddress:
        """A partner's account."""
        return self.reports.partners.partners[partner].account

    def wallet_of(self, account: str) -> ChecksumAddress:
        """The wallet that acts for an account of the partners file now."""
        return self.state.wallets[self.partner_of(account)]

    def partner_of(self, account: str) -> str:
        """The key of the partner with this account."""
        return next(
            key for key, partner in self.reports.partners.partners.items() if partner.account == account
        )


def prepare(
    node: Node,
    deployment: Deployment,
    reports: Reports,
    keyring: Keyring,
    *,
    only: str | None = None,
    strict: bool = False,
) -> ImportPlan:
    """Plans one run. With ``only``, a partner's key, it holds what that account has to send and nothing else.

    Raises IntakeRejected when the reports do not fit what is on chain at all, or, when ``strict``, with any
    row that cannot be used; LedgerError when nothing can be paid.
    """
    state = read_chain(node, deployment, reports.partners)
    reject_if_any(_nothing_in_force(reports, state))
    plan = _plan(reports, state, keyring, only)
    reject_if_any(plan.left_out if strict else ())
    _require_funds(plan)
    return plan


def _plan(reports: Reports, state: ChainState, keyring: Keyring, only: str | None) -> ImportPlan:
    partners = reports.partners
    wallets: dict[str, ChecksumAddress] = {
        partner.account: state.wallets[key] for key, partner in partners.partners.items()
    }
    chosen = partners.partners[only].account if only is not None else None

    def can_sign(account: str) -> bool:
        return account == chosen if chosen is not None else keyring.signer(wallets[account]) is not None

    deal_state = DealState([], {}, [], {})
    deals, leftovers = DealPlan(), Leftovers()
    report, config = reports.opportunities, partners.opportunities
    if report is not None and config is not None:
        doubts = doubts_of(report, partners, state)
        certain = [own for own in report.deals.values() if own.id not in doubts.dormant]
        deal_state = read_deals(state, partners, config, certain, keyring, doubts.customers)
        deals = plan_deals(
            deal_state.goals,
            deal_state.registrations,
            now=state.now,
            programme=Programme(
                partners.partners[partners.programme.owner].account,
                RULES[partners.programme.rule],
                state.epoch,
                state.grace_until,
                state.questions.ask(DEALS, "wonBehind", [[state.programme]])[0],
            ),
            can_sign=can_sign,
            reject_held=config.conflicts == "reject",
            unsettled=doubts.may_have_more,
            unrevealed=_unrevealed(state, {goal.account for goal in deal_state.goals}),
        )
        deals.standings.update(doubts.dormant)
        known = {own.deal for own in deals.deals.values()}
        leftovers = find_left_behind(state, partners, report, known, keyring) if certain else leftovers
    matched, payments, refunds = _money(reports, state, deals, only)
    left_out = [*reports.problems, *(matched.problems if matched is not None else ())]
    return ImportPlan(reports, state, deal_state, deals, payments, refunds, left_out, leftovers, only)


def _unrevealed(state: ChainState, accounts: Collection[str]) -> dict[str, int]:
    """How many commitments of each account the registry counts as unrevealed."""
    ordered = sorted(accounts)
    counts = state.questions.ask(DEALS, "unrevealedOf", [[account] for account in ordered])
    return dict(zip(ordered, counts, strict=True))


def _money(
    reports: Reports, state: ChainState, deals: DealPlan, only: str | None
) -> tuple[Matched | None, PaymentPlan, RefundPlan]:
    config, partners, billing = reports.partners.billing, reports.partners, reports.billing
    if billing is None or reports.matched is None or config is None or only not in (None, config.payer):
        return reports.matched, PaymentPlan(), RefundPlan()
    # The chain knows a payer by its wallet; what an account paid with an earlier one counts too.
    payers = wallets_of(state.questions, partners.partners[config.payer].account)
    found = reports.matched
    references = [*(own.invoice_ref for own in found.due), *found.again.values()]
    paid, logged = all_payments(state.questions, payers, references)
    certain = without_paid_otherwise(billing.file, found, logged, config, state)
    matched = held_against(billing, certain, paid, partners, state)
    accounts, refunds = open_accounts(billing.refunds, matched, paid)
    again = paid_in_again(accounts, matched, paid)
    side = DealSide(deals.deals, deals.standings)
    payments = plan_payments(matched, again, refunded_before(accounts), paid, side, state)
    to_be_paid = {own.invoice_ref for batch in payments.batches for own in batch.rows}
    return matched, payments, plan_refunds(refunds, accounts, to_be_paid, payments.less, state)


def _nothing_in_force(reports: Reports, state: ChainState) -> Iterator[Problem]:
    """A programme that deals need, and agreements that rows need, when the chain has none of them."""
    deals = reports.opportunities.deals.values() if reports.opportunities is not None else ()
    due = reports.matched.due if reports.matched is not None else ()
    if deals and state.epoch == 0:
        yield Problem("partners file", 0, "programme", "does not exist on chain; --sign creates it")
    used = sorted({own.agreement for own in deals} | {own.agreement for own in due})
    if not any(state.agreements[key].in_force for key in used):
        for key in used:
            reason = "is not in force; --sign signs it with the keys at hand, the signing page with a wallet"
            yield Problem("partners file", 0, f"agreements.{key}", reason)


def _require_funds(plan: ImportPlan) -> None:
    if not plan.payments.batches:
        return
    questions = plan.state.questions
    if questions.ask(REVENUE, "depositsPaused", [[]])[0]:
        raise LedgerError(
            "The guardian has paused new deposits; nothing was sent.", "Try again when they are resumed."
        )
    wallet = plan.wallet_of(plan.account(plan.payer))
    for currency, total in plan.payments.totals().items():
        balance = questions.ask_token(plan.state.token(currency), "balanceOf", wallet)
        if balance < total:
            decimals = plan.reports.partners.currencies[currency].decimals
            raise LedgerError(
                f"{wallet} has {to_text(balance, decimals)} {currency} and is to pay "
                f"{to_text(total, decimals)}; nothing was sent.",
                "Fund it first.",
            )
