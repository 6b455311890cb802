"""The contracts' own word on their journals: the newest entry's number and head, as of one block."""

from collections.abc import Mapping
from typing import Any

from ledger.chain import answers
from ledger.chain.blocks import read_block
from ledger.chain.node import AnswerInvalid, Node, RpcRefused
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
        if not seq:  # no contract loses its entries, but a node without the block's state says zero
            raise AnswerInvalid("eth_call", f"the head of a journal with {journal.seq} entries", seq)
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
        now = read_block(node, block.number)
        if now is None or now.hash != block.hash:
            raise ChainMoved(f"Block {block.number} is gone.") from None
    return {contract: _unpack(answer) for contract, answer in zip(scope.contracts, answers, strict=True)}


def _ask(node: Node, scope: Scope, block: Any) -> list[Any]:
    return node.rpc_batch(
        [
            ("eth_call", [{"to": "0x" + contract.hex(), "data": _JOURNAL}, block])
            for contract in scope.contracts
        ]
    )


def _unpack(answer: Any) -> tuple[int, bytes]:
    try:
        raw = answers.data(answer, 64)
    except ValueError as error:
        raise AnswerInvalid("eth_call", "the two words of a contract's journal()", answer) from error
    return int.from_bytes(raw[:32]), raw[32:56]
