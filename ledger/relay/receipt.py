"""What a node says of a mined transaction, as the relayer needs it."""

from dataclasses import dataclass
from typing import Any, Self

from ledger.chain import answers
from ledger.chain.rpc import AnswerInvalid


@dataclass(frozen=True)
class Receipt:
    """``cost``: of its gas, in wei; ``block``: the number of the block in which it is."""

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
            return cls(
                hash_,
                answers.number(said["blockNumber"], 63),
                status == 1,
                answers.number(said["gasUsed"]) * price,
            )
        except (AttributeError, KeyError, ValueError, TypeError) as error:
            raise AnswerInvalid("eth_getTransactionReceipt", "a receipt", said) from error
