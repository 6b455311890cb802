"""What an amendment is held against: the terms of the agreement whose place it takes."""

from dataclasses import dataclass

from eth_typing import ChecksumAddress
from sqlalchemy import LargeBinary, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from api.drafts.fields import signed_fields
from api.drafts.wording import Names
from ledger.chain.agreements import Registry
from ledger.journal.events import decode
from ledger.store.tables import Entry
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId

_UNCHANGED = ("predecessor", "salt")
"""Fields that differ between any two versions, and say nothing."""


@dataclass(frozen=True)
class FieldChange:
    """A field that the amendment changes: its label, and what it says before and after, a line a value."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def predecessor_of(session: Session, registry: Registry, terms: Terms) -> Terms | None:
    """The terms that these amend; None when they amend nothing, or something that was never in force."""
    return terms_of(session, registry, terms.predecessor) if any(terms.predecessor) else None


def terms_of(session: Session, registry: Registry, agreement: AgreementId) -> Terms | None:
    """The terms of an agreement, from the mirror or else from the node; None when it was never in force."""
    row = session.scalar(
        select(Entry).where(
            Entry.chain_id == registry.deployment.chain_id,
            Entry.contract == bytes.fromhex(registry.address[2:]),
            Entry.event == "AgreementActivated",
            Entry.topics.op("@>")(cast([agreement], ARRAY(LargeBinary))),
        )
    )
    if row is None:
        return registry.terms_of(agreement)
    found: Terms = decode(AGREEMENTS, row.topics, row.data).args["terms"]
    return found


def leaving(terms: Terms, predecessor: Terms | None) -> tuple[ChecksumAddress, ...]:
    """The predecessor's parties that are not parties any more: they sign the amendment too."""
    return tuple(each for each in (predecessor.parties if predecessor else ()) if each not in terms.parties)


def changes(predecessor: Terms, terms: Terms, names: Names) -> tuple[FieldChange, ...]:
    """Every field in which the amendment differs from what it amends, in words where there are any."""
    pairs = zip(signed_fields(predecessor, names), signed_fields(terms, names), strict=True)
    return tuple(
        FieldChange(
            after.label,
            tuple(line.meaning or line.value for line in before.lines),
            tuple(line.meaning or line.value for line in after.lines),
        )
        for before, after in pairs
        if before.name not in _UNCHANGED and before.lines != after.lines
    )
