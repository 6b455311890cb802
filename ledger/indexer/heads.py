"""The contracts' own word on their journals: the newest entry's number and head, as of one block."""

from collections.abc import Mapping
from typing import Any

from ledger.chain.node import Node, RpcRefused
from ledger.indexer.entries import EntryRejected, Journals, Point
from ledger.indexer.fetch import ChainMoved
from ledger.indexer.scope import Scope

_JOURNAL = "0x61471425"
"""Selector of ``journal()``."""


def compare(node: Node, scope: Scope, journals: Journals, block: Point) -> None:
    """Raises `EntryRejected` for the first contract whose newest entry at the block is not the journal's.

    Raises `ChainMoved` when the node does not have the block any more.
    """
    for contract, (seq, head) in contract_heads(node, scope, block).items():
        journal = journals[contract]
        if (seq, head) == (journal.seq, journal.head):
            continue
        first = min(seq, journal.seq) + 1 if seq != journal.seq else seq
        why = (
            f"{journal.seq} entries are here, the contract has {seq}"
            if seq != journal.seq
            else f"the head here is 0x{journal.head.hex()}, the contract's is 0x{head.hex()}"
        )
        raise EntryRejected(scope.kinds[contract], journal, first, block.number, why)


def contract_heads(node: Node, scope: Scope, block: Point) -> Mapping[bytes, tuple[int, bytes]]:
    """(seq, head) of each contract at a block, which is named by its hash so that no other can be meant."""
    try:
        answers = _ask(node, scope, {"blockHash": "0x" + block.hash.hex()})
    except RpcRefused:
        # Not every node takes a hash (EIP-1898): by number then, and the hash looked at afterwards.
        answers = _ask(node, scope, hex(block.number))
        now = node.rpc("eth_getBlockByNumber", [hex(block.number), False])
        if now is None or now["hash"] != "0x" + block.hash.hex():
            raise ChainMoved(f"Block {block.number} is gone.") from None
    return {contract: _unpack(answer) for contract, answer in zip(scope.contracts, answers, strict=True)}


def _ask(node: Node, scope: Scope, block: Any) -> list[Any]:
    calls = [
        ("eth_call", [{"to": "0x" + contract.hex(), "data": _JOURNAL}, block]) for contract in scope.contracts
    ]
    try:
        return node.rpc_batch(calls)
    except RpcRefused:  # not every node takes batches
        return [node.rpc(method, params) for method, params in calls]


def _unpack(answer: Any) -> tuple[int, bytes]:
    raw = bytes.fromhex(answer[2:]) if isinstance(answer, str) else b""
    if len(raw) != 64:
        raise RpcRefused(
            "eth_call", {"message": "journal() did not answer two words; is this a ledger's contract?"}
        )
    return int.from_bytes(raw[:32]), raw[32:56]
