"""Is the chain that the mirror stands on still the node's? If not, where do the two part?"""

from ledger.indexer.entries import Point
from ledger.indexer.fetch import HEADERS_AT_ONCE, ChainMoved, Fetcher
from ledger.indexer.mirror import Mirror


def stands(fetcher: Fetcher, mirror: Mirror, newest: Point) -> bool:
    """Whether the mirror's checkpoint is on the node's chain, as far as the node's chain goes.

    A node that is behind, and agrees as far as it has come, is not a reorganisation. Raises `ChainMoved` when
    it does not have a block that is older than its newest.
    """
    checkpoint = mirror.checkpoint
    if checkpoint is None:
        return True
    if newest.number < checkpoint.number:
        known = mirror.blocks_below(newest.number + 1, 1)
        if not known:
            return True
        checkpoint = known[0]
    if newest.number == checkpoint.number:
        return newest.hash == checkpoint.hash
    return _present(fetcher.header(checkpoint.number), checkpoint).hash == checkpoint.hash


def common_ancestor(fetcher: Fetcher, mirror: Mirror, newest: Point) -> Point | None:
    """The newest block that mirror and node both have, ``None`` when there is none.

    The mirror keeps the hash of every block that is not final or carries entries. So however deep the
    reorganisation, no entry after the block found here is on the node's chain, and none before it was missed.
    Raises `ChainMoved` as `stands` does: entries are not taken back because a node forgot a block.
    """
    below = 0 if mirror.checkpoint is None else mirror.checkpoint.number + 1
    while known := mirror.blocks_below(below, HEADERS_AT_ONCE):
        for block, now in zip(known, fetcher.present([block.number for block in known]), strict=True):
            if block.number <= newest.number and _present(now, block).hash == block.hash:
                return block
        below = known[-1].number
    return None


def _present(now: Point | None, known: Point) -> Point:
    if now is None:
        raise ChainMoved(f"The node has newer blocks, but no block {known.number}.")
    return now
