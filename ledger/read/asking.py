"""Asking one text statement of a reading: it sees the rows of one deployment up to one block.

Every statement may name the chain and, of each journal, the contract and the number of its newest entry up
to the block: ``%(chain)s``, ``%(ledger)s`` and ``%(ledger_seq)s`` and so on (`GIVEN`); and ``%(now)s``, the
time of the block in seconds. ``seq <= %(ledger_seq)s`` is what makes an answer one as of the block; of what
a later entry closes, the number of the closing entry says whether it was closed by then.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ledger.store.reading import ContractName, Reading

GIVEN: Mapping[ContractName, str] = {
    "PartnerRegistry": "partners",
    "AgreementRegistry": "agreements",
    "DealRegistry": "deals",
    "RevenueLedger": "ledger",
}
"""By what name statements know each contract."""
NEWEST = 2**63 - 1
"""As number of the newest entry: none is later."""


def ask(reading: Reading, statement: str, **given: Any) -> Sequence[Any]:
    """The statement's rows, whose columns are attributes. Collections that are given become arrays."""
    values = _of(reading) | {name: _value(value) for name, value in given.items()}
    connection = reading.session.connection()
    return connection.exec_driver_sql(statement, values).all()


def _of(reading: Reading) -> dict[str, Any]:
    values: dict[str, Any] = {"chain": reading.chain_id, "now": reading.as_of.timestamp}
    for contract, name in GIVEN.items():
        values[name] = reading.contracts[contract]
        values[f"{name}_seq"] = NEWEST if reading.newest else reading.seqs[contract]
    return values


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, Collection) and not isinstance(value, str | bytes) else value
