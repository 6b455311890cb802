"""Drafts that all have signed are put in force by the relayer, one after another.

Nothing is remembered about what is under way: whether an agreement is in force, and whether all have signed,
is asked again each time. So a crash loses nothing, and a second try of anything does no harm: what is to be
sent waits in the relayer's queue, once, and leaves by the key's lane. What a silent node or database keeps
back is tried again until they answer.
"""

import logging
import queue
import threading
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from api.drafts.activating import asked
from api.drafts.parties import DraftState
from api.drafts.queries import IN_FORCE, raw
from api.drafts.reading import read
from ledger.chain.agreements import Registry
from ledger.chain.keys import from_hex
from ledger.chain.node import NodeFailed
from ledger.errors import LedgerError
from ledger.relay.accepting import Budget
from ledger.relay.habits import habits_of
from ledger.relay.sending_one import see_through
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import Draft, DraftSignature

_log = logging.getLogger(__name__)
_AGAIN_SECONDS = 15.0
"""Until what a silent node or database kept back is tried again."""
_PATIENCE_SECONDS = 600.0
"""For the chain to take what was sent. It is looked after anyway; the draft's page asks the chain itself."""
_SEE_TO_IT = "Its operator sees to that; then try again."
_FAULT = ("The server failed at it.", "Its operator finds the reason in the log; then try again.")


class Activator:
    """Activates drafts in a thread of its own. ``registry`` is called each time: a node may come back."""

    def __init__(self, database: Database, registry: Callable[[], Registry], settings: Settings) -> None:
        if settings.relayer_key is None:
            raise AssertionError("without a relayer's key nothing is sent")
        self._database = database
        self._registry = registry
        self._key = from_hex(settings.relayer_key.get_secret_value(), "PLEDGER_RELAYER_KEY")
        self._habits = habits_of(settings)
        self._budget = Budget(settings.relay_gas_per_account, settings.relay_gas_per_day)
        self._links: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="activator", daemon=True)

    def start(self) -> None:
        """Begins with what an earlier process left undone."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the draft that is under way; the others are found again at the next start."""
        self._links.put(None)
        self._thread.join(timeout=5)

    def ask(self, link: str) -> None:
        """Has a draft put in force soon, if all have signed."""
        self._links.put(link)

    def _work(self) -> None:
        swept, left = self._try(self._sweep), set[str]()
        while True:
            try:
                link = self._links.get(timeout=_AGAIN_SECONDS if left or not swept else None)
            except queue.Empty:
                swept = swept or self._try(self._sweep)
                left = {each for each in left if not self._try(self._activate, each)}
                continue
            if link is None:
                return
            left.discard(link)
            if not self._try(self._activate, link):
                left.add(link)

    def _try(self, step: Callable[..., None], *about: str) -> bool:
        """Whether it came to an end; else it is to be tried again."""
        try:
            step(*about)
        except (NodeFailed, DBAPIError, NoConnectionLeft) as error:
            _log.warning("to be tried again: %s", error)
            return False
        except LedgerError as error:
            _log.warning("%s", error)
        except Exception:  # the thread must outlive any fault; the draft's page offers to try again
            _log.exception("activating a draft")
        return True

    def _sweep(self) -> None:
        with self._database.session() as session:
            for link in _signed_by_all(session):
                self._links.put(link)

    def _activate(self, link: str) -> None:
        registry = self._registry()
        with self._database.session() as session:
            draft = session.scalar(select(Draft).where(Draft.link == link))
            if draft is None or draft.contract != raw(registry.address):
                return
            reading = read(session, registry, draft)
            if reading.state is not DraftState.READY:
                return
            try:
                number = asked(session, registry, reading, self._budget)
                relay, trouble = see_through(
                    self._database, registry.node, self._key, self._habits, number, _PATIENCE_SECONDS
                )
                if relay.state == "mined":
                    draft.transaction_hash = relay.transaction_hash
                draft.failure = relay.failure if relay.state == "failed" else trouble
                draft.failure_hint = relay.failure_hint if relay.state == "failed" else trouble and _SEE_TO_IT
            except (NodeFailed, DBAPIError, NoConnectionLeft):
                raise
            except LedgerError as error:
                draft.failure, draft.failure_hint = error.what, error.hint
            except Exception:  # the page must not say for ever that it is under way
                _log.exception("agreement 0x%s is not in force yet", draft.agreement.hex())
                draft.failure, draft.failure_hint = _FAULT
            if draft.failure is not None:
                _log.warning("agreement 0x%s is not in force yet: %s", draft.agreement.hex(), draft.failure)
            session.commit()


def _signed_by_all(session: Session) -> list[str]:
    """Links of drafts with as many signatures as parties that the mirror does not know to be in force."""
    signed = (
        select(func.count())
        .where(
            DraftSignature.chain_id == Draft.chain_id,
            DraftSignature.contract == Draft.contract,
            DraftSignature.agreement == Draft.agreement,
        )
        .correlate(Draft)
        .scalar_subquery()
    )
    query = select(Draft.link).where(signed >= func.jsonb_array_length(Draft.terms["parties"]), ~IN_FORCE)
    return list(session.scalars(query))
