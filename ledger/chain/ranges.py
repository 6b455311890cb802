"""How many blocks to ask for at once: fewer after any refusal, more after each success."""

LOGS_AT_ONCE = 5_000
"""Logs that an answer should hold at most, for the memory they take."""


class RangeSize:
    """A number of blocks, between 1 and ``most``.

    Nodes limit ranges by blocks, logs, bytes or time, and each says so differently: what an error says is not
    asked, only that there was one.
    """

    def __init__(self, start: int = 100, most: int = 100_000) -> None:
        self.blocks = start
        self.most = most

    def refused(self) -> bool:
        """After an error: halves the range. False when it cannot be halved any more."""
        if self.blocks == 1:
            return False
        self.blocks //= 2
        return True

    def answered(self, blocks: int, logs: int) -> None:
        """After an answer about so many blocks: grows the range, unless that would give too many logs."""
        if logs > LOGS_AT_ONCE:
            self.blocks = max(1, blocks * LOGS_AT_ONCE // logs)
        elif blocks >= self.blocks and logs <= LOGS_AT_ONCE // 2:
            self.blocks = min(self.most, self.blocks * 2)
