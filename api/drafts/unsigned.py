"""Drafts that nobody has signed: they go after a while, and there are never more than a server is set to."""

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from api.drafts.offer import OPEN_DAYS
from api.drafts.problems import DRAFTS_FULL
from api.problems import Problem
from ledger.store.tables import Acceptance, Agreement, Draft, DraftSignature
from ledger.terms.units import DAY

_SECONDS = OPEN_DAYS * DAY
"""As long as a signature would have waited for the others'."""


def make_room(session: Session, now: int, most: int) -> None:
    """Forgets the drafts that nobody has signed for too long. ``now`` is the chain's, in seconds.

    Raises ``Problem`` (503) when still ``most`` of them are left.
    """
    session.execute(delete(Draft).where(_is_unsigned(), Draft.created_at < now - _SECONDS))
    waiting = session.scalar(select(func.count()).select_from(Draft).where(_is_unsigned())) or 0
    if waiting >= most:
        raise Problem(DRAFTS_FULL, f"{waiting:,} drafts wait for a first signature, and no more are kept.")


def _is_unsigned() -> ColumnElement[bool]:
    """Signed by nobody here or on the chain, and not in force."""

    def none(table: type[DraftSignature | Acceptance | Agreement]) -> ColumnElement[bool]:
        return ~(
            select(table.agreement)
            .where(
                table.chain_id == Draft.chain_id,
                table.contract == Draft.contract,
                table.agreement == Draft.agreement,
            )
            .exists()
        )

    return and_(none(DraftSignature), none(Acceptance), none(Agreement))
