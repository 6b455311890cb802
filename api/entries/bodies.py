"""An entry as an answer shows it."""

from typing import Any

from api.entries.schemas import BlockReference, EntryBody
from api.identifiers import checksummed, hexadecimal
from ledger.journal.events import decode
from ledger.terms.agreement import Terms
from ledger.terms.contracts import ContractName
from ledger.terms.payments import Part

_ADDRESS_BYTES = 20


def entry_body(row: Any, contract: ContractName) -> EntryBody:
    """The entry, a row of the table, with its event's arguments."""
    return EntryBody(
        contract=contract,
        address=row.contract,
        seq=row.seq,
        head=row.head,
        entry_hash=row.entry_hash,
        event=row.event,
        args={name: _json(value) for name, value in decode(contract, row.topics, row.data).args.items()},
        block=BlockReference(number=row.block_number, hash=row.block_hash, timestamp=row.block_timestamp),
        transaction_hash=row.transaction_hash,
        transaction_index=row.transaction_index,
        log_index=row.log_index,
        topics=row.topics,
        data=hexadecimal(row.data),
    )


def _json(value: Any) -> Any:
    """An event's argument: whole numbers as strings, since they may exceed what JSON readers keep exact."""
    if isinstance(value, Terms):
        return value.to_json()
    if isinstance(value, Part):
        return {name: _json(each) for name, each in value._asdict().items()}
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    if isinstance(value, bytes):
        return checksummed(value) if len(value) == _ADDRESS_BYTES else hexadecimal(value)
    return str(value)
