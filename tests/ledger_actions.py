"""What partners do in a `World` beside deals and payments: one function each, sent by whoever may."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from eth_typing import ChecksumAddress
from forms import form_of
from ledger_world import Agreement, Deal, Partner, World
from web3.types import TxReceipt

from ledger import signing as typed_data
from ledger.chain.authorization import random_nonce, sign
from ledger.journal import events
from ledger.journal.payments import payments_in
from ledger.rules import plan
from ledger.rules.payment import Payment
from ledger.terms.agreement import NATIVE_COIN, Terms
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_BYTES32

NO_SIGNATURE = (0, 0, b"")
"""Stands for a consent by transaction: the caller's own, or one given before."""


def payment_of(world: World, receipt: TxReceipt) -> Payment:
    """The payment that a transaction recorded."""
    (payment,) = payments_of(world, receipt)
    return payment


def payments_of(world: World, receipt: TxReceipt) -> list[Payment]:
    """The payments that a transaction recorded."""
    logs = world.node.rpc("eth_getTransactionReceipt", ["0x" + bytes(receipt["transactionHash"]).hex()])[
        "logs"
    ]
    ours = [log for log in logs if world.deployment.kind_of(log["address"]) == "RevenueLedger"]
    return [each for log in ours for each in payments_in(events.decode_log(world.deployment, log))]


def paid(world: World, payer: Partner, agreement: Agreement, amount: int, **options: Any) -> Payment:
    return payment_of(world, world.pay(payer, agreement, amount, **options))


def pay_coin(world: World, payer: Partner, agreement: Agreement, amount: int) -> Payment:
    """Pays in the chain's own coin."""
    call = world.ledger.functions.pay(agreement.id, NATIVE_COIN, world.invoice(amount).to_abi())
    return payment_of(world, payer.sender.send(call, value=amount))


def refund(world: World, payer: Partner, payment: Payment, amount: int) -> Payment:
    payer.sender.send(world.ledger.functions.refund(payment.to_abi(), amount))
    return replace(payment, refunded=payment.refunded + amount)


def dispute(
    world: World, party: Partner, agreement: Agreement, payment: Payment, reason: str = "NOT_DELIVERED"
) -> Payment:
    opening = plan.opening_of(agreement.terms)
    call = world.ledger.functions.dispute(party.account, payment.to_abi(), reason_code(reason), opening)
    return replace(payment, disputed_at=world.sent_at(party.sender.send(call)))


def rule(
    world: World,
    arbiter: Partner,
    agreement: Agreement,
    payment: Payment,
    refunded: int,
    reason: str = "PARTLY_DELIVERED",
) -> Payment:
    opening = plan.opening_of(agreement.terms)
    arbiter.sender.send(
        world.ledger.functions.rule(arbiter.account, payment.to_abi(), refunded, reason_code(reason), opening)
    )
    return replace(payment, refunded=payment.refunded + refunded)


def drop_dispute(world: World, payment: Payment) -> None:
    world.relayer.send(world.ledger.functions.dropDispute(payment.to_abi()))


def pay_refund(world: World, payment: Payment) -> None:
    world.relayer.send(world.ledger.functions.payRefund(payment.to_abi()))


def rule_clawback(
    world: World, arbiter: Partner, agreement: Agreement, payment: Payment, amount: int
) -> Payment:
    opening = plan.opening_of(agreement.terms)
    arbiter.sender.send(
        world.ledger.functions.ruleClawback(
            arbiter.account, payment.to_abi(), amount, reason_code("BREACH"), opening
        )
    )
    return replace(payment, refunded=payment.refunded + amount)


def claw_back_by_consent(
    world: World, payees: Sequence[Partner], agreement: Agreement, payment: Payment, amount: int
) -> Payment:
    """Every payee signs, in the order of the terms."""
    terms, by_account = agreement.terms, {payee.account: payee for payee in payees}
    consents = []
    for payee in terms.payees:
        data = form_of("ConsentToClawback")(
            world.deployment,
            payee.account,
            payment.payer_address,
            payment.invoice_ref,
            payment.refunded,
            amount,
            nonce=random_nonce(),
            deadline=world.deadline(),
        )
        consents.append(sign(data, by_account[payee.account].key).to_abi())
    world.relayer.send(
        world.ledger.functions.clawBackByConsent(
            payment.to_abi(),
            amount,
            plan.whole_plan(terms),
            consents,
        )
    )
    return replace(payment, refunded=payment.refunded + amount)


def pay_debt(world: World, agreement: Agreement, debt: int) -> None:
    world.relayer.send(world.ledger.functions.payDebt(agreement.id, world.token.address, debt))


