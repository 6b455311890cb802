"""A log in a block, proved from the block's receipts root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rlp

from ledger.proof import trie
from ledger.proof.errors import ProofInvalid
from ledger.proof.trie import Trie

_RECEIPT_FIELDS, _LOG_FIELDS = 4, 3
_HIGHEST_TYPE = 0x7F
"""A typed receipt (EIP-2718) begins with its type; an old one as an RLP list does, with 0xc0 or more."""


@dataclass(frozen=True)
class Log:
    """A log as a receipt holds it."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


def trie_of(receipts: Sequence[Mapping[str, Any]]) -> Trie:
    """The trie of a block's receipts, in the block's order, from what ``eth_getBlockReceipts`` answers."""
    return Trie({_key(index): _encoded(receipt) for index, receipt in enumerate(receipts)})


def proof(receipts: Trie, index: int) -> list[bytes]:
    """The nodes that lead to the receipt of the transaction at this place in the block."""
    return receipts.proof(_key(index))


def logs(receipts_root: bytes, index: int, nodes: Sequence[bytes], part: str) -> tuple[Log, ...]:
    """The logs of the transaction at this place in the block. Raises ProofInvalid."""
    raw = trie.read(receipts_root, _key(index), nodes, part)
    if not raw:
        raise ProofInvalid(part, f"the block has no transaction {index}")
    receipt = rlp.decode(raw[1:] if raw[0] <= _HIGHEST_TYPE else raw)
    if len(receipt) != _RECEIPT_FIELDS or any(len(log) != _LOG_FIELDS for log in receipt[3]):
        raise ProofInvalid(part, "it leads to no receipt")
    return tuple(Log(address, tuple(topics), data) for address, topics, data in receipt[3])


def _key(index: int) -> bytes:
    return bytes(rlp.encode(index))


def _encoded(receipt: Mapping[str, Any]) -> bytes:
    kind = int(receipt.get("type", "0x0"), 16)
    first = receipt.get("root") or receipt["status"]
    encoded = bytes(
        rlp.encode(
            [
                _bytes(first) if receipt.get("root") else int(first, 16),
                int(receipt["cumulativeGasUsed"], 16),
                _bytes(receipt["logsBloom"]),
                [
                    [_bytes(log["address"]), [_bytes(topic) for topic in log["topics"]], _bytes(log["data"])]
                    for log in receipt["logs"]
                ],
            ]
        )
    )
    return bytes([kind]) + encoded if kind else encoded


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])
