"""An entry as an answer shows it: JSON as ``schemas`` has it."""

from functools import lru_cache
from typing import Any

import orjson

from api.identifiers import checksummed, hexadecimal
from ledger.journal.events import decode
from ledger.terms.agreement import Terms
from ledger.terms.contracts import ContractName
from ledger.terms.payments import Invoice, Part, Portion

_ADDRESS_BYTES = 20
_KEPT = 8_192
"""Entries whose JSON is kept: decoding one takes a hundred times as long as reading it."""


def entry(row: Any, contract: ContractName) -> dict[str, Any]:
    """The entry, a row of the table, with its event's arguments: ``EntryBody``."""
    return {
        "contract": contract,
        "address": checksummed(row.contract),
        "seq": row.seq,
        "head": hexadecimal(row.head),
        "entry_hash": hexadecimal(row.entry_hash),
        "event": row.event,
        "args": {name: _json(value) for name, value in decode(contract, row.topics, row.data).args.items()},
        "block": {
            "number": row.block_number,
            "hash": hexadecimal(row.block_hash),
            "timestamp": row.block_timestamp,
        },
        "transaction_hash": hexadecimal(row.transaction_hash),
        "transaction_index": row.transaction_index,
        "log_index": row.log_index,
        "topics": [hexadecimal(each) for each in row.topics],
        "data": hexadecimal(row.data),
    }


def written(row: Any, contract: ContractName) -> orjson.Fragment:
    """The same as it is written: of equal rows once."""
    return _written(row._replace(topics=tuple(row.topics)), contract)


@lru_cache(_KEPT)
def _written(row: Any, contract: ContractName) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(entry(row, contract)))


def _json(value: Any) -> Any:
    """An event's argument: whole numbers as strings, since they may exceed what JSON readers keep exact."""
    if isinstance(value, Terms):
        return value.to_json()
    if isinstance(value, Part | Portion):
        return {name: _json(each) for name, each in value._asdict().items()}
    if isinstance(value, Invoice):
        return {name: _json(each) for name, each in vars(value).items()}
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    if isinstance(value, bytes):
        return checksummed(value) if len(value) == _ADDRESS_BYTES else hexadecimal(value)
    return str(value)
