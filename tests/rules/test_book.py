"""Promise 1, conservation: a book either adds up to the base unit, or says first where it does not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.book import Position, Share, book, first_violation, owed_by_token
from ledger.rules.entitlement import WHOLE

AGREEMENT, TOKEN = b"\1" * 32, b"\2" * 20
PAYEES = [number.to_bytes(20) for number in (1, 2, 3)]
THIRDS = {
    account: Share((2**256 - 1,), (weight,))
    for account, weight in zip(PAYEES, (WHOLE // 3, WHOLE // 3, WHOLE - 2 * (WHOLE // 3)), strict=True)
}


@given(st.integers(0, 2**128), st.lists(st.fractions(0, 1), min_size=3, max_size=3))
def test_conservation_holds_whatever_was_paid_and_claimed(received: int, parts: list[float]) -> None:
    claims = {
        account: int(THIRDS[account].of(received) * part) for account, part in zip(PAYEES, parts, strict=True)
    }
    kept = book(AGREEMENT, TOKEN, received, THIRDS, claims)
    assert kept.violation() is None
    assert received == kept.claimed + kept.claimable + kept.carry
    assert 0 <= kept.carry < len(PAYEES)
    assert owed_by_token([kept]) == {TOKEN: received - kept.claimed}


def test_the_first_book_that_does_not_add_up_is_named_with_what_is_wrong() -> None:
    sound = book(AGREEMENT, TOKEN, 100, THIRDS, {PAYEES[0]: 33})
    overdrawn = book(AGREEMENT, TOKEN, 100, THIRDS, {PAYEES[0]: 34})
    stranger = book(AGREEMENT, TOKEN, 100, THIRDS, {b"\7" * 20: 1})
    assert first_violation([sound]) is None
    assert first_violation([sound, overdrawn, stranger]) == (
        overdrawn,
        "0x0000000000000000000000000000000000000001 claimed 34, more than the 33 it earned",
    )
    found = first_violation([stranger])
    assert found is not None
    assert found[1] == "0x0707070707070707070707070707070707070707 claimed 1 without being a payee"


def test_a_carry_of_a_unit_per_payee_or_more_is_a_violation() -> None:
    sound = book(AGREEMENT, TOKEN, 100, THIRDS, {})
    short = replace(sound, positions=tuple(Position(each.account, 32, 0) for each in sound.positions))
    assert short.violation() == "the carry is 4, with 3 payees"
    assert replace(sound, received=98).violation() == "the carry is -1, with 3 payees"
