"""One block's logs by its receipts, for a node that does not give them whole by themselves.

Every receipt of a block is in the root that stands in its header, and the header is what the block's hash is
of: a node that leaves one out, or alters one, is noticed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.chain import answers, blocks
from ledger.chain.blocks import Block, read_block
from ledger.chain.node import Node
from ledger.chain.rpc import AnswerInvalid, RpcRefused
from ledger.proof import contents, trie
from ledger.proof.contents import KindUnknown
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import HeaderUnknown

Log = Mapping[str, Any]
_WHOLE, _SINGLE = "eth_getBlockReceipts", "eth_getTransactionReceipt"
_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def block_logs(
    node: Node,
    asked: Mapping[str, Any],
    number: int,
    *,
    any_hash: bool = False,
    most_bytes: int | None = None,
) -> list[Log]:
    """All logs of a block that are by ``asked``'s addresses and topics, as ``eth_getLogs`` gives them, from
    receipts that make the root in the block's header.

    ``any_hash``: the chain makes block hashes otherwise than Ethereum; ``most_bytes`` of an answer are read.
    Raises RpcRefused when the node does not give them, or gives others; otherwise as `Node.rpc`.
    """
    block = read_block(node, number)
    if block is None:
        raise AnswerInvalid(blocks.METHOD, f"block {number}", None)
    try:
        if not any_hash:
            _require_true(block)
        hashes = [answers.data(each, 32) for each in block.raw["transactions"]]
        receipts = _receipts(node, number, hashes, most_bytes)
        if trie.root_of_list([*map(contents.receipt, receipts)]) != answers.data(
            block.raw["receiptsRoot"], 32
        ):
            raise RpcRefused(_WHOLE, f"those of block {number} do not make the root in its header")
        return [log for log in _logs(block, hashes, receipts) if _is_asked_for(log, asked)]
    except KindUnknown as error:
        raise RpcRefused(_WHOLE, f"of block {number}, {error}") from error
    except _MALFORMED as error:
        raise RpcRefused(_WHOLE, f"what it says of block {number} is malformed ({error!r})") from error


def _require_true(block: Block) -> None:
    try:
        blocks.encoded(block)
    except HeaderUnknown:
        pass  # a later fork's: the node's word, as in the mirror
    except ProofInvalid as error:
        raise RpcRefused(blocks.METHOD, f"the header of block {block.number}: {error.why}") from error


def _receipts(node: Node, number: int, hashes: Sequence[bytes], most_bytes: int | None) -> Sequence[Log]:
    """One for each transaction, in their order: not every node gives all of a block's at once."""
    try:
        found = node.rpc(_WHOLE, [hex(number)], most_bytes=most_bytes)
    except RpcRefused:
        found = None
    if not isinstance(found, list) or len(found) != len(hashes):
        found = [node.rpc(_SINGLE, ["0x" + each.hex()], most_bytes=most_bytes) for each in hashes]
    for own, receipt in zip(hashes, found, strict=True):
        if receipt is None or answers.data(receipt["transactionHash"], 32) != own:
            raise RpcRefused(_SINGLE, f"it has none of the transaction 0x{own.hex()}")
    return found


def _logs(block: Block, hashes: Sequence[bytes], receipts: Sequence[Log]) -> Iterator[Log]:
    """Their places are counted: what a node says of them is in no root."""
    place = 0
    for number, (transaction, receipt) in enumerate(zip(hashes, receipts, strict=True)):
        for log in receipt["logs"]:
            yield {
                "address": log["address"],
                "topics": log["topics"],
                "data": log["data"],
                "blockNumber": hex(block.number),
                "blockHash": "0x" + block.hash.hex(),
                "transactionHash": "0x" + transaction.hex(),
                "transactionIndex": hex(number),
                "logIndex": hex(place),
                "removed": False,
            }
            place += 1


def _is_asked_for(log: Log, asked: Mapping[str, Any]) -> bool:
    """As nodes choose by ``address`` and ``topics``: one, any of several, or (null) whichever."""
    if not _is_one_of(log["address"], asked.get("address")):
        return False
    wanted = asked.get("topics") or []
    topics = log["topics"]
    return len(topics) >= len(wanted) and all(map(_is_one_of, topics, wanted))


def _is_one_of(said: str, wanted: Any) -> bool:
    some = [wanted] if isinstance(wanted, str) else wanted
    return some is None or said.lower() in {each.lower() for each in some}
