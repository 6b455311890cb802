"""What the contracts say after a step, beside what the model says."""

from collections.abc import Iterator
from typing import Any

from ledger.rules import plan
from ledger.terms.ids import AgreementId
from model.agreements import DAY, NO_ID
from model.books import MOST_DAYS, Book, Books
from model.deals import State
from model.sending import TOKEN, Chain, Read
from model.shares import period_of
from model.whole import AGREEMENTS, DEALS, LEDGER, PARTNERS, Model

Expected = tuple[Read, Any]


def differences(chain: Chain, model: Model, now: int) -> list[str]:
    """One line for each view that says otherwise; heads last, since they differ whenever an entry does."""
    expected = list(_expected(model, now))
    expected += _deals(model, now)
    expected += [((name, "journal", ()), (each.seq, each.head)) for name, each in model.journals.items()]
    answers = chain.read([read for read, _ in expected])
    return _queues(chain, model, now) + [
        f"{contract}.{name}{_short(args)}: {_said(wanted, got)}"
        for ((contract, name, args), wanted), got in zip(expected, answers, strict=True)
        if _differs(wanted, got)
    ]


def _differs(wanted: Any, got: Any) -> bool:
    """Of structs only the fields that the model has are compared."""
    if isinstance(wanted, dict):
        return any(_differs(value, got[name]) for name, value in wanted.items())
    if isinstance(wanted, str):
        return wanted.lower() != str(got).lower()
    return bool(wanted != got)


def _said(wanted: Any, got: Any) -> str:
    """Of a struct only the fields that differ."""
    if isinstance(wanted, dict):
        fields = [name for name, value in wanted.items() if _differs(value, got[name])]
        return ", ".join(f"{name} {_said(wanted[name], got[name])}" for name in fields)
    return f"expected {wanted!r}, got {got!r}"


def _expected(model: Model, now: int) -> Iterator[Expected]:
    yield from _standings(model, now)
    for (agreement, token), book in model.books.books.items():
        if book.opened:
            yield from _book(model, agreement, book)
            later = _matured(model, agreement, token, now) if book.due(now) else book
            yield from _claimable(later, now)
    for key, payment in model.books.payments.items():
        yield (LEDGER, "paymentOf", key), payment.record(model.books.statuses[key])
    for key, amount in model.disputes.refund_due.items():
        yield (LEDGER, "refundDue", key), amount
    for (agreement, token), queue in model.debts.queues.items():
        for number, debt in enumerate(queue.debts, 1):
            wanted = {
                "payer": debt.payer,
                "byConsent": debt.by_consent,
                "from": debt.begin,
                "to": debt.end,
            }
            yield (LEDGER, "debtOf", (agreement, token, number)), wanted
    for (_, wallet), amount in model.books.balances.items():
        yield (TOKEN, "balanceOf", (wallet,)), amount


def _deals(model: Model, now: int) -> Iterator[Expected]:
    deals = model.deals
    for deal in deals.all.values():
        wanted = {
            "account": deal.account,
            "state": deal.state,
            "since": deal.since,
            "priority": deal.priority,
        }
        if deal.state is not State.COMMITTED:
            wanted |= {
                "agreement": deal.agreement,
                "vendor": deal.vendor,
                "decideBy": deal.decide_by,
                "exclusiveUntil": deal.exclusive_until,
                "rule": deal.rule,
                "programme": deal.programme,
                "epoch": deal.epoch,
                "customer": deal.customer,
                "retagged": deal.retagged,
            }
            yield (DEALS, "isLive", (deal.id,)), deals.is_live(deal, now)
            yield (DEALS, "territoryOf", (deal.id,)), deal.territory
        yield (DEALS, "dealOf", (deal.id,)), wanted
        yield (DEALS, "wonUnder", (deal.id,)), deals.won_under(deal.id)
    for account in {deal.account for deal in deals.all.values()}:
        yield (DEALS, "unrevealedOf", (account,)), deals.unrevealed(account, now)
    for programme in {deal.programme for deal in deals.all.values()} - {NO_ID}:
        yield (DEALS, "wonBehind", (programme,)), model.decisions.won_behind(programme)


