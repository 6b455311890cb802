"""A book's entries against the contract's own storage: that none is missing and none too many.

All amounts are positive and all totals only grow, so that what the listed entries add up to is what the
contract has stored only if the list is whole.
"""

from collections.abc import Iterator, Sequence

from ledger.proof.errors import ProofInvalid
from ledger.terms.agreement import Terms
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import BookKey
from ledger.terms.units import DAY
from ledger.verify import layout, paid
from ledger.verify.anchor import Anchor
from ledger.verify.replay import Recorded, Replay
from ledger.verify.subject import Subject


def slots(subject: Subject, replay: Replay, terms: Terms, time: int) -> list[bytes]:
    """The storage slots of the revenue ledger that prove a subject, as of a block with this time."""
    if subject.token is None:
        return []
    key = (subject.agreement, subject.token)
    recorded = replay.recorded(key)
    wanted = [
        layout.book(*key),
        layout.agreed(*key),
        *(layout.owing(version, subject.token) for version in subject.versions),
    ]
    wanted += paid.slots(key, _claims(subject, recorded, terms))
    if recorded.periods.seconds:
        wanted += [layout.released(*key, period) for period in recorded.released]
    wanted += [layout.held(*key, at // DAY) for at in recorded.held]
    wanted += [layout.held_days(*key, day) for day in words_of_days(terms, time)]
    return list(dict.fromkeys(wanted))


def check(subject: Subject, replay: Replay, terms: Terms, anchor: Anchor) -> None:
    """Raises ProofInvalid naming the first total that is not what the listed entries make."""
    if subject.token is None:
        return
    key = (subject.agreement, subject.token)
    recorded = replay.recorded(key)
    word = anchor.word(REVENUE, layout.book(*key))
    _require("released", layout.released_in(word), sum(recorded.released.values()))
    if recorded.periods.seconds:
        for period, amount in recorded.released.items():
            stored = anchor.word(REVENUE, layout.released(*key, period))
            _require(f"released in period {period}", stored, amount)
    for version in subject.versions:
        owed, served = layout.owed_and_served(anchor.word(REVENUE, layout.owing(version, subject.token)))
        of = replay.recorded((version, subject.token))
        _require(f"owed by 0x{version.hex()}", owed, of.debts)
        _require(f"served for 0x{version.hex()}", served, of.served)
    agreed, agreed_served = layout.owed_and_served(anchor.word(REVENUE, layout.agreed(*key)))
    _require("owed by consent", agreed, recorded.agreed)
    _require("served of that", agreed_served, recorded.agreed_served)
    for account, counted in _claims(subject, recorded, terms):
        stored = paid.paid_to(anchor, key, counted, account, terms)
        _require(f"claimed by 0x{account.hex()}", stored, recorded.claims.get((account, counted or 0), 0))
    _check_held(key, recorded, terms, word, anchor)


def _check_held(key: BookKey, recorded: Recorded, terms: Terms, word: int, anchor: Anchor) -> None:
    for at, amount in recorded.held.items():
        _require(f"held until {at}", anchor.word(REVENUE, layout.held(*key, at // DAY)), amount)
    listed = {at // DAY for at in recorded.held}
    for first in words_of_days(terms, anchor.header.timestamp):
        marked = layout.days_of(anchor.word(REVENUE, layout.held_days(*key, first)), first)
        unlisted = sorted(day for day in marked - listed if day >= layout.next_day(word))
        if unlisted:
            raise ProofInvalid(
                "Storage of RevenueLedger", f"something is held until {unlisted[0] * DAY} that is not listed"
            )


def words_of_days(terms: Terms, time: int) -> Sequence[int]:
    """A day of each word that may name a day for which something is held."""
    if not terms.hold_seconds:
        return []
    first = terms.valid_from // DAY
    return range(first, (time + terms.hold_seconds) // DAY + 257, 256)


def _claims(subject: Subject, recorded: Recorded, terms: Terms) -> Iterator[tuple[bytes, int | None]]:
    """The payees that the subject is about, each in every period of which something is released."""
    periods = sorted({*recorded.released, *(period for _, period in recorded.claims)})
    for account in accounts(subject, terms):
        if not recorded.periods.seconds:
            yield account, None
            continue
        for period in periods:
            yield account, period


def accounts(subject: Subject, terms: Terms) -> list[bytes]:
    """The payees that the subject is about."""
    if subject.account is not None:
        return [subject.account]
    return [bytes.fromhex(payee.account[2:]) for payee in terms.payees]


def _require(what: str, stored: int, listed: int) -> None:
    if stored != listed:
        raise ProofInvalid(
            "Storage of RevenueLedger", f"{stored} is {what}, the listed entries make {listed}"
        )
