"""A payee's history, line by line: what came in, what of it was released and what the payee earned, and what
was paid out to it.

A line that releases something, or takes it back for debts, adds to the payee's entitlement the difference of
two floors, of the period's total with and without it, taken in journal order: the lines' sum is the
entitlement as recorded, to the base unit. (What is due but not recorded yet is in the balances, and a line
once it is.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ledger.accounting.clauses import clauses_of
from ledger.accounting.plans import shares_of
from ledger.read.movements import Kind, Movement, Place, movements, released_before
from ledger.read.payments import lives_of
from ledger.rules.book import Share
from ledger.rules.payment import Reason
from ledger.rules.release import Periods
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId, BookKey, DealId, InvoiceRef


@dataclass(frozen=True)
class Incoming:
    """A payment into an agreement of the payee's.

    ``amount`` is the whole invoice, ``earned`` what it added to this payee's entitlement, nothing when it is
    held, ``entitlement`` what that came to in the payment's period; in token base units. ``deal`` is None
    when the payment came from none. ``reasons`` say what of it is not, or not yet, the payees'. ``position``:
    its place among several of one entry, from 1; 0: it is the only one.
    """

    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    payer: bytes
    invoice_ref: InvoiceRef
    deal: DealId | None
    matures_at: int
    earned: int
    entitlement: int
    period: int = 0
    reasons: tuple[Reason, ...] = ()
    position: int = 0


@dataclass(frozen=True)
class Release:
    """Held payments of a day were recorded as released, or what a ruling left of one, ``ruled``, was."""

    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    matures_at: int
    ruled: bool
    earned: int
    entitlement: int
    period: int = 0


@dataclass(frozen=True)
class Netted:
    """Of what the line before released, ``amount`` served debts of the ``debtor``; ``earned`` is negative."""

    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    debtor: bytes
    earned: int
    entitlement: int
    period: int = 0


@dataclass(frozen=True)
class Outgoing:
    """A payout: ``amount`` in base units went to ``recipient``, alone or ``together`` with all others.

    ``position``: its place among several of one entry, from 1; 0: it is the only one.
    """

    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    recipient: bytes
    period: int = 0
    together: bool = False
    position: int = 0


@dataclass(frozen=True)
class Kept:
    """All others were paid, this payee could not be: ``amount``, all by then, is set aside for it to claim.

    It changes neither what the payee earned nor what it was paid.
    """

    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    period: int = 0


Line = Incoming | Release | Netted | Outgoing | Kept


def place_of(line: Line) -> Place:
    """Where a line stands among the lines: what ``before`` of the next page is."""
    return line.seq, line.position if isinstance(line, Incoming | Outgoing) else 0


_OWN = frozenset({Kind.CLAIM, Kind.SET_ASIDE})
"""Entries of the payee alone: they release nothing."""


def payouts_of(
    reading: Reading,
    account: bytes,
    limit: int,
    *,
    before: Place | None = None,
    agreement: AgreementId | None = None,
    token: bytes | None = None,
) -> list[Line]:
    """Up to ``limit`` lines, the newest first; ``before`` is the place of the last line already seen."""
    shares = shares_of(reading, account)
    if agreement is not None:
        shares = {agreement: shares[agreement]} if agreement in shares else {}
    newest = movements(reading, account, list(shares), limit, before, token, agreement)
    return _lines(reading, shares, newest)


def _lines(reading: Reading, shares: Mapping[AgreementId, Share], newest_first: list[Movement]) -> list[Line]:
    """A page's movements of one book are neighbours in it: one sum before the first is enough."""
    firsts: dict[BookKey, Place] = {}
    for each in newest_first:
        if each.kind not in _OWN:
            firsts[each.agreement, each.token] = (each.seq, each.position)
    agreements = {agreement for agreement, _ in firsts}
    clauses = clauses_of(reading, agreements) if agreements else {}
    periods = {agreement: clauses[agreement].periods for agreement in agreements}
    running = released_before(reading, firsts, periods) if firsts else {}
    invoices = [
        (each.payer, each.invoice_ref)
        for each in newest_first
        if each.kind is Kind.PAYMENT and (clauses[each.agreement].holds or clauses[each.agreement].debts)
    ]
    lives = lives_of(reading, invoices) if invoices else {}
    now = reading.as_of.timestamp
    lines: list[Line] = []
    for each in reversed(newest_first):
        if each.kind in _OWN:
            lines.append(_own_line(each))
            continue
        period = periods.get(each.agreement, Periods()).of(each.matures_at)
        key = (each.agreement, each.token, period)
        share, total = shares[each.agreement], running.get(key, 0)
        running[key] = total + each.released
        entitlement = share.of(running[key])
        line = _line(each, entitlement - share.of(total), entitlement, period)
        if isinstance(line, Incoming):
            life = lives.get((line.payer, line.invoice_ref))
            line = replace(line, reasons=() if life is None else life.reasons(now))
        lines.append(line)
    lines.reverse()
    return lines


def _own_line(each: Movement) -> Outgoing | Kept:
    common = (each.seq, each.at, each.agreement, each.token, each.amount)
    if each.kind is Kind.SET_ASIDE:
        return Kept(*common, each.period)
    return Outgoing(*common, each.recipient, each.period, each.together, each.position)


def _line(each: Movement, earned: int, entitlement: int, period: int) -> Line:
    common = (each.seq, each.at, each.agreement, each.token, each.amount)
    if each.kind is Kind.PAYMENT:
        paid = (each.payer, each.invoice_ref, each.deal, each.matures_at)
        return Incoming(*common, *paid, earned, entitlement, period, position=each.position)
    if each.kind is Kind.NETTING:
        return Netted(*common, each.debtor, earned, entitlement, period)
    return Release(*common, each.matures_at, each.kind is Kind.RULING, earned, entitlement, period)