def _queues(chain: Chain, model: Model, now: int) -> list[str]:
    """The live registrations of each customer, by priority; the contract may keep finished ones too."""
    shown = [deal for deal in model.deals.all.values() if deal.state is not State.COMMITTED]
    customers = sorted({deal.customer for deal in shown})
    live = {deal.id for deal in shown if model.deals.is_live(deal, now)}
    heads = [(DEALS, "firstOf", (customer,)) for customer in customers]
    answers = chain.read([*heads, *((DEALS, "nextOf", (deal.id,)) for deal in shown)])
    after = dict(zip((deal.id for deal in shown), answers[len(heads) :], strict=True))
    found = []
    for customer, first in zip(customers, answers, strict=False):
        queue = [deal for deal in shown if deal.customer == customer and deal.id in live]
        wanted = [deal.id for deal in sorted(queue, key=lambda deal: deal.priority)]
        got: list[bytes] = []
        deal = first
        while deal != NO_ID:
            got, deal = [*got, deal], after[deal]
        if [each for each in got if each in live] != wanted:
            names = [[each.hex()[:8] for each in ids] for ids in (wanted, got)]
            found.append(f"queue of {customer.hex()}: expected {names[0]}, got {names[1]}")
    return found


def _matured(model: Model, agreement: bytes, token: str, now: int) -> Book:
    """The book as a claim would find it: what is due there is released first."""
    later = model.after(lambda then: then.books.mature(now, agreement, token, MOST_DAYS))
    return later.books.books[agreement, token]


def _standings(model: Model, now: int) -> Iterator[Expected]:
    for account in model.accounts.registered:
        yield (PARTNERS, "walletOf", (account,)), model.accounts.wallet_of(account)
    for version in model.agreements.versions.values():
        yield (
            (AGREEMENTS, "standingOf", (version.id,)),
            {
                "active": True,
                "successor": version.successor,
                "endsAt": version.ends_at,
                "succeededFrom": version.succeeded_from,
            },
        )
        yield (AGREEMENTS, "currentOf", (version.id,)), model.agreements.current_of(version.id, now)
    for programme in model.programmes.all.values():
        wanted = (programme.rule, programme.epoch, programme.opened_at, programme.grace_until)
        yield (AGREEMENTS, "programmeOf", (programme.id,)), wanted


def _book(model: Model, agreement: bytes, book: Book) -> Iterator[Expected]:
    terms, queue = book.version.terms, model.debts.queues[agreement, book.token]
    period_seconds = terms.tranches[0].period_seconds
    wanted = {
        "released": sum(book.released.values()),
        "validFrom": terms.valid_from,
        "validUntil": book.version.last_second,
        "holdDays": terms.hold_seconds // DAY,
        "periodDays": period_seconds // DAY,
        "clawback": terms.clawback,
        "owed": queue.owed[False],
        "served": queue.served[False],
        "agreed": queue.owed[True],
        "agreedServed": queue.served[True],
        "open": True,
    }
    yield (LEDGER, "bookOf", (agreement, book.token)), wanted
    for day, amount in book.held.items():
        yield (LEDGER, "heldUntil", (agreement, book.token, day)), amount
    for period in book.released:
        yield (LEDGER, "releasedIn", (agreement, book.token, period)), book.released[period]
    for (period, account), amount in book.alone.items():
        yield (LEDGER, "claimedOf", (agreement, book.token, period, account)), amount


def _claimable(later: Book, now: int) -> Iterator[Expected]:
    """``later``: the book after what is due was released."""
    version = later.version
    periods = {period_of(version.terms, max(now, version.terms.valid_from)), *later.released}
    for period in sorted(periods):
        for payee in version.terms.payees:
            account = payee.account
            share = plan.share_of(version.terms, AgreementId(version.id), account, period)
            amount = Books.claimable(later, period, account)
            yield (LEDGER, "claimableOf", (account, later.token, share)), amount


def _short(args: Any) -> str:
    words = [f"0x{each.hex()[:8]}" if isinstance(each, bytes) else str(each)[:12] for each in args]
    return f"({', '.join(words)})"
