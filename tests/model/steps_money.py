"""Steps that pay, mature, refund and claim."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random

from forms import form_of

from ledger.rules import plan
from ledger.rules.plan import division_of
from ledger.terms.ids import AgreementId, DealId, InvoiceRef
from ledger.terms.payments import Bundle, Invoice
from model.accounts import ZERO
from model.agreements import NO_ID, Version
from model.books import IN_DISPUTE, Payment
from model.history import History, Step
from model.whole import LEDGER, Model

AMOUNTS = (1, 7, 999, 3_000, 12_345, 40_000)


def pay(history: History, dice: Random) -> Step | None:
    version = some_version(history, dice)
    if version is None:
        return None
    account, now, token = dice.choice(history.accounts), history.now, history.token
    by, invoice = history.by(dice, account), _invoice(history, dice, version)
    told = Invoice(
        deal=DealId(invoice.deal), amount=invoice.amount, invoice_ref=InvoiceRef(invoice.invoice_ref)
    )
    data = partial(form_of("Pay"), history.world.deployment, account, version.id, token, *told.to_abi())

    def action(model: Model) -> None:
        model.books.pay(now, by, account, [invoice])

    says = f"{version.id.hex()[:8]} {invoice.amount} for {invoice.deal.hex()[:8]}"
    args = (version.id, token, told.to_abi())
    return history.acted(says, LEDGER, "pay", args, by, data, action, account=(account,))


def pay_batch(history: History, dice: Random) -> Step | None:
    version, other = some_version(history, dice), some_version(history, dice)
    if version is None or other is None:
        return None
    account, now, token = dice.choice(history.accounts), history.now, history.token
    by, invoices = history.by(dice, account), []
    for each in (version, other):
        invoices.append([_invoice(history, dice, each) for _ in range(dice.randint(1, 3))])
    bundles = [
        Bundle(
            AgreementId(bundle[0].agreement),
            tuple(
                Invoice(deal=DealId(one.deal), amount=one.amount, invoice_ref=InvoiceRef(one.invoice_ref))
                for one in bundle
            ),
        )
        for bundle in invoices
    ]
    data = partial(form_of("PayBatch"), history.world.deployment, account, token, bundles)

    def action(model: Model) -> None:
        model.books.pay(now, by, account, *invoices)

    says = ", ".join(f"{each[0].agreement.hex()[:8]} {[one.amount for one in each]}" for each in invoices)
    args = (token, [bundle.to_abi() for bundle in bundles])
    return history.acted(says, LEDGER, "payBatch", args, by, data, action, account=(account,))


def mature(history: History, dice: Random) -> Step | None:
    version = some_version(history, dice)
    if version is None:
        return None
    most, now, token = dice.choice((1, 2, 100)), history.now, history.token

    def action(model: Model) -> None:
        model.books.mature(now, version.id, token, most)

    args = (version.id, token, most)
    return Step(f"{version.id.hex()[:8]}, {most} days", LEDGER, "mature", args, history.relayer, action)


def refund(history: History, dice: Random) -> Step | None:
    payment = some_payment(history, dice, held=True)
    if payment is None:
        return None
    account, now = history.model.accounts.account_of(payment.payer), history.now
    by, amount = history.by(dice, account), some_of(payment, dice)
    says = f"{line_of(payment)}, {amount}"
    if dice.random() < 0.5:
        by = replace(by, signed=False)
        args: tuple[object, ...] = (payment.to_abi(), amount)
        return Step(
            f"{says} by {by.wallet[:8]}",
            LEDGER,
            "refund",
            args,
            by.wallet,
            lambda model: model.books.refund(now, by, account, payment, amount),
        )
    recipient = some_recipient(history, dice)
    data = partial(
        form_of("Refund"),
        history.world.deployment,
        account,
        payment.payer,
        payment.invoice_ref,
        recipient,
        amount,
    )

    def action(model: Model) -> None:
        model.books.refund(now, by, account, payment, amount, recipient)

    args = (payment.to_abi(), recipient, amount)
    return history.acted(
        f"{says} to {recipient[:8]}",
        LEDGER,
        "refundTo",
        args,
        by,
        data,
        action,
        signed_name="refundWithAuthorization",
        account=(account,),
    )


def some_recipient(history: History, dice: Random) -> str:
    """Mostly some wallet."""
    wallets = list(history.keys)
    return dice.choice((*wallets, *wallets, history.chain.addresses[LEDGER], ZERO))


def claim(history: History, dice: Random) -> Step | None:
    version = some_version(history, dice)
    if version is None:
        return None
    account, now, token = dice.choice(version.terms.payees).account, history.now, history.token
    source = (version.id, _period(history, dice, version))

    def action(model: Model) -> None:
        model.books.claim(now, account, token, source)

    args = (account, token, _share(version, account, source[1]))
    says = f"{account[:8]} of {version.id.hex()[:8]}, period {source[1]}"
    return Step(says, LEDGER, "claim", args, history.relayer, action)


def claim_to(history: History, dice: Random) -> Step | None:
    """Across agreements, to any recipient."""
    account, now, token = dice.choice(history.accounts), history.now, history.token
    versions = [
        version
        for version in history.model.agreements.versions.values()
        if account in (payee.account for payee in version.terms.payees)
    ]
    if not versions:
        return None
    chosen = dice.sample(versions, min(len(versions), dice.randint(1, 3)))
    sources = [(version.id, _period(history, dice, version)) for version in chosen]
    recipient = some_recipient(history, dice)
    by = history.by(dice, account)
    data = partial(form_of("ClaimTo"), history.world.deployment, account, recipient, token, sources)

    def action(model: Model) -> None:
        model.books.claim_to(now, by, account, recipient, token, *sources)

    shares = [_share(version, account, source[1]) for version, source in zip(chosen, sources, strict=True)]
    args = (account, recipient, token, shares)
    says = f"{account[:8]} of {[source[0].hex()[:8] for source in sources]} to {recipient[:8]}"
    return history.acted(says, LEDGER, "claimTo", args, by, data, action)


def distribute(history: History, dice: Random) -> Step | None:
    """All payees, or some of them."""
    version = some_version(history, dice)
    if version is None:
        return None
    now, token, period = history.now, history.token, _period(history, dice, version)
    most = dice.choice((0, 0, 1, 2, len(version.terms.payees)))

    def action(model: Model) -> None:
        model.distributions.distribute(now, version.id, token, period, most)

    args = (version.id, token, division_of(version.terms, period, most))
    says = f"{version.id.hex()[:8]}, period {period}, {most or 'all'}"
    return Step(says, LEDGER, "distribute", args, history.relayer, action)


def some_version(history: History, dice: Random) -> Version | None:
    """Rather one that takes money now."""
    versions = list(history.model.agreements.versions.values())
    now = [version for version in versions if version.in_force(history.now)]
    if now and dice.random() < 0.8:
        return dice.choice(now)
    return dice.choice(versions) if versions else None


def some_payment(
    history: History, dice: Random, *, held: bool = False, disputed: bool = False
) -> Payment | None:
    """Rather one that is held, or in dispute, or one of the last; now and then not as it is."""
    books = history.model.books
    payments = list(books.payments.values())
    if not payments:
        return None
    fitting = [
        payment
        for payment in payments
        if (held and history.now < payment.matures_at)
        or (disputed and books.statuses[payment.key] == IN_DISPUTE)
    ]
    payment = dice.choice(fitting if fitting and dice.random() < 0.9 else payments[-6:])
    return payment if dice.random() < 0.95 else replace(payment, refunded=payment.refunded + 1)


def some_of(payment: Payment, dice: Random) -> int:
    """Nothing, some, all or more of what is left, also of a payment that is described wrongly."""
    left = max(0, payment.left)
    return dice.choice((left, dice.randint(1, max(1, left)), 1, 0, left + 1))


def line_of(payment: Payment) -> str:
    return (
        f"{payment.agreement.hex()[:8]} {payment.amount} of {payment.payer[:8]} until {payment.matures_at},"
        f" {payment.refunded} refunded"
    )


def _invoice(history: History, dice: Random, version: Version) -> Payment:
    paid = [key[1] for key in history.model.books.payments]
    ref = dice.choice(paid) if paid and dice.random() < 0.05 else history.unique("invoice")
    amount = dice.choice(AMOUNTS) if dice.random() < 0.96 else dice.choice((0, 2**128))
    deals = [NO_ID, *history.secrets]
    deal = dice.choice(deals) if dice.random() < 0.2 else NO_ID
    return Payment("", ref, version.id, history.token, deal, amount, 0)


def _period(history: History, dice: Random, version: Version) -> int:
    seconds = version.terms.tranches[0].period_seconds
    this = (history.now - version.terms.valid_from) // seconds if seconds else 0
    return max(0, this - dice.randint(0, 2))


def _share(version: Version, account: str, period: int) -> Sequence[object]:
    return plan.share_of(version.terms, AgreementId(version.id), account, period)


PAYING = (pay, pay, pay, pay_batch, mature)
TAKING = (refund, refund, claim, claim, claim_to, distribute)
