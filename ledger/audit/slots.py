"""What the chain itself says, as of one block: the contracts' journal slots, and what the ledger holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.chain.journal import unpack_slot
from ledger.chain.node import Node, RpcRefused
from ledger.chain.terms import NATIVE_COIN
from ledger.errors import LedgerError

_SLOT = "0x" + "00" * 32
"""The journal is storage slot 0. Written out: some nodes want the whole word."""
_BALANCE_OF = "0x70a08231"
_GAS = 200_000


class BlockGone(LedgerError):
    """The node does not have the block that the mirror is at."""


class StatePruned(LedgerError):
    """The node has the block, and no longer says what its state was."""


@dataclass(frozen=True)
class Sight:
    """A node as of one block: by its hash where the node takes hashes (EIP-1898), else by its number.

    Every question about the block's state raises ``StatePruned`` when the node has it no more.
    """

    node: Node
    number: int
    hash: bytes

    def require_block(self) -> None:
        """Raises ``BlockGone`` unless the node's chain has this block."""
        block = self.node.rpc("eth_getBlockByNumber", [hex(self.number), False])
        if block is None or block["hash"] != "0x" + self.hash.hex():
            raise BlockGone(
                f"The node's chain does not have block {self.number} (0x{self.hash.hex()}).",
                "Run `pledger index --once`: the mirror may not have followed a reorganisation yet.",
            )

    def journal(self, address: str) -> tuple[int, bytes]:
        """Number and head of a contract's newest entry."""
        answer = self._ask("eth_getStorageAt", address, _SLOT)
        return unpack_slot(bytes.fromhex(answer[2:].rjust(64, "0")))

    def timestamp(self) -> int:
        """The block's time, in seconds since 1970."""
        block = self.node.rpc("eth_getBlockByNumber", [hex(self.number), False])
        return int(block["timestamp"], 16)

    def balance(self, token: str, holder: str) -> int | None:
        """Base units that the holder has of a token, or of the chain's own coin; None when the token, which
        is anybody's contract, does not say.
        """
        if token == NATIVE_COIN:
            return int(self._ask("eth_getBalance", holder), 16)
        call = {"to": token, "data": _BALANCE_OF + holder[2:].lower().rjust(64, "0"), "gas": hex(_GAS)}
        try:
            answer = bytes.fromhex(self._ask("eth_call", call)[2:])
        except (RpcRefused, ValueError):
            return None
        return int.from_bytes(answer) if len(answer) == 32 else None

    def _ask(self, method: str, *params: Any) -> str:
        try:
            answer = self.node.rpc(method, [*params, {"blockHash": "0x" + self.hash.hex()}])
        except RpcRefused:
            # by number then; the hash was looked at beforehand, and is again by whoever asks about another
            # block
            return self._ask_by_number(method, params)
        return str(answer)

    def _ask_by_number(self, method: str, params: Sequence[Any]) -> str:
        try:
            return str(self.node.rpc(method, [*params, hex(self.number)]))
        except RpcRefused as error:
            if method == "eth_call":  # the contract may have refused, and not the node
                raise
            raise StatePruned(
                f"{self.node.place} has no state of block {self.number} any more: {error.message}.",
                "Most nodes keep that of the newest blocks only: name an archive node with --rpc-url, "
                "or a newer block.",
            ) from error
