"""What happens in a history once there is something to change: wallets, endings, refunds, debts, reviews."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.indexer.entries import Header
from ledger.terms.deals import State

if TYPE_CHECKING:
    from histories import History

CONSENTING = {
    "ConsentedToEnd": "AgreementRegistry",
    "ConsentedToExtension": "DealRegistry",
    "ConsentedToClawback": "RevenueLedger",
}
DAY = 86_400


def _account(history: "History") -> bytes:
    return bytes([0xA0 + history.dice.randrange(5)]) * 20


def rotate(history: "History", header: Header) -> None:
    account = _account(history)
    changed = {"account": account, "wallet": history.fresh()[:20], "previous": account}
    history.emit(header, "PartnerRegistry", "WalletRotated", **changed)


def change_owner(history: "History", header: Header) -> None:
    account, owner = _account(history), history.dice.choice((bytes(20), history.fresh()[:20]))
    history.emit(header, "PartnerRegistry", "OwnerChanged", account=account, owner=owner, previous=account)


def propose_recovery(history: "History", header: Header) -> None:
    account = _account(history)
    history.contracts.recovering.add(account)
    due = header.timestamp + 100
    proposed = {
        "account": account,
        "wallet": history.fresh()[:20],
        "executableAt": due,
        "expiresAt": due + 50,
    }
    history.emit(header, "PartnerRegistry", "RecoveryProposed", **proposed)


def end_recovery(history: "History", header: Header) -> None:
    if not history.contracts.recovering:
        return
    account = history.dice.choice(sorted(history.contracts.recovering))
    history.contracts.recovering.remove(account)
    wallet = history.fresh()[:20]
    if history.dice.random() < 0.5:
        history.emit(header, "PartnerRegistry", "RecoveryCancelled", account=account, wallet=wallet)
    else:
        recovered = {"account": account, "wallet": wallet, "previous": account}
        history.emit(header, "PartnerRegistry", "AccountRecovered", **recovered)


def consent(history: "History", header: Header) -> None:
    event, account = history.dice.choice(sorted(CONSENTING)), _account(history)
    kind, action = CONSENTING[event], bytes([history.dice.randrange(2)]) * 32
    history.contracts.consents.add((kind, account, action))
    last, thing = header.timestamp + DAY, b"\7" * 32
    words: dict[str, dict[str, Any]] = {
        "ConsentedToEnd": {"agreement": thing, "endsAt": last},
        "ConsentedToExtension": {"deal": thing, "exclusiveUntil": last},
        "ConsentedToClawback": {
            "agreement": thing,
            "payer": account,
            "invoiceRef": b"\5" * 32,
            "refunded": 0,
            "amount": 2**100,
        },
    }
    said = {"account": account, "action": action, "deadline": last, **words[event]}
    history.emit(header, kind, event, **said)


def withdraw_consent(history: "History", header: Header) -> None:
    if history.contracts.consents:
        given = history.dice.choice(sorted(history.contracts.consents))
        history.contracts.consents.remove(given)
        kind, account, action = given
        history.emit(header, kind, "ConsentWithdrawn", account=account, action=action)


def open_epoch(history: "History", header: Header) -> None:
    if history.contracts.programmes:
        programme = history.dice.choice(history.contracts.programmes)
        opened = {"programme": programme, "owner": programme[:20], "epoch": 2}
        until = header.timestamp + DAY
        history.emit(header, "AgreementRegistry", "EpochOpened", **opened, graceUntil=until)


def supersede(history: "History", header: Header) -> None:
    free = [each for each in history.contracts.agreements if each not in history.contracts.amended]
    if free:
        agreement = history.dice.choice(free)
        history.contracts.amended.add(agreement)
        became = {"agreement": agreement, "successor": history.fresh(), "effectiveAt": header.timestamp}
        history.emit(header, "AgreementRegistry", "AgreementSuperseded", **became)


def end(history: "History", header: Header) -> None:
    if history.contracts.agreements:
        ended = {"agreement": history.dice.choice(history.contracts.agreements), "endsAt": header.timestamp}
        by, cause = history.dice.choice(((bytes(20), 1), (_account(history), 2), (_account(history), 3)))
        reason = history.fresh() if cause == 3 else bytes(32)
        history.emit(
            header, "AgreementRegistry", "AgreementEnding", **ended, by=by, cause=cause, reason=reason
        )


def approve_by_default(history: "History", header: Header) -> None:
    deal = _deal(history, State.REGISTERED)
    if deal is not None:
        history.contracts.deals[deal] = (State.APPROVED, history.contracts.deals[deal][1])
        until = header.timestamp + 500
        said = {"deal": deal, "by": _account(history), "exclusiveUntil": until}
        history.emit(header, "DealRegistry", "DealApprovedByDefault", **said)


def extend(history: "History", header: Header) -> None:
    deal = _deal(history, State.APPROVED)
    if deal is not None:
        until = header.timestamp + 900
        history.emit(header, "DealRegistry", "DealExtended", deal=deal, exclusiveUntil=until)


def retag(history: "History", header: Header) -> None:
    deal = _deal(history, State.REGISTERED, State.APPROVED, State.WON)
    if deal is not None:
        tagged = {"deal": deal, "by": history.contracts.deals[deal][1], "epoch": 2}
        rival = history.dice.choice((bytes(32), history.fresh()))
        history.emit(header, "DealRegistry", "DealRetagged", **tagged, tag=history.fresh(), rival=rival)


def move(history: "History", header: Header) -> None:
    deal = _deal(history, State.WON)
    if deal is not None:
        history.emit(header, "DealRegistry", "DealMoved", deal=deal, agreement=history.fresh())


def review(history: "History", header: Header) -> None:
    deal = _deal(history, State.WON)
    if deal is not None:
        reviewer = history.contracts.deals[deal][1]
        if (deal, reviewer) not in history.contracts.reviews:
            history.contracts.reviews.add((deal, reviewer))
            said = {"deal": deal, "reviewer": reviewer, "reviewed": _account(history)}
            rating, comment = history.dice.randint(1, 5), history.fresh()
            history.emit(header, "DealRegistry", "DealReviewed", **said, rating=rating, comment=comment)


def revoke_review(history: "History", header: Header) -> None:
    if history.contracts.reviews:
        deal, reviewer = history.dice.choice(sorted(history.contracts.reviews))
        history.contracts.reviews.remove((deal, reviewer))
        history.contracts.deals[deal] = (State.LOST, reviewer)  # nobody reviews it again
        history.emit(header, "DealRegistry", "ReviewRevoked", deal=deal, reviewer=reviewer)


def refund(history: "History", header: Header) -> None:
    payment = _payment(history)
    if payment is not None and payment[4] > 1 and not payment[5]:
        amount = history.dice.randint(1, payment[4] - 1)
        payment[4] -= amount
        sent = {"recipient": payment[2], "amount": amount}
        history.emit(header, "RevenueLedger", "Refunded", **_named(payment), **sent)


def refund_in_dispute(history: "History", header: Header) -> None:
    disputed = [payment for payment in history.contracts.payments if payment[5]]
    if disputed:
        payment = history.dice.choice(disputed)
        amount = history.dice.choice((payment[5], history.dice.randint(1, payment[5])))
        payment[4] -= amount
        payment[5] -= amount
        sent = {"recipient": payment[2], "amount": amount, "left": payment[5]}
        history.emit(header, "RevenueLedger", "RefundedInDispute", **_named(payment), **sent)


def dispute(history: "History", header: Header) -> None:
    payment = _payment(history)
    if payment is not None and payment[4] and not payment[6]:
        payment[5], payment[6] = payment[4], True
        said = {"by": _account(history), "amount": payment[4], "reason": history.fresh()}
        rule_by = header.timestamp + 60 * DAY
        history.emit(header, "RevenueLedger", "PaymentDisputed", **_named(payment), **said, ruleBy=rule_by)


def rule(history: "History", header: Header) -> None:
    disputed = [payment for payment in history.contracts.payments if payment[5]]
    if disputed:
        payment = history.dice.choice(disputed)
        refunded = history.dice.randint(0, payment[5] - 1)
        by, reason = history.dice.choice(((bytes(20), bytes(32)), (_account(history), history.fresh())))
        ruled = {"by": by, "refunded": refunded, "remaining": payment[5] - refunded, "reason": reason}
        history.emit(header, "RevenueLedger", "DisputeRuled", **_named(payment), **ruled)
        payment[4] -= refunded
        payment[5] = 0
        if refunded:
            sent = {"recipient": payment[2], "amount": refunded}
            history.emit(header, "RevenueLedger", "RefundPaid", **_named(payment), **sent)


def mature(history: "History", header: Header) -> None:
    payment = _payment(history)
    if payment is not None:
        of = {"agreement": payment[0], "token": payment[1]}
        history.emit(header, "RevenueLedger", "Matured", **of, maturesAt=header.timestamp, amount=payment[4])


def claw_back(history: "History", header: Header) -> None:
    payment = _payment(history)
    if payment is not None and payment[4] and not payment[5]:
        amount = min(5, payment[4])
        payment[4] -= amount
        debts = history.contracts.debts.setdefault((payment[0], payment[1]), [])
        by, reason = history.dice.choice(((bytes(20), bytes(32)), (_account(history), history.fresh())))
        debts.append(by == bytes(20))
        said = {"by": by, "amount": amount, "debt": len(debts), "reason": reason}
        history.emit(header, "RevenueLedger", "ClawedBack", **_named(payment), **said)


def net(history: "History", header: Header) -> None:
    payment, debts = _payment(history), history.contracts.debts
    if payment is not None and debts:
        debtor, token = history.dice.choice(sorted(debts))
        of = {"agreement": payment[0], "token": token, "debtor": debtor, "maturesAt": header.timestamp}
        by_consent = history.dice.choice(debts[debtor, token])
        history.emit(header, "RevenueLedger", "Netted", **of, byConsent=by_consent, amount=1)
        paid = {"agreement": debtor, "payer": _account(history), "token": token, "debt": 1}
        recipient = _account(history)
        history.emit(header, "RevenueLedger", "DebtPaid", **paid, recipient=recipient, amount=1)


def _deal(history: "History", *states: State) -> bytes | None:
    deals = [deal for deal, (state, _) in history.contracts.deals.items() if state in states]
    return history.dice.choice(deals) if deals else None


def _payment(history: "History") -> list[Any] | None:
    payments = history.contracts.payments
    return history.dice.choice(payments) if payments else None


def _named(payment: list[Any]) -> dict[str, Any]:
    agreement, token, payer, ref, *_ = payment
    return {"agreement": agreement, "token": token, "payer": payer, "invoiceRef": ref}


ALL: tuple[Callable[["History", Header], None], ...] = (
    rotate,
    change_owner,
    propose_recovery,
    end_recovery,
    consent,
    withdraw_consent,
    open_epoch,
    supersede,
    end,
    approve_by_default,
    extend,
    retag,
    move,
    review,
    revoke_review,
    refund,
    refund_in_dispute,
    dispute,
    rule,
    mature,
    claw_back,
    net,
)
