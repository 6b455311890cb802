"""What if: the same payments under other terms, equal to what the contracts make of them."""

from dataclasses import replace

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_actions import paid, refund
from ledger_world import DAY, Agreement, World

from ledger import signing as typed_data
from ledger.accounting.what_if import Paid, Split, payments_of, split_of, what_if, with_tranches
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.rules import plan
from ledger.rules.book import Share
from ledger.rules.release import Periods
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.terms.agreement import Payee, Terms, Tranche
from ledger.terms.ids import AgreementId
from ledger.terms.units import WHOLE

UNBOUNDED = 2**256 - 1
PAYEES = [number.to_bytes(20) for number in (11, 12, 13)]


@st.composite
def splits(draw: st.DrawFn, valid_from: int) -> Split:
    """Up to four tranches, with or without periods and a hold; three payees of any weights."""
    cuts = draw(st.sets(st.integers(1, 10**6), max_size=3))
    boundaries = (*sorted(cuts), UNBOUNDED)
    columns = []
    for _ in boundaries:
        first, second = sorted(draw(st.tuples(st.integers(0, WHOLE), st.integers(0, WHOLE))))
        columns.append((first, second - first, WHOLE - second))
    shares = {
        account: Share(boundaries, weights)
        for account, weights in zip(PAYEES, zip(*columns, strict=True), strict=True)
    }
    periods = Periods(valid_from, draw(st.sampled_from((0, 1, 7))) * DAY)
    return Split(shares, periods, draw(st.sampled_from((0, 1, 3))) * DAY)


payments = st.lists(
    st.tuples(st.one_of(st.integers(1, 10), st.integers(1, 10**7)), st.integers(0, 3 * DAY)),
    min_size=1,
    max_size=6,
)


def terms_of(world: World, party: str, split: Split) -> Terms:
    boundaries = next(iter(split.shares.values())).boundaries
    return Terms(
        parties=(to_checksum_address(party),),
        payees=tuple(
            Payee(to_checksum_address(account), share.weights) for account, share in split.shares.items()
        ),
        tranches=tuple(Tranche(boundary, split.periods.seconds) for boundary in boundaries),
        tokens=(world.token.address,),
        hold_seconds=split.hold_seconds,
        valid_from=split.periods.valid_from,
        salt=world.unique("salt"),
    )


def test_on_random_terms_it_is_the_contracts_arithmetic_to_the_unit(world: World) -> None:
    signer, payer = world.partner("Signer"), world.stranger("Payer")

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(split=splits(valid_from=1_700_000_000), amounts=payments)
    def same(split: Split, amounts: list[tuple[int, int]]) -> None:
        terms = terms_of(world, signer.account, split)
        world.activate(terms, [signer])
        agreement = Agreement(typed_data.agreement_id(world.deployment, terms), terms)
        made = []
        for amount, seconds in amounts:
            made.append(Paid(amount, world.sent_at(world.pay(payer, agreement, amount))))
            world.chain.increase_time(seconds + 1)
        book = what_if(made, split, world.node.timestamp())
        for position in book.positions:
            for each in position.periods:
                payee = to_checksum_address(position.account)
                share = plan.share_of(terms, agreement.id, payee, each.period)
                call = world.ledger.functions.claimableOf(payee, world.token.address, share)
                assert each.earned == call.call()

    same()


def test_an_agreements_own_payments_under_other_tranches(world: World, database: Database) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], {vendor: 1, agency: 1}, hold_seconds=DAY)
    first = paid(world, vendor, agreement, 1_000)
    refund(world, vendor, first, 400)
    paid(world, vendor, agreement, 2_000)
    world.chain.increase_time(3 * DAY)
    paid(world, vendor, agreement, 500)
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    with snapshot(database) as session:
        reading = read(session)
        token = bytes.fromhex(world.token.address[2:])
        made = payments_of(reading, agreement.id, token)
        now = reading.as_of.timestamp
        as_agreed = split_of(reading, agreement.id)
        with pytest.raises(LedgerError, match="There is no agreement"):
            split_of(reading, AgreementId(bytes(32)))
    assert [each.amount for each in made] == [600, 2_000, 500]
    book = what_if(made, as_agreed, now)
    assert (book.received, book.held, [each.earned for each in book.positions]) == (3_100, 500, [1_300] * 2)
    accounts = [bytes.fromhex(each.account[2:]) for each in (vendor, agency)]
    recoup = with_tranches(
        as_agreed, (1_000, UNBOUNDED), {accounts[0]: (WHOLE, WHOLE // 2), accounts[1]: (0, WHOLE // 2)}
    )
    earned = {each.account: each.earned for each in what_if(made, recoup, now).positions}
    assert earned == {accounts[0]: 1_800, accounts[1]: 800}
    at_once = what_if(made, replace(recoup, hold_seconds=0), now)
    assert (at_once.held, at_once.claimable) == (0, 3_100)


@pytest.mark.parametrize(
    ("split", "why"),
    [
        (Split({}), "at least one payee"),
        (Split({PAYEES[0]: Share((10, 5), (WHOLE, WHOLE))}), "must ascend"),
        (Split({PAYEES[0]: Share((10,), (WHOLE,))}), "must have no end"),
        (Split({PAYEES[0]: Share((UNBOUNDED,), (WHOLE - 1,))}), "sum to 999999999999999999"),
        (Split({PAYEES[0]: Share((UNBOUNDED,), (WHOLE,))}, hold_seconds=1), "whole days"),
        (Split({PAYEES[0]: Share((UNBOUNDED,), (WHOLE,))}, Periods(100, DAY)), "older than the first period"),
    ],
)
def test_terms_that_nobody_could_sign_are_refused(split: Split, why: str) -> None:
    with pytest.raises(LedgerError, match=why):
        what_if([Paid(1, 50)], split, 10**9)
