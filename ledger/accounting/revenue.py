"""What became of what each book received, as of a block and its time: released, held, disputed and the rest.

What is due counts as released although nobody has had it recorded yet, less what it will serve of debts then:
so that a balance is what a claim would pay. (A claim records at most 64 days; after a longer silence it takes
several.)
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from ledger.accounting import totals
from ledger.accounting.clauses import Clauses, clauses_of, debtors_of
from ledger.accounting.holds import (
    Days,
    Taken,
    due_by_day,
    held_by_day,
    payments_by_maturity,
    taken_by_maturity,
)
from ledger.accounting.sums import NOTHING, Sums, sums_of
from ledger.rules.release import Money, by_period, net_due
from ledger.store.reading import Reading
from ledger.store.tables import Netting, Payment
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, BookKey


def money_of(
    reading: Reading,
    agreements: Collection[AgreementId] | None = None,
    clauses: Mapping[AgreementId, Clauses] | None = None,
) -> dict[BookKey, Money]:
    """Of every book that was ever paid into; of these agreements only, when given. ``clauses``: theirs, if
    they are known already.
    """
    clauses = clauses_of(reading, agreements) if clauses is None else clauses
    special = {
        agreement for agreement, of in clauses.items() if of.holds or of.debts or of.periods.seconds
    } & (clauses.keys() if agreements is None else set(agreements))
    money = {
        key: Money.free(total)
        for key, total in totals.received(reading, agreements).items()
        if key[0] not in special
    }
    return money | _special(reading, clauses, special) if special else money


def _special(
    reading: Reading, clauses: Mapping[AgreementId, Clauses], agreements: Collection[AgreementId]
) -> dict[BookKey, Money]:
    sums = sums_of(reading, clauses.keys())  # of predecessors too: their debts
    keys = [key for key in sums if key[0] in agreements and sums[key]["received"]]
    owed = {key: _owed(clauses, sums, key) for key in keys}
    held = held_by_day(reading, [each for each in agreements if clauses[each].holds])
    in_periods = {each for each in agreements if clauses[each].periods.seconds}
    indebted = {agreement for (agreement, _), amount in owed.items() if amount}
    fine = in_periods | indebted
    taken = taken_by_maturity(reading, fine) if fine else {}
    due = due_by_day(reading, indebted, taken) if indebted else {}
    released = _released_in_periods(reading, clauses, in_periods, taken) if in_periods else {}
    found = {}
    for key in keys:
        of, periods = sums[key], clauses[key[0]].periods
        serving = net_due(due.get(key, {}), owed[key])
        still_held = sum(held.get(key, {}).values())
        netted = of["netted"] + sum(serving.values())
        if periods.seconds:
            by_number = dict(released.get(key, {}))
            for period, amount in by_period(periods, serving).items():
                by_number[period] -= amount
        else:
            gone = still_held + of["disputed"] + of["refunded"] + netted
            by_number = {0: of["received"] - gone}
        found[key] = Money(
            received=of["received"],
            released=by_number,
            held=still_held,
            disputed=of["disputed"],
            refunded=of["refunded"],
            netted=netted,
            paid_back=of["paid_back"],
            debts_paid=of["debts_paid"],
            owing=owed[key] - sum(serving.values()),
        )
    return found


def _owed(clauses: Mapping[AgreementId, Clauses], sums: Mapping[BookKey, Sums], key: BookKey) -> int:
    """Debts that the book's revenue serves and that are not served yet: by ruling, its own and inherited
    ones; by consent, its own.
    """
    agreement, token = key
    own = sums.get(key, NOTHING)
    books = (sums.get((each, token), NOTHING) for each in debtors_of(clauses, agreement, token))
    ruled = sum(book["debts"] - book["debts_served"] for book in books)
    return ruled + own["agreed_debts"] - own["agreed_served"]


def _released_in_periods(
    reading: Reading,
    clauses: Mapping[AgreementId, Clauses],
    agreements: Collection[AgreementId],
    taken: Mapping[BookKey, Mapping[int, Taken]],
) -> dict[BookKey, Days]:
    """What is due of each book, less what was taken out of it and what has served debts, by period."""
    now = reading.as_of.timestamp
    due = payments_by_maturity(reading, agreements, Payment.matures_at <= now)
    for key, days in due.items():
        for day, gone in taken.get(key, {}).items():
            if day <= now:
                days[day] -= gone.left
    rows = reading.session.execute(
        select(Netting.agreement, Netting.token, Netting.matures_at, Netting.amount).where(
            reading.seen(Netting, REVENUE), Netting.agreement.in_(agreements)
        )
    )
    for agreement, token, matures_at, amount in rows:
        due[agreement, token][matures_at] -= amount
    return {key: by_period(clauses[key[0]].periods, days) for key, days in due.items()}
