"""Payments of before a bundle's opening, of which its entries say what became: opened from their records.

The ledger keeps one word of a payment, a hash over all that refunds and rulings go by. Whoever gives what it
is the hash of has proved it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from ledger.journal.events import Event
from ledger.proof.errors import ProofInvalid
from ledger.rules.payment_record import record_of
from ledger.terms.contracts import REVENUE
from ledger.terms.payments import DISPUTE_OVER, IN_DISPUTE, PAID
from ledger.verify import container, layout
from ledger.verify.anchor import Anchor
from ledger.verify.listing import PaymentKey
from ledger.verify.replay import Replay

FILE = "payments.json"
PART = "Payments of before the opening"
_LENGTHS = {"payer": 20, "invoice_ref": 32, "agreement": 32, "token": 20, "deal": 32}
_LATER = ("Refunded", "RefundedInDispute", "PaymentDisputed", "DisputeRuled", "RefundPaid", "ClawedBack")
"""Entries about a payment that was made before."""


@dataclass(frozen=True)
class Earlier:
    """A payment as the ledger knew it at the opening: amounts in token base units, times in seconds.

    ``disputed_at`` is 0 when it was never disputed; ``status`` says more of that, as the record does;
    ``refunded``: what was the payer's again, or a debt.
    """

    payer: bytes
    invoice_ref: bytes
    agreement: bytes
    token: bytes
    deal: bytes
    amount: int
    matures_at: int
    refunded: int = 0
    disputed_at: int = 0
    status: int = PAID

    @property
    def key(self) -> PaymentKey:
        """Payer and reference."""
        return self.payer, self.invoice_ref

    @property
    def record(self) -> int:
        """The word that the ledger keeps of it."""
        word = record_of(
            self.agreement,
            self.token,
            self.deal,
            amount=self.amount,
            matures_at=self.matures_at,
            refunded=self.refunded,
            disputed_at=self.disputed_at,
            status=self.status,
        )
        return int.from_bytes(word)

    @property
    def slots(self) -> list[bytes]:
        """Where the ledger keeps its record, and what of it waits to be paid back."""
        return [layout.payment(*self.key), layout.refund_due(*self.key)]

    def after(self, event: Event, at: int) -> Self:
        """As it is once an entry has told what became of it, in a block with this time."""
        args = event.args
        if event.name == "PaymentDisputed":
            return replace(self, disputed_at=at, status=IN_DISPUTE)
        if event.name == "DisputeRuled":
            return replace(self, status=DISPUTE_OVER, refunded=self.refunded + args["refunded"])
        if event.name in ("Refunded", "RefundedInDispute", "ClawedBack"):
            over = event.name == "RefundedInDispute" and not args["left"]
            status = DISPUTE_OVER if over else self.status
            return replace(self, status=status, refunded=self.refunded + args["amount"])
        return self

    def to_json(self) -> dict[str, str]:
        """Bytes as 0x hex, numbers as decimal texts."""
        return {
            field.name: "0x" + value.hex() if isinstance(value, bytes) else str(value)
            for field in fields(self)
            for value in [getattr(self, field.name)]
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Raises ProofInvalid when it is not what :meth:`to_json` writes."""
        try:
            values: dict[str, Any] = {
                name: bytes.fromhex(text[2:]) if name in _LENGTHS else int(text)
                for name, text in document.items()
            }
            found = cls(**values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ProofInvalid(PART, f"one is malformed: {error}") from error
        whole = all(len(values[name]) == length for name, length in _LENGTHS.items())
        bounded = all(0 <= value < 2**256 for value in values.values() if isinstance(value, int))
        if not whole or not bounded or found.to_json() != document:
            raise ProofInvalid(PART, "one is malformed")
        return found


def touched(events: Iterable[Event]) -> set[PaymentKey]:
    """The payments that entries are about and that none of them made."""
    made: set[PaymentKey] = set()
    found: set[PaymentKey] = set()
    for event in events:
        if event.name == "PaymentReceived":
            made.add((event.args["payer"], event.args["invoice_ref"]))
        elif event.name in _LATER:
            found.add((event.args["payer"], event.args["invoice_ref"]))
    return found - made


class Payments:
    """Follows payments through the entries before the opening."""

    def __init__(self, wanted: Collection[PaymentKey]) -> None:
        self._wanted = wanted
        self.found: dict[PaymentKey, Earlier] = {}

    def take(self, event: Event, at: int) -> None:
        """An entry, of a block with this time."""
        if "invoice_ref" not in event.args:
            return
        key = (event.args["payer"], event.args["invoice_ref"])
        if key not in self._wanted:
            return
        if event.name == "PaymentReceived":
            names = ("payer", "invoice_ref", "agreement", "token", "deal", "amount", "matures_at")
            self.found[key] = Earlier(*(event.args[name] for name in names))
        elif event.name in _LATER:
            self.found[key] = self.found[key].after(event, at)


def write(payments: Mapping[PaymentKey, Earlier]) -> bytes:
    """The bundle's file: canonical JSON, a list in the order of payers and references."""
    return container.canonical([payments[key].to_json() for key in sorted(payments)])


def read(content: bytes) -> Sequence[Earlier]:
    """Raises ProofInvalid, also when they are not in order."""
    document = container.parse(content, FILE)
    if not isinstance(document, list):
        raise ProofInvalid(PART, "they are no list")
    found = [Earlier.from_json(each) for each in document]
    keys = [each.key for each in found]
    if keys != sorted(set(keys)):
        raise ProofInvalid(PART, "they are not in order")
    return found


def begin(
    replay: Replay, payments: Iterable[Earlier], opening: Anchor, books: Collection[tuple[bytes, bytes]]
) -> None:
    """Hands payments on. Raises ProofInvalid for the first whose record is not proved at the opening."""
    for each in payments:
        key = (each.agreement, each.token)
        if key not in books:
            raise ProofInvalid(PART, "one is not about the subject")
        record, due = (opening.word(REVENUE, slot) for slot in each.slots)
        if record != each.record:
            raise ProofInvalid(PART, f"0x{each.invoice_ref.hex()} is not what the ledger keeps of it")
        left = each.amount - each.refunded
        waiting = left if each.status == IN_DISPUTE else 0
        replay.begin_payment(key, each.key, each.matures_at, left, waiting, due)
