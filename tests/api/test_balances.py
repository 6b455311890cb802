"""Promises 1 and 5: conservation, and the API's balances are the contracts' as of any block."""

from collections.abc import Callable
from random import Random
from typing import Any

from answers import get, listed
from ledger_world import Agreement, Partner, World
from starlette.testclient import TestClient

Index = Callable[[], None]


class Business:
    """Random payments and claims under three agreements that share payees, one of whom never registered."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(seed)
        vendor, agency, boutique = (world.partner(name) for name in ("Vendor", "Agency", "Boutique"))
        outsider = world.stranger()
        self.payers = [vendor, agency, boutique]
        self.payees = [*self.payers, outsider]
        self.agreements = [
            world.agreement([vendor, agency], {vendor: 2, agency: 1}),
            world.agreement([vendor, boutique], {vendor: 1, boutique: 1, outsider: 1}),
            world.agreement([agency, boutique], {agency: 0.7, boutique: 0.1, outsider: 0.2}),
        ]

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.random.choice([self.pay, self.pay, self.pay_batch, self.claim])()

    def pay(self) -> None:
        payer, agreement = self.random.choice(self.payers), self.random.choice(self.agreements)
        self.world.pay(payer, agreement, self.amount())

    def pay_batch(self) -> None:
        amounts = {agreement: [self.amount() for _ in range(3)] for agreement in self.agreements}
        self.world.pay_batch(self.random.choice(self.payers), amounts)

    def claim(self) -> None:
        payee = self.random.choice(self.payees)
        wanted = [each for each in self.of(payee) if self.world.claimable(payee, each)]
        if wanted:
            self.world.claim(payee, *self.random.sample(wanted, self.random.randint(1, len(wanted))))

    def amount(self) -> int:
        return self.random.choice([1, 2, 3, 7, self.random.randint(1, 10**6), self.random.randint(1, 10**24)])

    def of(self, payee: Partner) -> list[Agreement]:
        return [
            each
            for each in self.agreements
            if any(named.account == payee.account for named in each.terms.payees)
        ]


def balances(client: TestClient, payee: Partner, **query: Any) -> dict[str, dict[str, int]]:
    """Units by agreement."""
    rows = listed(client, f"/v1/partners/{payee.account}/balances", "balances", **query)
    names = ("received", "earned", "claimed", "claimable")
    return {row["agreement"]: {name: int(row[name]["units"]) for name in names} for row in rows}


def test_the_apis_balances_are_the_contracts_for_every_payee_whatever_was_paid_and_claimed(
    world: World, index: Index, client: TestClient
) -> None:
    business = Business(world, seed=1)
    earlier: dict[int, dict[str, Any]] = {}
    for _ in range(3):
        business.steps(8)
        index()
        for payee in business.payees:
            assert balances(client, payee) == on_chain(world, business, payee)
            assert_history_adds_up(client, payee)
        block = get(client, "/v1/partners")["as_of_block"]["number"]
        earlier[block] = {each.account: balances(client, each) for each in business.payees}
    for block, known in earlier.items():
        for payee in business.payees:
            assert balances(client, payee, block=block) == known[payee.account]
            assert_history_adds_up(client, payee, block=block)
    assert_books_conserve(client, business)
    assert_claims_across_are_about_each_agreement(client, business)


def on_chain(world: World, business: Business, payee: Partner) -> dict[str, dict[str, int]]:
    """What the contracts themselves say, as ``balances`` does."""
    found = {}
    for agreement in business.of(payee):
        book = world.ledger.functions.bookOf(agreement.id, world.token.address).call()
        claimed = world.ledger.functions.claimedOf(agreement.id, world.token.address, 0, payee.account).call()
        claimable = world.claimable(payee, agreement)
        found["0x" + agreement.id.hex()] = {
            "received": book[0],
            "earned": claimed + claimable,
            "claimed": claimed,
            "claimable": claimable,
        }
    return found


def assert_history_adds_up(client: TestClient, payee: Partner, **query: Any) -> None:
    """What each payment added sums up to the entitlement, what was claimed to the claims."""
    lines = listed(client, f"/v1/partners/{payee.account}/payouts", "lines", limit=200, **query)
    numbers = [line["entry"]["seq"] for line in lines]
    assert numbers == sorted(numbers, reverse=True)
    named = [(line["entry"]["seq"], line["agreement"], line.get("invoice_ref")) for line in lines]
    assert len(set(named)) == len(lines)
    for agreement, balance in balances(client, payee, **query).items():
        payments = [line for line in lines if line["agreement"] == agreement and line["kind"] == "payment"]
        claims = [line for line in lines if line["agreement"] == agreement and line["kind"] == "claim"]
        assert sum(int(line["earned"]["units"]) for line in payments) == balance["earned"]
        assert sum(int(line["amount"]["units"]) for line in payments) == balance["received"]
        assert sum(int(line["amount"]["units"]) for line in claims) == balance["claimed"]
        if payments:
            assert payments[0]["entitlement"]["units"] == str(balance["earned"])


def test_history_is_the_same_whatever_the_size_of_its_pages_and_its_filters(
    world: World, index: Index, client: TestClient
) -> None:
    business = Business(world, seed=2)
    business.steps(12)
    index()
    agency = business.payers[1]
    path = f"/v1/partners/{agency.account}/payouts"
    lines = listed(client, path, "lines", limit=200)
    assert lines == listed(client, path, "lines", limit=1)
    assert lines == listed(client, path, "lines", limit=3)
    for agreement in business.of(agency):
        own = [line for line in lines if line["agreement"] == "0x" + agreement.id.hex()]
        assert own == listed(client, path, "lines", limit=2, agreement="0x" + agreement.id.hex())
    assert lines == listed(client, path, "lines", limit=4, token=world.token.address.lower())
    assert listed(client, path, "lines", token=agency.account) == []


def assert_books_conserve(client: TestClient, business: Business) -> None:
    for agreement in business.agreements:
        for book in get(client, f"/v1/agreements/0x{agreement.id.hex()}")["books"]:
            parts = ("claimed", "claimable", "held", "disputed", "refunded", "netted", "carry")
            assert int(book["received"]["units"]) == sum(int(book[part]["units"]) for part in parts)
            assert 0 <= int(book["carry"]["units"]) < len(agreement.terms.payees)
            assert book["violation"] is None


def assert_claims_across_are_about_each_agreement(client: TestClient, business: Business) -> None:
    """Also page by page, and among all other entries."""
    claims = listed(client, "/v1/entries", "entries", event="ClaimedAcross")
    assert claims
    for agreement in business.agreements:
        about = "0x" + agreement.id.hex()
        own = [each for each in claims if about in [part["agreement"] for part in each["args"]["portions"]]]
        query = {"about": about, "limit": 2}
        assert listed(client, "/v1/entries", "entries", event="ClaimedAcross", **query) == own
        everything = listed(client, "/v1/entries", "entries", contract="RevenueLedger", **query)
        assert [each for each in everything if each["event"] == "ClaimedAcross"] == own
        assert everything == listed(client, "/v1/entries", "entries", **query)[: len(everything)]
        seqs = [each["seq"] for each in everything]
        assert seqs == sorted(set(seqs), reverse=True)


def test_totals_are_over_all_agreements_on_whatever_page(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    for amount in (1_000_000, 2_500_000, 10_000):
        world.pay(vendor, world.agreement([vendor, agency]), amount)
    index()
    body = get(client, f"/v1/partners/{agency.account}/balances", limit=1)
    assert len(body["balances"]) == 1
    (total,) = body["totals"]
    assert total["token"]["symbol"] == "tUSD"
    assert total["token"]["decimals"] == 6
    assert total["earned"] == {"units": "1755000", "display": "1.755 tUSD"}


def test_a_payment_says_who_paid_which_invoice_from_which_deal(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    deal = world.won_deal(agreement, agency, "acme.example", value=10)
    world.pay(vendor, agreement, 11, deal=deal, ref="INV-7")
    world.claim(agency, agreement)
    index()
    claim, payment = get(client, f"/v1/partners/{agency.account}/payouts")["lines"]
    assert payment["payer"] == {"account": vendor.account, "name": "Vendor"}
    assert payment["deal"] == "0x" + deal.id.hex()
    assert payment["invoice_ref"] == "0x" + world.invoice(1, ref="INV-7").invoice_ref.hex()
    assert (payment["amount"]["units"], payment["earned"]["units"]) == ("11", "5")
    assert (claim["amount"]["units"], claim["recipient"]) == ("5", agency.account)
