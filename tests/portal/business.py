"""A vendor and two agencies that bring it the same customer, and revenue of another."""

from ledger_world import Agreement, Deal, Partner, World

from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.terms.deals import State


class Business:
    """Two agencies that bring one vendor the same customer, and revenue of another."""

    def __init__(self, world: World) -> None:
        self.vendor: Partner = world.partner("Nordwind GmbH", level=2)
        self.first: Partner = world.partner("Agentur Süd", level=1)
        self.second: Partner = world.partner("Bluebird \u202eLtd", level=1)
        self.programme = world.programme(self.vendor, "Referral 2026")
        shares = {self.vendor: 0.8, self.first: 0.2}
        self.agreement: Agreement = world.agreement(
            [self.vendor, self.first], shares, programme=self.programme
        )
        self.other: Agreement = world.agreement([self.vendor, self.second], programme=self.programme)
        self.contested: Deal = world.commit(self.agreement, self.first, "acme.example")
        late = world.commit(self.other, self.second, "acme.example")
        world.reveal(late)
        world.reveal(self.contested)
        won = world.won_deal(self.agreement, self.first, "umbrella.example", value=1_000_000_000)
        world.decide(self.vendor, self.contested, State.APPROVED)
        world.decide(self.vendor, late, State.REJECTED, reason="EARLIER_DEAL")
        world.pay(self.vendor, self.agreement, 1_234_567_891, deal=won)
        world.claim(self.first, self.agreement)


def mirror(database: Database, world: World) -> None:
    """Brings the mirror up to the chain."""
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
