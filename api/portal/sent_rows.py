"""What somebody had sent, as pages show it."""

import time
from collections.abc import Sequence

from fastapi import Response
from sqlalchemy import desc, select
from sqlalchemy.orm import Session

from api.relays.routes import body_of, list_relays, of_account
from api.relays.schemas import RelayBody
from ledger.people.identity import Identity
from ledger.store.tables import Relay
from ledger.terms.units import HOUR


def asked_lately(session: Session, who: Identity, sentence: str) -> Sequence[RelayBody]:
    """The same act, asked for within the last hour or still under way: so that nobody asks for it twice
    unawares. One that came to nothing does not count.
    """
    rows = session.scalars(
        select(Relay)
        .where(*of_account(who), Relay.words == sentence, Relay.state != "failed")
        .where((~Relay.settled) | (Relay.asked_at > int(time.time()) - HOUR))
        .order_by(desc(Relay.number))
        .limit(3)
    ).all()
    return [body_of(session, row) for row in rows]


def newest(session: Session, who: Identity, most: int | None = None) -> list[RelayBody]:
    """The newest that the account had sent."""
    return list_relays(who, session, Response()).relays[:most]
