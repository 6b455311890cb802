"""Promise 1, conservation: a book either adds up to the base unit, or says first where it does not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.book import InPeriod, Position, Share, book, first_violation, owed_by_token
from ledger.rules.maturing import parts_of_held
from ledger.rules.release import Money, Periods, by_period, debtors, net_due
from ledger.terms.ids import AgreementId
from ledger.terms.units import WHOLE

AGREEMENT, TOKEN = AgreementId(b"\1" * 32), b"\2" * 20
PAYEES = [number.to_bytes(20) for number in (1, 2, 3)]
THIRDS = {
    account: Share((2**256 - 1,), (weight,))
    for account, weight in zip(PAYEES, (WHOLE // 3, WHOLE // 3, WHOLE - 2 * (WHOLE // 3)), strict=True)
}


@given(st.integers(0, 2**128), st.lists(st.fractions(0, 1), min_size=3, max_size=3))
def test_conservation_holds_whatever_was_paid_and_claimed(received: int, parts: list[float]) -> None:
    claims = {
        (account, 0): int(THIRDS[account].of(received) * part)
        for account, part in zip(PAYEES, parts, strict=True)
    }
    kept = book(AGREEMENT, TOKEN, Money.free(received), THIRDS, claims)
    assert kept.violation() is None
    assert received == kept.claimed + kept.claimable + kept.carry
    assert 0 <= kept.carry < len(PAYEES)
    assert owed_by_token([kept]) == {TOKEN: received - kept.claimed}


def test_the_first_book_that_does_not_add_up_is_named_with_what_is_wrong() -> None:
    sound = book(AGREEMENT, TOKEN, Money.free(100), THIRDS, {(PAYEES[0], 0): 33})
    overdrawn = book(AGREEMENT, TOKEN, Money.free(100), THIRDS, {(PAYEES[0], 0): 34})
    stranger = book(AGREEMENT, TOKEN, Money.free(100), THIRDS, {(b"\7" * 20, 0): 1})
    assert first_violation([sound]) is None
    assert first_violation([sound, overdrawn, stranger]) == (
        overdrawn,
        "0x0000000000000000000000000000000000000001 claimed 34, more than the 33 it earned",
    )
    found = first_violation([stranger])
    assert found is not None
    assert found[1] == "0x0707070707070707070707070707070707070707 claimed 1 without being a payee"


def test_a_carry_of_a_unit_per_payee_or_more_is_a_violation() -> None:
    sound = book(AGREEMENT, TOKEN, Money.free(100), THIRDS, {})
    short = replace(sound, positions=tuple(Position(each.account, 32, 0) for each in sound.positions))
    assert short.violation() == "the carry is 4, with 3 payees"
    assert replace(sound, received=98).violation() == "the carry is -1, with 3 payees"


@given(
    st.dictionaries(st.integers(0, 5), st.integers(0, 2**128)),
    st.tuples(*[st.integers(0, 2**128)] * 4),
)
def test_conservation_holds_with_every_term_of_the_formula(
    released: dict[int, int], others: tuple[int, int, int, int]
) -> None:
    held, disputed, refunded, netted = others
    received = sum(released.values()) + sum(others)
    money = Money(received, released, held, disputed, refunded, netted, paid_back=refunded, debts_paid=netted)
    kept = book(AGREEMENT, TOKEN, money, THIRDS, {})
    assert kept.violation() is None
    parts = (kept.claimed, kept.claimable, kept.held, kept.disputed, kept.refunded, kept.netted)
    assert received == sum(parts) + kept.carry
    assert 0 <= kept.carry < len(PAYEES) * max(1, len(kept.released))
    assert kept.owed == received - refunded - netted


def test_each_period_has_a_carry_of_its_own() -> None:
    kept = book(AGREEMENT, TOKEN, Money(200, {0: 100, 1: 100}), THIRDS, {})
    assert (kept.carry, kept.violation()) == (2, None)
    positions = tuple(
        Position(each.account, 66, 0, (InPeriod(0, 34, 0), InPeriod(1, 32, 0))) for each in kept.positions
    )
    assert replace(kept, positions=positions).violation() == "the carry of period 0 is -2, with 3 payees"


def test_what_is_taken_twice_is_a_violation() -> None:
    money = Money(100, {}, held=110, disputed=-10)
    assert book(AGREEMENT, TOKEN, money, THIRDS, {}).violation() == "what is disputed is -10"


def test_debts_are_served_by_the_oldest_day_first() -> None:
    assert net_due({20: 50, 10: 30}, 60) == {10: 30, 20: 30}
    assert net_due({10: 30}, 0) == {10: 0}
    assert net_due({}, 60) == {}
    first, second, third = (AgreementId(name) for name in (b"a", b"b", b"c"))
    heirs = {third: second, second: first}
    assert debtors(third, heirs.get) == [third, second, first]
    assert debtors(first, heirs.get) == [first]


def test_periods_are_counted_from_the_first_second_in_force() -> None:
    monthly = Periods(valid_from=1_000, seconds=100)
    assert [monthly.of(second) for second in (1_000, 1_099, 1_100, 1_999)] == [0, 0, 1, 9]
    assert by_period(monthly, {1_000: 1, 1_099: 2, 1_100: 4}) == {0: 3, 1: 4}
    assert by_period(Periods(), {1_000: 1, 5_000: 2}) == {0: 3}
    half_above_10 = Share((10, 2**256 - 1), (0, WHOLE // 2))
    held = {1_050: 6, 1_000: 8, 1_100: 12}
    assert parts_of_held(half_above_10, monthly, {0: 1}, held) == {1_000: 0, 1_050: 2, 1_100: 1}
    assert parts_of_held(half_above_10, Periods(), {0: 1}, held) == {1_000: 0, 1_050: 2, 1_100: 6}
