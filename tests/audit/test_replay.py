"""The books made from events alone, against plain sums over the same events."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.replay import Replay, first_unlike
from ledger.chain.events import Event
from ledger.chain.terms import WHOLE, Payee, Terms
from ledger.rules.entitlement import earned

ACCOUNTS = ["0x" + f"{number:040x}" for number in (1, 2, 3)]
TOKENS = [bytes([number]) * 20 for number in (7, 8)]
AGREEMENTS = [bytes([number]) * 32 for number in (1, 2)]
WEIGHTS = [WHOLE // 2, WHOLE // 3, WHOLE - WHOLE // 2 - WHOLE // 3]
TERMS = Terms(
    parties=(ACCOUNTS[0],),
    payees=tuple(Payee(account, (weight,)) for account, weight in zip(ACCOUNTS, WEIGHTS, strict=True)),
    tokens=("0x" + "07" * 20, "0x" + "08" * 20),
)


def raw(account: str) -> bytes:
    return bytes.fromhex(account[2:])


def event(name: str, **args: object) -> Event:
    return Event(name, "RevenueLedger", dict(args), 1, bytes(24), 0)


payments = st.builds(
    lambda agreement, token, amount: event(
        "PaymentReceived", agreement=agreement, token=token, amount=amount
    ),
    st.sampled_from(AGREEMENTS),
    st.sampled_from(TOKENS),
    st.integers(1, 2**128),
)
claims = st.builds(
    lambda agreement, token, account, amount: event(
        "Claimed", agreement=agreement, token=token, account=raw(account), amount=amount
    ),
    st.sampled_from(AGREEMENTS),
    st.sampled_from(TOKENS),
    st.sampled_from(ACCOUNTS),
    st.integers(1, 2**128),
)


def replayed(events: list[Event]) -> Replay:
    replay = Replay()
    for agreement in AGREEMENTS:
        replay.take(event("AgreementActivated", agreement=agreement, terms=TERMS))
    for each in events:
        replay.take(each)
    return replay


@given(st.lists(payments | claims))
def test_books_are_the_sums_of_their_events_split_by_the_signed_shares(events: list[Event]) -> None:
    for book in replayed(events).books():
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
    books = replayed(events).books()
    assert first_unlike(books, replayed(list(reversed(events))).books()) is None
    without = list(events)
    without.pop(data.draw(st.integers(0, len(events) - 1)))
    assert first_unlike(books, replayed(without).books()) is not None
