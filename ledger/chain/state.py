"""What contracts had stored in one block: an answer that is sure, or a refusal. Nothing is taken for zero.

A node that has pruned a block's state, or never had it, says so in an error; or it answers null, "0x" or
zeros, which an empty contract would answer too.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.chain import answers
from ledger.chain.blocks import read_block
from ledger.chain.node import Node
from ledger.chain.rpc import AnswerInvalid, NodeFailed, RpcRefused
from ledger.errors import LedgerError

_PAUSES = (0.0, 0.2, 0.8)
"""Seconds before each try: a bad moment passes."""
_PRUNED = "Most nodes keep that of the newest blocks only: name an archive node, or a newer block."
_AGAIN = "It may be a bad moment of the node: run this again. If it stays so, name another node."


class BlockGone(LedgerError):
    """The node does not have the block that is asked about."""


class StateUnsaid(NodeFailed):
    """The node does not say what the state of a block is: a bad moment of it, as far as is known."""


class StatePruned(StateUnsaid):
    """The node answers the same for its newest block, and no longer for this one."""


class CallReverted(LedgerError):
    """The contract refused a call: that is its answer."""


@dataclass(frozen=True)
class BlockState:
    """A node as of one block: by its hash where the node takes hashes (EIP-1898), else by its number, and
    then it is looked whether that is still the block.

    Every question raises `StateUnsaid` when the node does not answer it (`StatePruned` where it is known that
    it has not kept the block's state) and NodeUnreachable.
    """

    node: Node
    number: int
    hash: bytes

    def require_block(self) -> None:
        """Raises `BlockGone` unless the node's chain has this block."""
        block = read_block(self.node, self.number)
        if block is None or block.hash != self.hash:
            raise BlockGone(
                f"The node's chain does not have block {self.number} (0x{self.hash.hex()}).",
                "Run `pledger index --once`: the mirror may not have followed a reorganisation yet.",
            )

    def word(self, contract: str, slot: bytes) -> bytes:
        """What a contract, which must be there in the block, has in a slot of its storage: 32 bytes."""
        # The slot is written out: some nodes want the whole word.
        answer = self._sure("eth_getStorageAt", contract, "0x" + slot.hex())
        found = self._read("eth_getStorageAt", "a word of storage", answer, answers.number)
        if not found:
            self._require_state(contract)
        return int(found).to_bytes(32)

    def code(self, address: str) -> bytes:
        """The code at an address; nothing where the node says so, as one without the block's state does too:
        whoever takes that for an answer must have seen another contract's code.
        """
        for pause in _PAUSES:
            time.sleep(pause)
            found = self._code(address)
            if found:
                break
        return found

    def words(self, contract: str, slots: Sequence[bytes]) -> list[bytes]:
        """As `word`, of many slots, in as few requests as the node takes."""
        named = {"blockHash": "0x" + self.hash.hex()}
        try:
            calls = [("eth_getStorageAt", (contract, "0x" + slot.hex(), named)) for slot in slots]
            found = [answers.number(answer).to_bytes(32) for answer in self.node.rpc_batch(calls)]
        except (RpcRefused, ValueError):
            found = []
        # Zeros alone are what a node without the state says too: one by one shows which it is.
        return found if any(map(any, found)) else [self.word(contract, slot) for slot in slots]

    def coins(self, holder: str) -> int:
        """Wei of the chain's own coin that a contract, which must be there in the block, has."""
        answer = self._sure("eth_getBalance", holder)
        found: int = self._read("eth_getBalance", "a balance", answer, answers.number)
        if not found:
            self._require_state(holder)
        return found

    def call(self, to: str, data: str, gas: int, witness: str) -> bytes:
        """What a contract, anybody's, answers to a call. Raises `CallReverted` when it refuses.

        ``witness`` is a contract that must be there in the block: with its code, the node has the state.
        """
        answer = self._sure("eth_call", {"to": to, "data": data, "gas": hex(gas)})
        found: bytes = self._read("eth_call", "bytes", answer, answers.data)
        if not any(found):
            self._require_state(witness)
        return found

    def _code(self, address: str) -> bytes:
        try:
            found = self.node.rpc("eth_getCode", [address, {"blockHash": "0x" + self.hash.hex()}])
        except RpcRefused:
            try:
                found = self.node.rpc("eth_getCode", [address, hex(self.number)])
            except RpcRefused as error:
                raise self._unsaid(error.message, "eth_getCode", address) from error
            self.require_block()
        return bytes(self._read("eth_getCode", "code", found, answers.data))

    def _require_state(self, contract: str) -> None:
        """Of all that a contract has, its code alone is never nothing."""
        answer = self._sure("eth_getCode", contract)
        if not any(self._read("eth_getCode", "code", answer, answers.data)):
            raise self._unsaid(f"it says that there is no contract at {contract}", "eth_getCode", contract)

    def _sure(self, method: str, *params: Any) -> Any:
        """An answer that is one, asked for again after a moment when it is none."""
        failure: RpcRefused | None = None
        for pause in _PAUSES:
            time.sleep(pause)
            for named in ({"blockHash": "0x" + self.hash.hex()}, hex(self.number)):
                try:
                    answer = self.node.rpc(method, [*params, named])
                    if answer is not None and (answer != "0x" or method == "eth_call"):
                        return self._still(named, answer)
                    failure = AnswerInvalid(method, "what is in the block", answer)
                except RpcRefused as error:
                    failure = error
                    if method == "eth_call" and error.is_revert:
                        raise CallReverted(f"A contract refused a call: {error.message}.") from error
        raise self._unsaid(failure.message if failure else "it does not answer", method, *params) from failure

    def _still(self, named: Any, answer: Any) -> Any:
        if isinstance(named, str):
            self.require_block()
        return answer

    def _read(self, method: str, expected: str, answer: Any, reader: Any) -> Any:
        try:
            return reader(answer)
        except ValueError as error:
            raise StateUnsaid(self._what(AnswerInvalid(method, expected, answer).message), _AGAIN) from error

    def _unsaid(self, why: str, method: str, *params: Any) -> StateUnsaid:
        """The newest block's state is what every node has: who does not say that one either has a bad moment,
        and may have kept all the others.
        """
        try:
            says = self.node.newest().number > self.number and _says_something(
                self.node.rpc(method, [*params, "latest"])
            )
        except RpcRefused:
            says = False
        return StatePruned(self._what(why), _PRUNED) if says else StateUnsaid(self._what(why), _AGAIN)

    def _what(self, why: str) -> str:
        return f"{self.node.place} does not say what the state of block {self.number} is: {why}."


def _says_something(answer: Any) -> bool:
    """Whether it is more than zeros, which a node also answers for what it does not have."""
    return isinstance(answer, str) and bool(answer.lower().removeprefix("0x").strip("0"))
