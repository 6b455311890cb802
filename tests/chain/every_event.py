"""A history in which each event of each contract happens at least once."""

from forms import consent
from ledger_actions import (
    amend,
    change_owner,
    dispute,
    extend,
    give_notice,
    mature,
    open_epoch,
    paid,
    pay_coin,
    pay_debt,
    pay_refund,
    propose_recovery,
    recover,
    refund,
    retag,
    review,
    revoke_review,
    rotate,
    rule,
    rule_clawback,
)
from ledger_world import DAY, Partner, World
from web3.types import LogReceipt

from ledger.actions.agreements import END
from ledger.actions.deals import EXTEND
from ledger.actions.payments import CLAWBACK
from ledger.rules.plan import division_of
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.clauses import Clawback
from ledger.terms.contracts import JOURNALS
from ledger.terms.deals import State


def happen(world: World) -> None:
    """All events of the four contracts, in a plausible order."""
    vendor, agency, scout = world.partner("Vendor", level=2), world.partner("Agency"), world.partner("Scout")
    world.attest(scout)
    world.relayer.send(world.partners.functions.revoke(scout.account, world.unique("reason")))
    programme = world.programme(vendor)
    agreement = world.agreement(
        [vendor, agency], {vendor: 7, agency: 3}, programme=programme, uri="ipfs://terms"
    )
    _accept_and_withdraw(world)
    for name in JOURNALS:
        contract = world.contract(name)
        scout.sender.send(contract.functions.cancelNonce(scout.account, 2**256 - 1))

    won = world.won_deal(agreement, agency, "won.example", value=10**12)
    returned = world.registered_deal(agreement, agency, "returned.example")
    world.decide(vendor, returned, State.RETURNED, reason="MORE_DETAIL")
    world.withdraw(returned)
    world.pay(vendor, agreement, 1_000, deal=won)
    world.pay_batch(vendor, {agreement: [1, 2, 10**20]})
    world.claim(agency, agreement)
    other = world.agreement([vendor, agency])
    for each in (agreement, other):
        world.pay(vendor, each, 1_000)
    world.claim(vendor, agreement, other)
    _pay_everybody(world, vendor, agency)
    _change_keys(world)
    _amend_and_end(world, vendor, agency)
    _change_deals(world, vendor, agency)
    _take_money_back(world, vendor, agency)
    world.relayer.send(world.ledger.functions.pauseDeposits())
    world.relayer.send(world.ledger.functions.resumeDeposits())


def _pay_everybody(world: World, vendor: Partner, agency: Partner) -> None:
    """One of the two has a wallet that takes no coin."""
    agreement = world.agreement([vendor, agency], tokens=[NATIVE_COIN])
    pay_coin(world, vendor, agreement, 1_000)
    world.node.rpc("anvil_setCode", [agency.account, "0x5f5ffd"])
    call = world.ledger.functions.distribute(agreement.id, NATIVE_COIN, division_of(agreement.terms))
    world.relayer.send(call)
    world.node.rpc("anvil_setCode", [agency.account, "0x"])


def _change_keys(world: World) -> None:
    account, wallet, owner, lost, found = (world.stranger() for _ in range(5))
    rotate(world, account, wallet)
    change_owner(world, wallet.acting_for(account), owner)
    propose_recovery(world, account.account, found)
    owner.sender.send(world.partners.functions.cancelRecovery(account.account))
    propose_recovery(world, lost.account, found)
    world.chain.increase_time(14 * DAY + 1)
    recover(world, lost.account, found)
    soon = world.node.timestamp() + DAY
    agreements, unknown = world.agreements.functions, world.unique("agreement")
    owner.sender.send(agreements.consentToEnd(owner.account, unknown, soon, soon))
    owner.sender.send(agreements.withdrawConsent(owner.account, consent(END, unknown, soon)))


def _amend_and_end(world: World, vendor: Partner, agency: Partner) -> None:
    first = world.agreement([vendor, agency])
    terms = world.terms([vendor, agency], predecessor=first.id, notice_seconds=30 * DAY)
    give_notice(world, agency, amend(world, first, terms, [vendor, agency]))


def _change_deals(world: World, vendor: Partner, agency: Partner) -> None:
    programme = world.programme(vendor)
    agreement = world.agreement([vendor, agency], programme=programme)
    deal = world.registered_deal(agreement, agency, "silent.example")
    world.chain.increase_time(8 * DAY)
    world.relayer.send(world.deals.functions.approveByDefault(deal.id))
    extend(world, vendor, deal, world.node.timestamp() + 200 * DAY)
    open_epoch(world, vendor, programme, 7 * DAY)
    deals, soon = world.deals.functions, world.node.timestamp() + DAY
    vendor.sender.send(deals.consentToExtension(vendor.account, deal.id, soon, soon))
    vendor.sender.send(deals.withdrawConsent(vendor.account, consent(EXTEND, deal.id, soon)))
    deal = retag(world, deal, world.unique("tag"))
    terms = world.terms([vendor, agency], programme=programme, predecessor=agreement.id)
    amend(world, agreement, terms, [vendor, agency])
    world.decide(vendor, deal, State.WON, value=1_000)
    review(world, agency, deal, 5)
    revoke_review(world, agency, deal)


def _take_money_back(world: World, vendor: Partner, agency: Partner) -> None:
    agreement = world.agreement(
        [vendor, agency], hold_seconds=DAY, clawback=Clawback.ALLOWED, arbiter=vendor.account
    )
    first, second = (paid(world, vendor, agreement, 1_000) for _ in range(2))
    first = refund(world, vendor, first, 100)
    second = refund(world, vendor, dispute(world, agency, agreement, second), 100)
    pay_refund(world, rule(world, vendor, agreement, second, 10))
    world.chain.increase_time(3 * DAY)
    mature(world, agreement)
    first = rule_clawback(world, vendor, agreement, first, 50)
    ledger, soon = world.ledger.functions, world.node.timestamp() + DAY
    agency.sender.send(ledger.consentToClawback(agency.account, first.to_abi(), 5, soon))
    named = (vendor.account, first.invoice_ref, first.refunded, 5)
    agency.sender.send(ledger.withdrawConsent(agency.account, consent(CLAWBACK, *named)))
    paid(world, vendor, agreement, 1_000)
    world.chain.increase_time(3 * DAY)
    mature(world, agreement)
    pay_debt(world, agreement, 1)


def _accept_and_withdraw(world: World) -> None:
    first, second = world.partner("First"), world.partner("Second")
    terms = world.terms([first, second])
    first.sender.send(
        world.agreements.functions.accept(first.account, terms.to_abi(), world.node.timestamp() + DAY)
    )
    draft = world.agreements.functions.agreementId(terms.to_abi()).call()
    first.sender.send(world.agreements.functions.withdrawAcceptance(first.account, draft))


def logs(world: World, name: str) -> list[LogReceipt]:
    """All logs of one contract since it was deployed."""
    start = world.deployment.block
    return world.node.w3.eth.get_logs({"address": world.contract(name).address, "fromBlock": start})
