"""Blocks whose times are the node's word alone: asked for again, when somebody may know more of them.

That may be a newer version of this program, which knows a fork's fields; another node, which leaves none out
and adds none; or the first indexer after an upgrade of a database whose blocks nobody had looked at.
"""

from ledger.indexer.entries import Point
from ledger.indexer.fetch import HEADERS_AT_ONCE, Fetcher
from ledger.indexer.mirror import Mirror


def look_again(fetcher: Fetcher, mirror: Mirror) -> Point | None:
    """Marks the blocks whose fields make their hash now. Returns the oldest of which they show that the time
    here is not the block's: whoever said it lied.

    Newest first, as far as there is something to mark: where a chain's headers can never be hashed, that is
    one request. Raises as `Fetcher.present` does.
    """
    false = None
    below = 0 if mirror.checkpoint is None else mirror.checkpoint.number + 1
    while known := mirror.unverified_below(below, HEADERS_AT_ONCE):
        now = fetcher.present([block.number for block in known])
        hashed = [
            (block, header.timestamp)
            for block, header in zip(known, now, strict=True)
            if header is not None and header.hash == block.hash and header.verified
        ]
        if not hashed:
            break
        mirror.verify([block.number for block, timestamp in hashed if timestamp == block.timestamp])
        false = next((block for block, timestamp in reversed(hashed) if timestamp != block.timestamp), false)
        below = known[-1].number
    return false
