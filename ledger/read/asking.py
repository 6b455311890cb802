"""Asking one text statement of a reading: it sees the rows of one deployment up to one block.

Every statement may name the chain and, of each journal, the contract and the number of its newest entry up
to the block: ``%(chain)s``, ``%(ledger)s`` and ``%(ledger_seq)s`` and so on (`GIVEN`); and ``%(now)s``, the
time of the block in seconds. ``seq <= %(ledger_seq)s`` is what makes an answer one as of the block; of what
a later entry closes, the number of the closing entry says whether it was closed by then.

How many rows are wanted is written into a statement: a plan for any number of them would be made for very
many, and PostgreSQL would rather plan anew each time.
"""

from collections.abc import Collection, Mapping
from typing import Any

from ledger.store import asked
from ledger.store.asked import Rows
from ledger.store.reading import Reading
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE, ContractName

GIVEN: Mapping[ContractName, str] = {
    PARTNERS: "partners",
    AGREEMENTS: "agreements",
    DEALS: "deals",
    REVENUE: "ledger",
}
"""By what name statements know each contract."""
NEWEST = 2**63 - 1
"""As number of the newest entry: none is later."""


NOW = "(SELECT timestamp FROM chain.checkpoint WHERE chain_id = %(chain)s AND deployment = %(ledger)s)"
"""In statements that are asked before anyone knows the time of the newest block (`at_once`)."""


def ask(reading: Reading, statement: str, **given: Any) -> Rows:
    """The statement's rows. Collections that are given become arrays."""
    seqs = None if reading.newest else reading.seqs
    values = values_of(reading.chain_id, reading.contracts, seqs, given)
    values["now"] = reading.as_of.timestamp
    return asked.ask(reading.session.connection(), (statement, values))


def values_of(
    chain_id: int,
    contracts: Mapping[ContractName, bytes],
    seqs: Mapping[ContractName, int] | None,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """What statements may name, but for ``now``; ``seqs``: None for the newest block."""
    values: dict[str, Any] = {"chain": chain_id}
    for contract, name in GIVEN.items():
        values[name] = contracts[contract]
        values[f"{name}_seq"] = NEWEST if seqs is None else seqs[contract]
    for name, value in given.items():
        values[name] = _value(value)
    return values


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, Collection) and not isinstance(value, str | bytes) else value