def mature(world: World, agreement: Agreement, most: int = 64) -> None:
    world.relayer.send(world.ledger.functions.mature(agreement.id, world.token.address, most))


def amend(
    world: World,
    predecessor: Agreement,
    terms: Terms,
    parties: Sequence[Partner],
    leaving: Sequence[Partner] = (),
) -> Agreement:
    """Puts terms in force that name the predecessor; everybody signs, the relayer sends."""
    by_account = {party.account: party for party in parties}
    accepted = [world.acceptance(by_account[account], terms).to_abi() for account in terms.parties]
    going = [world.acceptance(party, terms).to_abi() for party in leaving]
    opening = plan.opening_of(predecessor.terms)
    world.relayer.send(world.agreements.functions.amend(terms.to_abi(), accepted, opening, going))
    return Agreement(typed_data.agreement_id(world.deployment, terms), terms)


def end_by_consent(world: World, agreement: Agreement, parties: Sequence[Partner], ends_at: int) -> None:
    by_account = {party.account: party for party in parties}
    consents = []
    for account in agreement.terms.parties:
        data = form_of("EndAgreement")(
            world.deployment, account, agreement.id, ends_at, nonce=random_nonce(), deadline=world.deadline()
        )
        consents.append(sign(data, by_account[account].key).to_abi())
    opening = plan.opening_of(agreement.terms)
    world.relayer.send(world.agreements.functions.endByConsent(agreement.id, ends_at, opening, consents))


def give_notice(world: World, party: Partner, agreement: Agreement) -> None:
    opening = plan.opening_of(agreement.terms)
    party.sender.send(world.agreements.functions.giveNotice(party.account, agreement.id, opening))


def rule_end(world: World, arbiter: Partner, agreement: Agreement, ends_at: int, reason: str) -> None:
    opening, code = plan.opening_of(agreement.terms), reason_code(reason)
    arbiter.sender.send(
        world.agreements.functions.ruleEnd(arbiter.account, agreement.id, ends_at, code, opening)
    )


def open_epoch(world: World, owner: Partner, programme: bytes, grace_seconds: int) -> None:
    owner.sender.send(world.agreements.functions.openEpoch(owner.account, programme, grace_seconds))


def rotate(world: World, partner: Partner, wallet: Partner) -> None:
    """The partner's wallet, which owns the account, gives it to another wallet, which agrees."""
    data = form_of("AcceptWallet")(
        world.deployment, partner.account, wallet.account, nonce=random_nonce(), deadline=world.deadline()
    )
    consent = sign(data, wallet.key).to_abi()
    partner.sender.send(world.partners.functions.rotate(partner.account, wallet.account, consent))


def change_owner(world: World, partner: Partner, owner: Partner) -> None:
    data = form_of("AcceptOwnership")(
        world.deployment, partner.account, owner.account, nonce=random_nonce(), deadline=world.deadline()
    )
    consent = sign(data, owner.key).to_abi()
    partner.sender.send(world.partners.functions.changeOwner(partner.account, owner.account, consent))


def propose_recovery(world: World, account: ChecksumAddress, wallet: Partner) -> None:
    world.relayer.send(world.partners.functions.proposeRecovery(account, wallet.account))


def recover(world: World, account: ChecksumAddress, wallet: Partner) -> None:
    """The new wallet completes the recovery itself."""
    wallet.sender.send(world.partners.functions.recover(account, NO_SIGNATURE))


def extend(world: World, vendor: Partner, deal: Deal, exclusive_until: int) -> None:
    """The vendor sends, the partner has signed."""
    data = form_of("ExtendDeal")(
        world.deployment,
        deal.partner.account,
        deal.id,
        exclusive_until,
        nonce=random_nonce(),
        deadline=world.deadline(),
    )
    consent = sign(data, deal.partner.key).to_abi()
    vendor.sender.send(world.deals.functions.extend(deal.id, exclusive_until, consent, NO_SIGNATURE))


def retag(world: World, deal: Deal, tag: bytes) -> Deal:
    deal.partner.sender.send(world.deals.functions.retag(deal.partner.account, deal.id, tag))
    return replace(deal, tag=tag)


def review(world: World, reviewer: Partner, deal: Deal, rating: int, comment: bytes = ZERO_BYTES32) -> None:
    reviewer.sender.send(world.deals.functions.review(reviewer.account, deal.id, rating, comment))


def revoke_review(world: World, reviewer: Partner, deal: Deal) -> None:
    reviewer.sender.send(world.deals.functions.revokeReview(reviewer.account, deal.id))
