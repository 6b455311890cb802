"""Waiting for a transaction that is out. Whatever the node does meanwhile, its hash is told."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from hexbytes import HexBytes
from web3.types import TxReceipt

from ledger.chain import answers
from ledger.chain.node import Node, NodeUnreachable
from ledger.chain.rpc import AnswerInvalid, RpcRefused
from ledger.errors import LedgerError

RECEIPT_SECONDS = 300
"""How long a transaction is waited for."""
SILENT_SECONDS = 20
"""How long a node may be silent meanwhile."""
_METHOD = "eth_getTransactionReceipt"
_SHORTEST, _LONGEST = 0.02, 2.0


class Unconfirmed(LedgerError):
    """A transaction was ``sent``, or may have been, and nobody can say what became of it. ``hashes``: under
    which it can be looked up.
    """

    def __init__(self, action: str, hashes: Sequence[bytes], why: str, *, sent: bool = True) -> None:
        shown = " or ".join("0x" + each.hex() for each in hashes)
        super().__init__(
            f"{action} {'was' if sent else 'may have been'} sent, in transaction {shown}, but {why}.",
            "It may still be mined: look that transaction up before you send it again.",
        )
        self.hashes = tuple(hashes)


def wait_for(node: Node, hashes: Sequence[bytes], action: str) -> TxReceipt:
    """The receipt of the one of these transactions that is mined: of several, only one can be.

    Errors meanwhile are not an answer: a node may be indexing, busy, or be started again. Raises Unconfirmed.
    """
    began = heard = time.monotonic()
    pause, trouble = _SHORTEST, ""
    while True:
        try:
            for each in hashes:
                receipt = receipt_of(node, each)
                if receipt is not None:
                    return receipt
            heard, trouble = time.monotonic(), ""
        except NodeUnreachable as error:
            trouble = error.what
            if time.monotonic() - heard > SILENT_SECONDS:
                raise Unconfirmed(
                    action, hashes, f"then the node fell silent: {trouble.rstrip('.')}"
                ) from error
        except RpcRefused as error:
            heard, trouble = time.monotonic(), error.what
        if time.monotonic() - began > RECEIPT_SECONDS:
            after = f" ({trouble.rstrip('.')})" if trouble else ""
            raise Unconfirmed(action, hashes, f"it is not mined after {RECEIPT_SECONDS} seconds{after}")
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST)


@dataclass(frozen=True)
class Receipt:
    """What a node says of a mined transaction. ``cost``: of its gas, in wei; ``block``: the number of the
    block in which it is.
    """

    hash: bytes
    block: int
    succeeded: bool
    cost: int

    @classmethod
    def read(cls, hash_: bytes, said: Any) -> Self:
        """Raises AnswerInvalid for what is not a receipt of that transaction."""
        try:
            if answers.data(said["transactionHash"], 32) != hash_:
                raise ValueError("it is of another transaction")
            status = answers.number(said["status"])
            if status not in (0, 1):
                raise ValueError("it does not say how it went")
            price = answers.number(said.get("effectiveGasPrice") or "0x0")
            block = answers.number(said["blockNumber"], 63)
            return cls(hash_, block, status == 1, answers.number(said["gasUsed"]) * price)
        except (AttributeError, KeyError, ValueError, TypeError) as error:
            raise AnswerInvalid(_METHOD, "its receipt", said) from error

    @classmethod
    def of(cls, node: Node, transaction: bytes) -> Self | None:
        """None while the node has none. Raises AnswerInvalid, and as `Node.rpc`."""
        said = node.rpc(_METHOD, ["0x" + transaction.hex()])
        return None if said is None else cls.read(transaction, said)


def receipt_of(node: Node, transaction: bytes) -> TxReceipt | None:
    """The receipt of a transaction as web3 has it, which reads events from it; None while the node has none.

    Raises as `Receipt.of`.
    """
    said = node.rpc(_METHOD, ["0x" + transaction.hex()])
    if said is None:
        return None
    from ledger.chain.web3_door import web3_that_hears

    Receipt.read(transaction, said)
    try:
        if not isinstance(said["logs"], list):
            raise ValueError("it has no list of logs")
        if said.get("contractAddress") is not None:
            answers.data(said["contractAddress"], 20)
        return web3_that_hears(said).eth.get_transaction_receipt(HexBytes(transaction))
    except Exception as error:  # web3 raises whatever comes of what it did not expect
        raise AnswerInvalid(_METHOD, "its receipt", said) from error


def is_known(node: Node, transaction: bytes) -> bool:
    """Whether the node has the transaction, mined or waiting. Raises as `Node.rpc`."""
    found: Any = node.rpc("eth_getTransactionByHash", ["0x" + transaction.hex()])
    return isinstance(found, dict) and str(found.get("hash", "")).lower() == "0x" + transaction.hex()
