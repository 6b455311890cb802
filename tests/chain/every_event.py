"""A history in which each event of each contract happens at least once."""

from ledger_world import World
from web3.types import LogReceipt

from ledger.chain.deployment import LEDGER_CONTRACTS
from ledger.chain.states import State


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
    for name in LEDGER_CONTRACTS:
        contract = world.contract(name)
        scout.sender.send(contract.functions.cancelNonce(scout.account, 2**256 - 1))

    won = world.won_deal(agreement, agency, "won.example", value=10**12)
    returned = world.registered_deal(agreement, agency, "returned.example")
    world.decide(vendor, returned, State.RETURNED, reason="MORE_DETAIL")
    world.withdraw(returned)
    world.pay(vendor, agreement, 1_000, deal=won)
    world.pay_batch(vendor, {agreement: [1, 2, 10**20]})
    world.claim(agency, agreement)
    world.relayer.send(world.ledger.functions.pauseDeposits())
    world.relayer.send(world.ledger.functions.resumeDeposits())


def _accept_and_withdraw(world: World) -> None:
    first, second = world.partner("First"), world.partner("Second")
    terms = world.terms([first, second])
    first.sender.send(world.agreements.functions.accept(first.account, terms.to_abi()))
    draft = world.agreements.functions.agreementId(terms.to_abi()).call()
    first.sender.send(world.agreements.functions.withdrawAcceptance(first.account, draft))


def logs(world: World, name: str) -> list[LogReceipt]:
    """All logs of one contract since it was deployed."""
    start = world.deployment.block
    return world.node.w3.eth.get_logs({"address": world.contract(name).address, "fromBlock": start})
