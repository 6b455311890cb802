"""Who may do what as of a block, from the changes that the mirror holds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from ledger.rules.powers import Change, Powers
from ledger.store.reading import Reading
from ledger.store.tables import PowerChange
from ledger.store.tables.powers import ARGUMENTS


def power_changes(reading: Reading) -> Sequence[Any]:
    """The rows up to the block, in the chain's order."""
    return reading.session.execute(
        select(*PowerChange.__table__.columns)
        .where(
            PowerChange.chain_id == reading.chain_id,
            PowerChange.contract == reading.manager,
            PowerChange.block_number <= reading.as_of.number,
        )
        .order_by(PowerChange.block_number, PowerChange.log_index)
    ).all()


def powers_of(reading: Reading) -> Powers:
    """Who may do what. Raises PowersBroken where somebody altered the rows into what cannot be."""
    return powers_from_rows(power_changes(reading))


def powers_from_rows(rows: Iterable[Any]) -> Powers:
    """As the rows say. Raises as `powers_of`."""
    powers = Powers()
    for row in rows:
        args: Mapping[str, Any] = {name: getattr(row, name) for name in ARGUMENTS}
        powers.take(Change(row.event, args, row.block_number, row.block_timestamp))
    return powers
