"""What an account can withdraw now: by token, as many transactions as it takes, each a link to its page."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
from sqlalchemy import select

from api.amounts import Amount, TokenFacts, Tokens
from api.as_of import Answering
from api.identifiers import checksummed, hexadecimal
from api.partner_names import NamedAccount, Names
from api.portal.payout_rows import own_of_held
from ledger.accounting.balances import Balance, balances_of, totals_of
from ledger.accounting.clauses import clauses_of
from ledger.rules.claim_parts import claim_parts
from ledger.store.reading import Reading
from ledger.store.tables import AgreementParty
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId

Source = tuple[bytes, int, int]
"""An agreement and period, and what of it can be claimed."""


@dataclass(frozen=True)
class Part:
    """What one transaction withdraws, and the page that does it."""

    amount: Amount
    href: str


@dataclass(frozen=True)
class EarnedUnder:
    """What of it was earned under one agreement."""

    agreement: AgreementId
    parties: list[NamedAccount]
    amount: Amount


@dataclass(frozen=True)
class Withdrawal:
    """An account's standing in one token. ``held``: what of all that was paid in is not split yet, the next
    of it released at ``next_release`` (seconds), ``own`` of it the account's unless something is refunded,
    disputed or ruled on before; None: nothing is held, and its part is not known. ``under``: where what can
    be claimed was earned.
    """

    token: TokenFacts
    earned: Amount
    claimed: Amount
    claimable: Amount
    held: Amount | None
    own: Amount | None
    next_release: int | None
    parts: list[Part]
    under: list[EarnedUnder]


def withdrawals(answering: Answering, account: bytes) -> list[Withdrawal]:
    """By token; empty where no agreement pays the account."""
    reading = answering.reading
    balances = balances_of(reading, account)
    tokens = Tokens.of(reading, {each.token for each in balances})
    clauses = clauses_of(reading, {each.agreement for each in balances}) if balances else {}
    holding = {agreement for agreement, each in clauses.items() if each.holds}
    parties = _parties(reading, {each.agreement for each in balances if each.claimable})
    found = []
    for total in totals_of(balances):
        own = [each for each in balances if each.token == total.token]
        held, part_of_held = sum(each.held for each in own), own_of_held(own)
        days = [day for each in own for day in each.held_until]
        found.append(
            Withdrawal(
                token=tokens.facts(total.token),
                earned=tokens.amount(total.token, total.earned),
                claimed=tokens.amount(total.token, total.claimed),
                claimable=tokens.amount(total.token, total.claimable),
                held=tokens.amount(total.token, held) if held else None,
                own=None if part_of_held is None else tokens.amount(total.token, part_of_held),
                next_release=min(days, default=None),
                parts=[
                    Part(
                        tokens.amount(total.token, sum(units for _, _, units in part)),
                        _href(account, total.token, part),
                    )
                    for part in claim_parts(_sources(own), lambda each: each[0] in holding)
                ],
                under=[
                    EarnedUnder(
                        each.agreement, parties[each.agreement], tokens.amount(total.token, each.claimable)
                    )
                    for each in own
                    if each.claimable
                ],
            )
        )
    return found


def _parties(reading: Reading, agreements: Collection[AgreementId]) -> dict[AgreementId, list[NamedAccount]]:
    rows = reading.session.execute(
        select(AgreementParty.agreement, AgreementParty.account)
        .where(reading.seen(AgreementParty, AGREEMENTS), AgreementParty.agreement.in_(agreements))
        .order_by(AgreementParty.agreement, AgreementParty.position)
    ).all()
    names, found = (
        Names.of(reading, {account for _, account in rows}),
        dict[AgreementId, list[NamedAccount]](),
    )
    for agreement, account in rows:
        found.setdefault(agreement, []).append(names.named(account))
    return found


def _sources(balances: list[Balance]) -> list[Source]:
    return [
        (each.agreement, period.period, period.claimable)
        for each in balances
        for period in each.periods
        if period.claimable
    ]


def _href(account: bytes, token: bytes, part: list[Source]) -> str:
    sources = [{"agreement": hexadecimal(agreement), "period": period} for agreement, period, _ in part]
    given = {
        "account": checksummed(account),
        "token": checksummed(token),
        "sources": orjson.dumps(sources).decode(),
    }
    return f"/act/claim?{urlencode(given)}"
