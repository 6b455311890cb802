"""Steps that dispute payments, rule, drop disputes, claw back, and pay what payers are owed."""

from functools import partial
from random import Random

from forms import form_of

from ledger.rules import plan
from ledger.terms.reasons import reason_code
from model.accounts import By
from model.history import History, Step
from model.steps_money import line_of, some_of, some_payment, some_recipient
from model.whole import LEDGER, Model

REASON = reason_code("NOT_DELIVERED")


def dispute(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, held=True)
    if payment is None:
        return None
    terms = history.model.agreements.versions[payment.agreement].terms
    account = dice.choice(terms.parties) if dice.random() < 0.9 else dice.choice(history.accounts)
    by, now = history.by(dice, account), history.now
    data = partial(
        form_of("Dispute"), history.world.deployment, account, payment.payer, payment.invoice_ref, REASON
    )

    def action(model: Model) -> None:
        model.disputes.dispute(now, by, account, payment, REASON)

    args = (account, payment.to_abi(), REASON, plan.opening_of(terms))
    return history.acted(line_of(payment), LEDGER, "dispute", args, by, data, action)


def rule(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, disputed=True)
    if payment is None:
        return None
    terms = history.model.agreements.versions[payment.agreement].terms
    arbiter = history.arbiter if dice.random() < 0.9 else dice.choice(history.accounts)
    by, now, amount = history.by(dice, arbiter), history.now, some_of(payment, dice)
    data = partial(
        form_of("RulePayment"),
        history.world.deployment,
        arbiter,
        payment.payer,
        payment.invoice_ref,
        payment.disputed_at,
        amount,
        REASON,
    )

    def action(model: Model) -> None:
        model.disputes.rule(now, by, arbiter, payment, amount, REASON)

    args = (arbiter, payment.to_abi(), amount, REASON, plan.opening_of(terms))
    return history.acted(f"{line_of(payment)}, {amount}", LEDGER, "rule", args, by, data, action)


def drop_dispute(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, disputed=True)
    if payment is None:
        return None
    now = history.now

    def action(model: Model) -> None:
        model.disputes.drop(now, payment)

    return Step(line_of(payment), LEDGER, "dropDispute", (payment.to_abi(),), history.relayer, action)


def pay_refund(history: History, dice: Random) -> Step | None:
    """By anyone to the payer, or by the payer to another recipient."""
    model = history.model
    due = [model.books.payments[key] for key, amount in model.disputes.refund_due.items() if amount]
    payment = dice.choice(due) if due and dice.random() < 0.9 else some_payment(history, dice)
    if payment is None:
        return None
    now, says = history.now, line_of(payment)
    if dice.random() < 0.6:
        anyone = By(history.relayer)
        return Step(
            says,
            LEDGER,
            "payRefund",
            (payment.to_abi(),),
            history.relayer,
            lambda model: model.disputes.pay_refund(now, anyone, payment.payer, payment),
        )
    account = model.accounts.account_of(payment.payer)
    by, recipient = history.by(dice, account), some_recipient(history, dice)
    data = partial(
        form_of("PayRefund"),
        history.world.deployment,
        account,
        payment.payer,
        payment.invoice_ref,
        recipient,
    )

    def action(model: Model) -> None:
        model.disputes.pay_refund(now, by, account, payment, recipient)

    args = (payment.to_abi(), recipient)
    return history.acted(
        f"{says} to {recipient[:8]}",
        LEDGER,
        "payRefundTo",
        args,
        by,
        data,
        action,
        signed_name="payRefundWithAuthorization",
        account=(account,),
    )


def rule_clawback(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, held=dice.random() < 0.1)
    if payment is None:
        return None
    terms = history.model.agreements.versions[payment.agreement].terms
    arbiter = history.arbiter if dice.random() < 0.9 else dice.choice(history.accounts)
    by, now, amount = history.by(dice, arbiter), history.now, some_of(payment, dice)
    data = partial(
        form_of("RuleClawback"),
        history.world.deployment,
        arbiter,
        payment.payer,
        payment.invoice_ref,
        amount,
        REASON,
    )

    def action(model: Model) -> None:
        model.debts.rule_clawback(now, by, arbiter, payment, amount, REASON)

    args = (arbiter, payment.to_abi(), amount, REASON, plan.opening_of(terms))
    return history.acted(f"{line_of(payment)}, {amount}", LEDGER, "ruleClawback", args, by, data, action)


def claw_back_by_consent(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, held=dice.random() < 0.1)
    if payment is None:
        return None
    terms = history.model.agreements.versions[payment.agreement].terms
    now, amount = history.now, some_of(payment, dice)
    accounts = [payee.account for payee in terms.payees]
    signed = history.all_sign(dice, accounts)
    words = (payment.payer, payment.invoice_ref, payment.refunded, amount)
    consents = [
        history.signature(
            by, partial(form_of("ConsentToClawback"), history.world.deployment, account, *words)
        ).to_abi()
        for account, by in zip(accounts, signed, strict=True)
    ]

    def action(model: Model) -> None:
        model.debts.claw_back_by_consent(now, payment, amount, signed)

    args = (payment.to_abi(), amount, plan.whole_plan(terms), consents)
    says = f"{line_of(payment)}, {amount}"
    return Step(says, LEDGER, "clawBackByConsent", args, history.relayer, action)


def pay_debt(history: History, dice: Random) -> Step | None:
    """By anyone to the payer, or by the payer to another recipient."""
    queues = {key: queue for key, queue in history.model.debts.queues.items() if queue.debts}
    if not queues:
        return None
    (agreement, token), queue = dice.choice(list(queues.items()))
    number = dice.randint(1, len(queue.debts) + (dice.random() < 0.1))
    now, says = history.now, f"{number} of {agreement.hex()[:8]}"
    if dice.random() < 0.6:
        anyone = By(history.relayer)
        return Step(
            says,
            LEDGER,
            "payDebt",
            (agreement, token, number),
            history.relayer,
            lambda model: model.debts.pay_debt(now, anyone, "", agreement, token, number),
        )
    payer = queue.debts[min(number, len(queue.debts)) - 1].payer
    account = history.model.accounts.account_of(payer)
    by, recipient = history.by(dice, account), some_recipient(history, dice)
    data = partial(form_of("PayDebt"), history.world.deployment, account, agreement, token, number, recipient)

    def action(model: Model) -> None:
        model.debts.pay_debt(now, by, account, agreement, token, number, recipient)

    return history.acted(
        f"{says} to {recipient[:8]}",
        LEDGER,
        "payDebtTo",
        (agreement, token, number, recipient),
        by,
        data,
        action,
        signed_name="payDebtWithAuthorization",
        account=(account,),
    )


DISPUTES = (dispute, dispute, rule, rule, drop_dispute, pay_refund)
DEBTS = (rule_clawback, claw_back_by_consent, pay_debt)
