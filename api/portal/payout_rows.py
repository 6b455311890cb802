"""What each payee earned, was paid, and can withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from api.amounts import Amount, TokenFacts, Tokens
from api.as_of import Answering
from api.paging import Page
from api.partner_names import NamedAccount, Names
from ledger.accounting.balances import Balance, Total, balances_by_account, totals_of
from ledger.store.reading import Reading
from ledger.store.tables import AgreementPayee
from ledger.terms.contracts import AGREEMENTS


@dataclass(frozen=True)
class PayoutRow:
    """A payee's standing in one token, over all its agreements.

    ``held`` and ``disputed`` are what of all that came in under these agreements is not split yet, None when
    there is nothing; the next of it is released at ``next_release`` (seconds). ``own`` of what is held is the
    payee's, if nothing is refunded, disputed or ruled on before; None: not known, as debts are served first.
    """

    payee: NamedAccount
    token: TokenFacts
    earned: Amount
    claimed: Amount
    claimable: Amount
    held: Amount | None
    own: Amount | None
    disputed: Amount | None
    next_release: int | None


def payout_rows(answering: Answering, page: Page) -> tuple[list[PayoutRow], str | None]:
    """A page of payees in the order in which agreements first named them, and the next page's cursor."""
    reading = answering.reading
    payees = _payees(reading, page)
    shown = page.cut(payees)
    balances = balances_by_account(reading, [account for account, _ in shown])
    names = Names.of(reading, balances)
    tokens = Tokens.of(reading, {each.token for kept in balances.values() for each in kept})
    rows = [
        _row(account, total, [each for each in kept if each.token == total.token], names, tokens)
        for account, kept in balances.items()
        for total in totals_of(kept)
    ]
    return rows, page.next_cursor(payees, *shown[-1][1]) if shown else None


def own_of_held(balances: Sequence[Balance]) -> int | None:
    """What of all that is held under them is the payee's, in base units, if nothing is refunded, disputed or
    ruled on before; None: not known, as debts are served first.
    """
    parts = [each.held_parts for each in balances]
    known = [sum(each.values()) for each in parts if each is not None]
    return sum(known) if len(known) == len(parts) else None


def _row(
    account: bytes, total: Total, balances: Sequence[Balance], names: Names, tokens: Tokens
) -> PayoutRow:
    held, disputed = sum(each.held for each in balances), sum(each.disputed for each in balances)
    days = [day for each in balances for day in each.held_until]
    own = own_of_held(balances)
    return PayoutRow(
        payee=names.named(account),
        token=tokens.facts(total.token),
        earned=tokens.amount(total.token, total.earned),
        claimed=tokens.amount(total.token, total.claimed),
        claimable=tokens.amount(total.token, total.claimable),
        held=tokens.amount(total.token, held) if held else None,
        own=None if own is None else tokens.amount(total.token, own),
        disputed=tokens.amount(total.token, disputed) if disputed else None,
        next_release=min(days, default=None),
    )


def _payees(reading: Reading, page: Page) -> list[tuple[bytes, tuple[int, int]]]:
    """Payees with the place where they were first named: entry's number, position in its terms."""
    earlier = aliased(AgreementPayee)
    named_before = (
        select(earlier.seq)
        .where(
            earlier.chain_id == AgreementPayee.chain_id,
            earlier.contract == AgreementPayee.contract,
            earlier.account == AgreementPayee.account,
            earlier.seq < AgreementPayee.seq,
        )
        .exists()
    )
    place = (AgreementPayee.seq, AgreementPayee.position)
    question = (
        select(AgreementPayee.account, *place)
        .where(reading.seen(AgreementPayee, AGREEMENTS), ~named_before)
        .order_by(*place)
        .limit(page.probe)
    )
    after = page.keys(2)
    if after is not None:
        question = question.where(tuple_(*place) > tuple_(*after))
    return [(account, (seq, position)) for account, seq, position in reading.session.execute(question)]
