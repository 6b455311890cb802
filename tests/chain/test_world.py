"""The main path on a real chain, as one story."""

from ledger_world import World

from ledger.terms.deals import State


def test_the_main_path(world: World) -> None:
    vendor, agency, scout = world.partner("Vendor"), world.partner("Agency"), world.stranger("Scout")
    agreement = world.agreement(
        [vendor, agency], {vendor: 7, agency: 2, scout: 1}, programme=world.programme(vendor)
    )
    deal = world.won_deal(agreement, agency, "acme.example", value=5_000)
    assert world.deals.functions.dealOf(deal.id).call()[1] == State.WON

    world.pay(vendor, agreement, 1_000, deal=deal)
    world.pay_batch(vendor, {agreement: [100, 200, 3]})
    assert [world.claimable(payee, agreement) for payee in (vendor, agency, scout)] == [912, 260, 130]

    world.claim(scout, agreement)
    assert world.token.functions.balanceOf(scout.account).call() == 130
    assert world.claimable(scout, agreement) == 0
