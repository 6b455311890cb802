"""Python's collector of cycles, of which the mirror makes none: a twentieth of its time went there."""

import gc

OBJECTS = 50_000
"""More of them than before, about ten thousand entries' worth, before it looks for cycles."""


def collect_rarely() -> None:
    """For a process that reads or writes the mirror, once all is imported, which it need not see."""
    gc.freeze()
    gc.set_threshold(OBJECTS)
