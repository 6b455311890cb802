"""How many blocks to ask for at once: fewer after any refusal, more after each success."""

LOGS_AT_ONCE = 5_000
"""Logs that an answer should hold at most, for the memory they take."""


PROBATION, LONGEST_PROBATION = 4, 64
"""Answers that must be complete before more blocks are asked for again, after one that was not."""


class RangeSize:
    """A number of blocks, between 1 and ``most``.

    Nodes limit ranges by blocks, logs, bytes or time, and each says so differently: what an error says is not
    asked, only that there was one. Some say nothing, and leave logs out. Where even a single block is refused
    or not whole, it is read ``by_receipts``.
    """

    def __init__(self, start: int = 100, most: int = 100_000) -> None:
        self.blocks = start
        self.most = most
        self.by_receipts = False
        self._trusted = most
        self._probation = PROBATION
        self._good = 0

    def doubted(self) -> bool:
        """After an answer that left logs out: far fewer blocks, for a while. False when no way is left."""
        if self.blocks == 1 and self.by_receipts:
            return False
        self.by_receipts = self.blocks == 1
        self.blocks = self._trusted = max(1, self.blocks // 8)
        self._good, self._probation = 0, min(LONGEST_PROBATION, 2 * self._probation)
        return True

    def refused(self) -> bool:
        """After an error: halves the range. False when no way is left."""
        if self.blocks == 1 and self.by_receipts:
            return False
        self.by_receipts = self.blocks == 1
        self.blocks = max(1, self.blocks // 2)
        return True

    def answered(self, blocks: int, logs: int) -> None:
        """After an answer about so many blocks: grows the range, unless that would give too many logs."""
        if logs > LOGS_AT_ONCE:
            self.blocks = max(1, blocks * LOGS_AT_ONCE // logs)
        elif blocks >= self.blocks and logs <= LOGS_AT_ONCE // 2:
            self._good += 1
            if self._trusted < self.most and self._good >= self._probation:
                self._trusted, self._good = min(self.most, 2 * self._trusted), 0
            self.blocks = min(self._trusted, self.blocks * 2)
        self.by_receipts &= self.blocks == 1
