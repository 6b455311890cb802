"""What the chain itself says, as of one block: the contracts' journal slots, and what the ledger holds."""

from dataclasses import dataclass

from ledger.chain.blocks import read_block
from ledger.chain.state import BlockGone, BlockState, CallReverted, StatePruned, StateUnsaid
from ledger.journal.heads import unpack_slot
from ledger.terms.agreement import NATIVE_COIN

__all__ = ["BlockGone", "Sight", "StatePruned", "StateUnsaid"]

JOURNAL_SLOT = bytes(32)
_BALANCE_OF = "0x70a08231"
_GAS = 200_000


@dataclass(frozen=True)
class Sight(BlockState):
    """A node as of one block, for what the audit compares."""

    def journal(self, address: str) -> tuple[int, bytes]:
        """Number and head of a contract's newest entry."""
        return unpack_slot(self.word(address, JOURNAL_SLOT))

    def timestamp(self) -> int:
        """The block's time, in seconds since 1970."""
        block = read_block(self.node, self.number)
        if block is None:
            raise BlockGone(f"The node does not have block {self.number} any more.", "Run this again.")
        return block.timestamp

    def balance(self, token: str, holder: str) -> int | None:
        """Base units that the holder, a contract, has of a token, or of the chain's own coin; None when the
        token, which is anybody's contract, does not say.
        """
        if token == NATIVE_COIN:
            return self.coins(holder)
        data = _BALANCE_OF + holder[2:].lower().rjust(64, "0")
        try:
            answer = self.call(token, data, _GAS, holder)
        except CallReverted:
            return None
        return int.from_bytes(answer) if len(answer) == 32 else None
