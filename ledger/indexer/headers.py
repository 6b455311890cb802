"""A block as a node shows it, and whether its hash stands for what is shown.

A block's hash is what the mirror, its journals' heads and every proof hang on; its time is only said beside
it. So every header that is read is hashed:

- its fields make its hash: it is verified, whatever else the node says of the block;
- they do not, and it has a field that is known neither here nor from a header of this chain that does: the
  chain, or a later fork of it, has headers of its own. The block is taken, *unverified*, with that field's
  name; the mirror marks it, and all that rests on it says so (`Block.verified`);
- they do not, and nothing explains it: the node lies, or leaves out what it should say. Nothing of it is
  taken.

Which of these it is depends on the header alone and on those beside it, never on a setting that somebody
forgot; only for chains that hash otherwise with the same fields one has to say so (``any_hash``).
"""

from typing import Any

from ledger.chain import blocks
from ledger.chain.rpc import AnswerInvalid
from ledger.errors import LedgerError
from ledger.indexer.entries import Header
from ledger.proof import header as headers
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import HeaderUnknown

MOST_FIELDS, LONGEST_FIELD = 100, 40
"""Of what a node makes up, no more is kept; it is named and stored."""
ANY_HASH = "(none: PLEDGER_HEADERS is unverified)"
"""Stands for the unknown fields of a header that has none, on a chain of which its operator said so."""


class HeaderFalse(LedgerError):
    """A node gave a block whose fields do not make its hash. ``block`` is its number."""

    def __init__(self, block: int, why: str) -> None:
        super().__init__(
            f"The node gives a false header of block {block}: {why}.",
            "Its time or another field is altered or left out; nothing of it was stored. Try another node. "
            "If this chain makes block hashes otherwise than Ethereum, set PLEDGER_HEADERS=unverified: its "
            "times are then mirrored as unverified.",
        )
        self.block = block


class HeaderReader:
    """Reads headers of one chain. ``any_hash``: its hashes are made otherwise, its operator says."""

    def __init__(self, *, any_hash: bool = False) -> None:
        self.any_hash = any_hash
        self._beside: set[str] = set()
        """Fields that are unknown, and are in no hash: headers that have them were verified."""

    def read(self, answer: Any) -> Header | None:
        """What ``eth_getBlockByNumber`` answered; None where there is no such block.

        Raises AnswerInvalid when it is not a block, HeaderFalse when it is not what its hash stands for.
        """
        found = blocks.block_of(answer)
        if found is None:
            return None
        try:
            unknown = self._unknown(found.number, answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise AnswerInvalid(blocks.METHOD, "a block", answer) from error
        return Header(found.number, found.hash, found.timestamp, found.parent_hash, unknown)

    def _unknown(self, number: int, answer: Any) -> tuple[str, ...]:
        try:
            headers.encode(answer)
        except HeaderUnknown as error:
            fields = [field[:LONGEST_FIELD] for field in error.fields if field not in self._beside]
            if not fields and not self.any_hash:
                raise HeaderFalse(number, "its fields do not make its hash") from error
            return tuple(fields[:MOST_FIELDS]) or (ANY_HASH,)
        except ProofInvalid as error:
            if not self.any_hash:
                raise HeaderFalse(number, error.why) from error
            return (ANY_HASH,)
        if len(self._beside) < MOST_FIELDS:
            self._beside.update(headers.unknown_fields(answer)[:MOST_FIELDS])
        return ()
