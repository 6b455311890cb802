"""A vendor and its partners, who do one thing after the other: each a block, some of them several entries."""

import itertools

from ledger_world import DAY, World

from ledger.terms.deals import State


class Partnership:
    """Partners, programme and an agreement in force; `work` goes on from there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.vendor = world.partner("Vendor", level=2)
        self.agency = world.partner("Agency")
        programme = world.programme(self.vendor)
        shares = {self.vendor: 0.7, self.agency: 0.3}
        self.agreement = world.agreement([self.vendor, self.agency], shares, programme=programme)
        world.fund(self.vendor, 10**15)
        world.chain.increase_time(DAY)
        self._numbers = itertools.count(1)

    def work(self, rounds: int = 1) -> None:
        """Ten blocks or so a round: payments, a claim, deals in every state, attestations."""
        world = self.world
        for _ in range(rounds):
            number = next(self._numbers)
            self.pay(100 * number)
            deal = world.registered_deal(self.agreement, self.agency, f"c{number}.example")
            world.attest(self.agency, 1 + number % 5)
            if number % 2:
                world.decide(self.vendor, deal, State.RETURNED, reason="MORE_DETAIL")
                world.withdraw(deal)
            else:
                world.decide(self.vendor, deal, State.REJECTED, reason="EXISTING_CUSTOMER")
            world.claim(self.agency, self.agreement)

    def pay(self, *amounts: int) -> None:
        """Pays each amount in a block of its own. (The vendor has been funded.)"""
        world = self.world
        for amount in amounts:
            invoice = world.invoice(amount).to_abi()
            call = world.ledger.functions.pay(self.agreement.id, world.token.address, invoice)
            self.vendor.sender.send(call)
