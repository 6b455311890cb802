"""The books made from events alone, against plain sums over the same events."""

from dataclasses import replace

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal.events import Event
from ledger.rules.entitlement import earned
from ledger.terms.agreement import Payee, Terms
from ledger.terms.units import WHOLE
from ledger.verify.replay import Replay, first_unlike

ACCOUNTS = [to_checksum_address(f"0x{number:040x}") for number in (1, 2, 3)]
TOKENS = [bytes([number]) * 20 for number in (7, 8)]
NOW = 10**9
AGREEMENTS = [bytes([number]) * 32 for number in (1, 2)]
WEIGHTS = [WHOLE // 2, WHOLE // 3, WHOLE - WHOLE // 2 - WHOLE // 3]
TERMS = Terms(
    parties=(ACCOUNTS[0],),
    payees=tuple(Payee(account, (weight,)) for account, weight in zip(ACCOUNTS, WEIGHTS, strict=True)),
    tokens=(to_checksum_address("0x" + "07" * 20), to_checksum_address("0x" + "08" * 20)),
)


def raw(account: str) -> bytes:
    return bytes.fromhex(account[2:])


NOT_SAID = {"by": bytes(20), "recipient": bytes(20), "reason": bytes(32), "deal": bytes(32), "rule_by": 0}


def event(name: str, **args: object) -> Event:
    return Event(name, "RevenueLedger", NOT_SAID | args, 1, bytes(24), 0)


payments = st.builds(
    lambda agreement, token, amount: event(
        "PaymentReceived",
        agreement=agreement,
        token=token,
        amount=amount,
        matures_at=NOW,
        payer=bytes(20),
        invoice_ref=bytes(32),
    ),
    st.sampled_from(AGREEMENTS),
    st.sampled_from(TOKENS),
    st.integers(1, 2**128),
)
claims = st.builds(
    lambda agreement, token, account, amount: event(
        "Claimed",
        agreement=agreement,
        token=token,
        account=raw(account),
        recipient=raw(account),
        period=0,
        amount=amount,
    ),
    st.sampled_from(AGREEMENTS),
    st.sampled_from(TOKENS),
    st.sampled_from(ACCOUNTS),
    st.integers(1, 2**128),
)


def replayed(events: list[Event]) -> Replay:
    replay = Replay()
    for agreement in AGREEMENTS:
        replay.take(event("AgreementActivated", agreement=agreement, terms=TERMS), NOW)
    for each in events:
        replay.take(each, NOW)
    return replay


@given(st.lists(payments | claims))
def test_books_are_the_sums_of_their_events_split_by_the_signed_shares(events: list[Event]) -> None:
    for book in replayed(events).books(NOW):
        own = [
            each
            for each in events
            if (each.args["agreement"], each.args["token"]) == (book.agreement, book.token)
        ]
        assert book.received == sum(each.args["amount"] for each in own if each.name == "PaymentReceived")
        assert book.claimed == sum(each.args["amount"] for each in own if each.name == "Claimed")
        assert [(each.account, each.earned) for each in book.positions] == [
            (raw(account), earned([2**256 - 1], [weight], book.received))
            for account, weight in zip(ACCOUNTS, WEIGHTS, strict=True)
        ]


@given(st.lists(payments | claims, min_size=1), st.data())
def test_one_event_more_or_less_is_noticed(events: list[Event], data: st.DataObject) -> None:
    books = replayed(events).books(NOW)
    assert first_unlike(books, replayed(list(reversed(events))).books(NOW)) is None
    without = list(events)
    without.pop(data.draw(st.integers(0, len(events) - 1)))
    assert first_unlike(books, replayed(without).books(NOW)) is not None


HELD = replace(TERMS, hold_seconds=86_400, clawback=1)
PAYMENT = {"agreement": AGREEMENTS[0], "token": TOKENS[0], "payer": rb"\9" * 20, "invoice_ref": rb"\8" * 32}
DUE = NOW + 100_000


def held(*events: Event) -> Replay:
    """A held payment of 1,000, and what came after."""
    replay = Replay()
    replay.take(event("AgreementActivated", agreement=AGREEMENTS[0], terms=HELD), NOW)
    replay.take(event("PaymentReceived", **PAYMENT, amount=1_000, matures_at=DUE), NOW)
    for each in events:
        replay.take(each, NOW)
    return replay


OF = {"agreement": AGREEMENTS[0], "token": TOKENS[0]}


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([event("Matured", **OF, matures_at=DUE, amount=999)], "released 999, where payments leave 1000"),
        ([event("Refunded", **PAYMENT, amount=1_001)], "gave back 1001, where there are 1000"),
        ([event("PaymentDisputed", **PAYMENT, amount=1)], "disputed 1, where 1000 are left"),
        ([event("DisputeRuled", **PAYMENT, refunded=1, remaining=0)], "ruled on 1, not on 0"),
        (
            [event("RefundedInDispute", **PAYMENT, amount=1, left=2)],
            "left 2 of 0 when 1 went back",
        ),
        ([event("RefundPaid", **PAYMENT, amount=1)], "paid back 1, where there are 0"),
        (
            [event("ClawedBack", **PAYMENT, by=bytes(20), amount=1_001)],
            "clawed back 1001, where there are 1000",
        ),
        ([event("DebtPaid", **OF, amount=1)], "paid 1, where there are 0"),
        (
            [event("Netted", **OF, debtor=AGREEMENTS[0], by_consent=False, amount=1, matures_at=DUE)],
            "served 1, where there are 0",
        ),
        (
            [event("Netted", **OF, debtor=AGREEMENTS[1], by_consent=True, amount=0, matures_at=DUE)],
            "served what others' payees agreed to",
        ),
        (
            [event("Claimed", **OF, account=raw(ACCOUNTS[0]), recipient=bytes(20), period=0, amount=1)],
            f"paid out 1 to 0x{raw(ACCOUNTS[0]).hex()}, where terms and payments make 0",
        ),
        (
            [event("Refunded", **PAYMENT | {"payer": bytes(20)}, amount=0)],
            "there is no such payment",
        ),
    ],
)
def test_an_entry_that_cannot_be_after_those_before_it_is_named(events: list[Event], why: str) -> None:
    replay = held(*events)
    assert replay.fault == f"RevenueLedger entry 1, {events[0].name}: {why}"


def test_what_is_held_is_released_by_time() -> None:
    (before,), (after,) = held().books(DUE - 1), held().books(DUE)
    assert (before.held, before.claimable) == (1_000, 0)
    assert (after.held, after.claimable + after.carry) == (0, 1_000)
