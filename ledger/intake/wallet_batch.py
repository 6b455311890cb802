"""Transactions that a contract wallet has to make, as the file that Safe's Transaction Builder loads."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress

from ledger.intake.transactions import Transaction


def wallet_batch(
    chain_id: int, wallet: ChecksumAddress, timestamp: int, transactions: Iterable[Transaction]
) -> dict[str, Any]:
    """The batch of one wallet; the others' transactions are left out. ``timestamp`` is the newest block's."""
    calls = [own for own in transactions if own.wallet == wallet]
    rows = sum(own.rows for own in calls)
    return {
        "version": "1.0",
        "chainId": str(chain_id),
        "createdAt": timestamp * 1000,
        "meta": {
            "name": "Partnership Ledger import",
            "description": f"{len(calls)} transactions for {rows} rows of the reports",
            "createdFromSafeAddress": wallet,
        },
        "transactions": [
            {
                "to": own.to,
                "value": "0",
                "data": own.data,
                "contractMethod": None,
                "contractInputsValues": None,
            }
            for own in calls
        ],
    }


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Writes a JSON file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(json.dumps(document, indent=2) + "\n")
    unfinished.replace(path)
