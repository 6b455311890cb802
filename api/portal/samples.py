"""Values with which the reference's examples answer: accounts, ids and terms that this ledger really has."""

import secrets
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from fastapi import Request
from sqlalchemy import desc, select
from sqlalchemy.exc import SQLAlchemyError

from api.as_of import Answering
from api.drafts.examples import DRAFT_REQUEST
from api.identifiers import checksummed, hexadecimal
from api.problems import NOT_FOUND
from api.session import Doors
from ledger.errors import LedgerError
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, AgreementParty, AgreementPayee, AgreementToken, Deal, Payment
from ledger.terms.contracts import AGREEMENTS, DEALS, REVENUE
from ledger.terms.units import WHOLE


def samples(request: Request, doors: Doors) -> Mapping[str, str]:
    """By name of a parameter in an address. What the ledger does not have yet, or cannot say, is left out."""
    always = {"slug": NOT_FOUND.slug, "name": "register"}
    try:
        with closing(Answering(request, doors)) as answering:
            return always | _of(answering.reading)
    except (LedgerError, SQLAlchemyError):
        return always  # the reference is read also where no ledger is mirrored yet


def draft_request(request: Request, doors: Doors) -> dict[str, Any]:
    """A body with which a draft is made: the newest agreement's first parties and token, split equally."""
    try:
        with closing(Answering(request, doors)) as answering:
            return _draft(answering.reading) or DRAFT_REQUEST
    except (LedgerError, SQLAlchemyError):
        return DRAFT_REQUEST


def _of(reading: Reading) -> dict[str, str]:
    paid = select(Payment.agreement).where(reading.seen(Payment, REVENUE)).order_by(desc(Payment.seq))
    newest = (
        select(Agreement.agreement).where(reading.of(Agreement, AGREEMENTS)).order_by(desc(Agreement.seq))
    )
    deal = select(Deal.deal).where(reading.now(Deal, DEALS)).order_by(desc(Deal.seq))
    agreement = reading.session.scalar(paid.limit(1)) or reading.session.scalar(newest.limit(1))
    found = {"agreement": agreement, "deal": reading.session.scalar(deal.limit(1))}
    known = {name: hexadecimal(value) for name, value in found.items() if value is not None}
    known["since"] = str(reading.as_of.number)
    payee = reading.session.scalar(
        select(AgreementPayee.account)
        .where(reading.of(AgreementPayee, AGREEMENTS), AgreementPayee.agreement == agreement)
        .order_by(desc(AgreementPayee.position))
        .limit(1)
    )
    return known if payee is None else known | {"address": checksummed(payee)}


def _draft(reading: Reading) -> dict[str, Any] | None:
    newest = reading.session.scalar(
        select(Agreement.agreement)
        .where(reading.of(Agreement, AGREEMENTS))
        .order_by(desc(Agreement.seq))
        .limit(1)
    )
    if newest is None:
        return None
    parties = [
        checksummed(account)
        for account in reading.session.scalars(
            select(AgreementParty.account)
            .where(reading.of(AgreementParty, AGREEMENTS), AgreementParty.agreement == newest)
            .order_by(AgreementParty.position)
            .limit(2)
        )
    ]
    tokens = reading.session.scalars(
        select(AgreementToken.token)
        .where(reading.of(AgreementToken, AGREEMENTS), AgreementToken.agreement == newest)
        .limit(1)
    )
    each = str(WHOLE // len(parties))
    return {
        "terms": {
            "parties": parties,
            "payees": [{"account": party, "weights": [each]} for party in parties],
            "tokens": [checksummed(token) for token in tokens],
            "salt": "0x" + secrets.token_hex(32),
        }
    }
