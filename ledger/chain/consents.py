"""To what several consent by transaction."""

from enum import IntEnum


class ConsentTo(IntEnum):
    """What a consent by transaction is to."""

    END = 1
    EXTENSION = 2
    CLAWBACK = 3


CONSENTED = {
    "ConsentedToEnd": ConsentTo.END,
    "ConsentedToExtension": ConsentTo.EXTENSION,
    "ConsentedToClawback": ConsentTo.CLAWBACK,
}
"""By the event that says so."""
