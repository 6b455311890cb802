"""The access manager's log, as a node has it: every change of who may do what, in the chain's order.

Whether they are all is not known here: see `ledger.audit.powers_proof`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.chain import answers
from ledger.chain.blocks import METHOD, block_of
from ledger.chain.logs import METHOD as LOGS
from ledger.chain.logs import logs_between, raw_log
from ledger.chain.manager import decode_change
from ledger.chain.node import AnswerInvalid, Node
from ledger.chain.state import BlockGone
from ledger.rules.powers import Change, Powers


@dataclass(frozen=True, slots=True)
class ManagerLog:
    """A log of the access manager, its block and place."""

    block_number: int
    block_hash: bytes
    block_timestamp: int
    transaction_hash: bytes
    transaction_index: int
    log_index: int
    topics: tuple[bytes, ...]
    data: bytes

    def change(self) -> Change:
        """What it says. Raises EventUnreadable for what no access manager emits."""
        event, args = decode_change(self.topics, self.data)
        return Change(event, args, self.block_number, self.block_timestamp)


def manager_logs(node: Node, manager: str, first: int, last: int) -> list[ManagerLog]:
    """All of them in the blocks first to last. Raises BlockGone when the chain moves meanwhile, and as
    `Node.rpc`.
    """
    found = [_placed(log) for log in logs_between(node, {"address": manager}, first, last)]
    numbers = sorted({log["block_number"] for log in found})
    blocks = {}
    for answer in node.rpc_batch([(METHOD, [hex(number), False]) for number in numbers]):
        block = block_of(answer)
        if block is not None:
            blocks[block.number] = block
    logs = []
    for each in sorted(found, key=lambda log: (log["block_number"], log["log_index"])):
        block = blocks.get(each["block_number"])
        if block is None or block.hash != each["block_hash"]:
            raise BlockGone(
                f"Block {each['block_number']} changed while it was read.", "Run the same command again."
            )
        logs.append(ManagerLog(**each, block_timestamp=block.timestamp))
    return logs


def powers_from(logs: Iterable[ManagerLog]) -> Powers:
    """Who may do what after these. Raises PowersBroken or EventUnreadable."""
    powers = Powers()
    for log in logs:
        powers.take(log.change())
    return powers


def _placed(log: Mapping[str, Any]) -> dict[str, Any]:
    topics, data = raw_log(log)
    try:
        return {
            "block_number": answers.number(log["blockNumber"], 63),
            "block_hash": answers.data(log["blockHash"], 32),
            "transaction_hash": answers.data(log["transactionHash"], 32),
            "transaction_index": answers.number(log["transactionIndex"], 63),
            "log_index": answers.number(log["logIndex"], 63),
            "topics": tuple(topics),
            "data": data,
        }
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid(LOGS, "a log", log) from error
