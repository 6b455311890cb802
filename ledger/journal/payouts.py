"""What an entry of the revenue ledger says of payees that were paid: one alone, or several together."""

from collections.abc import Sequence

from ledger.journal.events import Event
from ledger.terms.payments import Part


def parts_in(event: Event) -> Sequence[Part]:
    """Who was paid what, and where it went; nobody by other entries."""
    if event.name == "Distributed":
        parts: Sequence[Part] = event.args["parts"]
        return parts
    if event.name == "Claimed":
        return (Part(event.args["account"], event.args["recipient"], event.args["amount"]),)
    return ()


def payees_in(event: Event) -> Sequence[bytes]:
    """The accounts that were paid."""
    return [part.account for part in parts_in(event)]
