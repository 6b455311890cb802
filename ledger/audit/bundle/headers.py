"""The headers between two blocks: with them, the hash of the later one proves the earlier."""

from collections.abc import Sequence
from typing import Any

import rlp
from rlp.exceptions import DecodingError

from ledger.chain import blocks
from ledger.chain.blocks import Block, block_of
from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.proof import header
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader

FILE = "headers.rlp"
PART = "Headers between the blocks"
MOST = 10_000
"""Headers that a bundle may hold: six megabytes."""
_BATCH = 100


def capture(node: Node, first: int, last: int) -> bytes:
    """RLP of the list of headers after block ``first`` and before ``last``. Raises LedgerError."""
    between = range(first + 1, last)
    if len(between) > MOST:
        raise LedgerError(
            f"There are {len(between):,} blocks between {first} and {last}, a bundle holds {MOST:,} headers.",
            "Leave --headers out: the auditor then needs the hash of both blocks.",
        )
    headers = []
    for begin in range(0, len(between), _BATCH):
        calls = [("eth_getBlockByNumber", [hex(number), False]) for number in between[begin : begin + _BATCH]]
        headers += [blocks.encoded(_there(block)) for block in node.rpc_batch(calls)]
    return bytes(rlp.encode(headers))


def _there(answer: Any) -> Block:
    block = block_of(answer)
    if block is None:
        raise LedgerError("The node does not have each block between the two.", "Ask another node.")
    return block


def check(content: bytes, opening: BlockHeader, closing: BlockHeader) -> None:
    """Raises ProofInvalid unless the headers lead from the closing block back to the opening one."""
    wanted = closing.parent_hash
    for encoded in reversed(_decoded(content)):
        wanted = header.read(encoded, wanted).parent_hash
    if wanted != opening.hash:
        raise ProofInvalid(PART, f"they lead to 0x{wanted.hex()}, not to the opening block")


def _decoded(content: bytes) -> Sequence[bytes]:
    try:
        items = rlp.decode(content)
    except DecodingError as error:
        raise ProofInvalid(PART, "they are no RLP") from error
    if not isinstance(items, list) or len(items) > MOST:
        raise ProofInvalid(PART, f"they are no list of at most {MOST} headers")
    if not all(isinstance(item, bytes) for item in items):
        raise ProofInvalid(PART, "one is no header")
    return items
