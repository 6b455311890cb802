"""The headers between two blocks: with them, the hash of the later one proves the earlier."""

from collections.abc import Sequence

import rlp
from rlp.exceptions import DecodingError

from ledger.proof import header
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader

FILE = "headers.rlp"
PART = "Headers between the blocks"
MOST = 10_000
"""Headers that a bundle may hold: six megabytes."""


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
        raise ProofInvalid(PART, "they are not RLP") from error
    if not isinstance(items, list) or len(items) > MOST:
        raise ProofInvalid(PART, f"expected a list of at most {MOST} headers")
    if not all(isinstance(item, bytes) for item in items):
        raise ProofInvalid(PART, "one is not a header")
    return items
