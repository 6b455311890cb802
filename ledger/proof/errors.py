"""What a proof can fail of."""

from ledger.errors import LedgerError


class ProofInvalid(LedgerError):
    """A part of a proof does not lead to what it must lead to. ``part`` names it."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(
            f"{part}: {why}.",
            "It was altered or damaged, or the block hash is not the one that it was made for.",
        )
        self.part = part
        self.why = why
