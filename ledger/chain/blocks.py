"""Blocks as a node answers them: which one it is, and when; nothing that its fields cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ledger.chain import answers
from ledger.chain.rpc import AnswerInvalid, RpcRefused
from ledger.proof import header

METHOD = "eth_getBlockByNumber"
_BITS = 63
"""What the tables hold of block numbers and times."""


class Asked(Protocol):
    """Whoever answers a question to a node."""

    def rpc(self, method: str, params: Sequence[Any], /) -> Any:
        """The result of one call."""


@dataclass(frozen=True, slots=True)
class Block:
    """``timestamp`` in seconds since 1970; ``raw`` is all that the node said of it."""

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp: int
    raw: Mapping[str, Any] = field(repr=False, compare=False)


def read_block(node: Asked, which: int | str) -> Block | None:
    """A block by number or tag, None where the node has none.

    Raises AnswerInvalid for anything but such a block, and as `Node.rpc`.
    """
    asked = which if isinstance(which, str) else hex(which)
    found = block_of(node.rpc(METHOD, [asked, False]))
    if found is not None and isinstance(which, int) and found.number != which:
        raise AnswerInvalid(METHOD, f"block {which}", {"number": found.number})
    return found


def newest_block(node: Asked) -> Block:
    """The node's newest block. Raises AnswerInvalid where it has none, and as `Node.rpc`."""
    found = read_block(node, "latest")
    if found is None:
        raise AnswerInvalid(METHOD, "its newest block", None)
    return found


def told_final(node: Asked) -> int | None:
    """Number of the newest block that the node says to be final; None where it does not say.

    A node without a consensus layer, or one that has just started, says block 0. Raises NodeUnreachable.
    """
    try:
        found = read_block(node, "finalized")
    except RpcRefused:
        return None
    return found.number if found is not None and found.number > 0 else None


def encoded(block: Block) -> bytes:
    """The RLP of a block's header, which its hash stands for.

    Raises AnswerInvalid for what is not a header, and ProofInvalid for one that does not make the hash.
    """
    try:
        return header.encode(block.raw)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid(METHOD, "a block's header", block.raw) from error


def block_of(answer: Any) -> Block | None:
    """The block in an answer, None for null. Raises AnswerInvalid for what is not a block."""
    if answer is None:
        return None
    try:
        return Block(
            answers.number(answer["number"], _BITS),
            answers.data(answer["hash"], 32),
            answers.data(answer["parentHash"], 32),
            answers.number(answer["timestamp"], _BITS),
            answer,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid(METHOD, "a block", answer) from error
