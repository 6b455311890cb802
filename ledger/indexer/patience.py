"""How often one goes on asking within one catch-up, and how long one waits before."""

from ledger.indexer.entries import EntryRejected

MOST_MOVES = 20
"""Reorganisations, or entries in doubt, in one catch-up after which something else must be wrong."""
RESTLESS_MOVES = 5
"""After so many at one node, another one may be steadier."""
MOST_READINGS = 4
"""How often each node is asked again about the same entry."""
MOST_NARROWINGS = 8
"""How often fewer blocks are asked for because of one entry: enough to come down to a single one."""
MOST_FAILURES = 5
"""Failures in a row, at each node, without a block gained in between."""
SHORTEST_WAIT = 0.1
"""Seconds before the first try again; each further one waits twice as long."""


class Patience:
    """Counts what went wrong in one catch-up. There are so many ``alternatives`` to the node asked first."""

    def __init__(self, alternatives: int) -> None:
        self._nodes = 1 + alternatives
        self._doubts: list[tuple[bytes, int]] = []
        self._narrowings = 0
        self._furthest = -1
        self._failures = 0
        self._moves = 0
        self.seconds = 0.0
        """How long to wait before the next try."""

    def entry_rejected(self, error: EntryRejected, *, narrowed: bool = False) -> bool:
        """Counts the entry in doubt; False when it has outlived every new reading.

        The first new reading is at once: what a node left out it has a moment later, or another one has it.
        Where fewer blocks are asked for now (``narrowed``), that may be all that was wrong. Further on in the
        chain, one begins to count anew: a node that leaves logs out may do so all along.
        """
        if error.block > self._furthest:
            self._furthest, self._narrowings = error.block, 0
            self._doubts.clear()
        narrowed = narrowed and self._narrowings < MOST_NARROWINGS
        self._narrowings += narrowed
        self._doubts.append((error.contract, error.seq))
        if narrowed:
            self.seconds = 0.0
            return True
        readings = max(1, self.readings - self._narrowings)
        rounds, rest = divmod(readings - 1, self._nodes)
        self.seconds = 0.0 if rest or not rounds else SHORTEST_WAIT * 2 ** (rounds - 1)
        return readings <= MOST_READINGS * self._nodes and len(self._doubts) - self._narrowings <= MOST_MOVES

    @property
    def readings(self) -> int:
        """How often the entry that was in doubt last has been read."""
        return self._doubts.count(self._doubts[-1])

    def chain_moved(self) -> bool:
        """Counts a chain that moved while it was read; False when it never stands still."""
        self._moves += 1
        self.seconds = 0.0 if self._moves < RESTLESS_MOVES else SHORTEST_WAIT
        return self._moves < MOST_MOVES * self._nodes

    @property
    def is_restless(self) -> bool:
        """Whether it is time to look at the chain through another node."""
        return self._moves % RESTLESS_MOVES == 0

    def node_failed(self, *, progress: bool) -> bool:
        """Counts a failure, from the beginning when there was ``progress``; False after too many.

        Waits are for a node that failed before: another one can be asked at once.
        """
        self._failures = 1 if progress else self._failures + 1
        rounds, rest = divmod(self._failures, self._nodes)
        self.seconds = 0.0 if rest else SHORTEST_WAIT * 2 ** (rounds - 1)
        return self._failures < MOST_FAILURES * self._nodes
