"""The books as the journals' entries alone make them: nothing that the mirror added up is used."""

from collections.abc import Sequence

from ledger.chain.events import Event
from ledger.chain.terms import Terms
from ledger.rules.book import Book, Share, book

BookKey = tuple[bytes, bytes]
"""An agreement and a token."""


class Replay:
    """Takes events of all journals, each journal's in its order, and adds them up."""

    def __init__(self) -> None:
        self._shares: dict[bytes, dict[bytes, Share]] = {}
        self._received: dict[BookKey, int] = {}
        self._claims: dict[BookKey, dict[bytes, int]] = {}

    def take(self, event: Event) -> None:
        """Adds an event; those that are not about money are passed over."""
        args = event.args
        if event.name == "AgreementActivated":
            self._shares[args["agreement"]] = _shares(args["terms"])
        elif event.name == "PaymentReceived":
            key = (args["agreement"], args["token"])
            self._received[key] = self._received.get(key, 0) + args["amount"]
        elif event.name == "Claimed":
            claims = self._claims.setdefault((args["agreement"], args["token"]), {})
            claims[args["account"]] = claims.get(args["account"], 0) + args["amount"]

    def books(self) -> list[Book]:
        """By agreement and token."""
        return [
            book(
                agreement,
                token,
                self._received.get((agreement, token), 0),
                self._shares.get(agreement, {}),
                self._claims.get((agreement, token), {}),
            )
            for agreement, token in sorted({*self._received, *self._claims})
        ]


def first_unlike(replayed: Sequence[Book], mirrored: Sequence[Book]) -> str | None:
    """The first book, in words, that the mirror adds up otherwise than its own entries do; None when none
    is.
    """
    ours = {(each.agreement, each.token): each for each in replayed}
    theirs = {(each.agreement, each.token): each for each in mirrored}
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            agreement, token = key
            return (
                f"agreement 0x{agreement.hex()} in token 0x{token.hex()}: "
                f"the entries make {_shown(ours.get(key))}, the mirror's tables say {_shown(theirs.get(key))}"
            )
    return None


def _shown(book: Book | None) -> str:
    return "nothing" if book is None else f"{book.received} received and {book.claimed} claimed"


def _shares(terms: Terms) -> dict[bytes, Share]:
    boundaries = tuple(tranche.up_to for tranche in terms.tranches)
    return {bytes.fromhex(payee.account[2:]): Share(boundaries, payee.weights) for payee in terms.payees}
