"""Payments of before a bundle's opening, of which its entries say what became: opened from their records.

The ledger keeps one word of a payment, a hash over all that refunds and rulings go by. Whoever gives what it
is the hash of has proved it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.journal.events import Event
from ledger.journal.payments import ABOUT_PAYMENTS, RECEIVED, payment_key, payments_in, step_in
from ledger.proof.errors import ProofInvalid
from ledger.rules.payment import Payment
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import BookKey, PaymentKey
from ledger.terms.payments import RecordStatus
from ledger.verify import container, layout
from ledger.verify.anchor import Anchor
from ledger.verify.replay import Replay

FILE = "payments.json"
PART = "Payments of before the opening"
_LENGTHS = {"payer": 20, "invoice_ref": 32, "agreement": 32, "token": 20, "deal": 32}
_NUMBERS = ("amount", "matures_at", "refunded", "disputed_at", "status")


def slots(payment: Payment) -> list[bytes]:
    """Where the ledger keeps its record, and what of it waits to be paid back."""
    return [layout.payment(*payment.key), layout.refund_due(*payment.key)]


def to_json(payment: Payment) -> dict[str, str]:
    """What its record binds: bytes as 0x hex, numbers as decimal texts."""
    texts = {name: "0x" + getattr(payment, name).hex() for name in _LENGTHS}
    return texts | {name: str(int(getattr(payment, name))) for name in _NUMBERS}


def from_json(document: Any) -> Payment:
    """Raises ProofInvalid when it is not what :func:`to_json` writes."""
    try:
        values: dict[str, Any] = {name: bytes.fromhex(document[name][2:]) for name in _LENGTHS}
        values |= {name: int(document[name]) for name in _NUMBERS}
        found = Payment(**values | {"status": RecordStatus(values["status"])})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProofInvalid(PART, f"one is malformed: {error}") from error
    whole = all(len(values[name]) == length for name, length in _LENGTHS.items())
    bounded = all(0 <= values[name] < 2**256 for name in _NUMBERS) and found.refunded <= found.amount
    if not whole or not bounded or to_json(found) != document:
        raise ProofInvalid(PART, "one is malformed")
    return found


def touched(events: Iterable[Event]) -> set[PaymentKey]:
    """The payments that entries are about and that none of them made."""
    made: set[PaymentKey] = set()
    found: set[PaymentKey] = set()
    for event in events:
        if event.name in RECEIVED:
            made.update(each.key for each in payments_in(event))
        elif event.name in ABOUT_PAYMENTS:
            found.add(payment_key(event))
    return found - made


class Payments:
    """Follows payments through the entries before the opening."""

    def __init__(self, wanted: Collection[PaymentKey]) -> None:
        self._wanted = wanted
        self.found: dict[PaymentKey, Payment] = {}

    def take(self, event: Event, at: int) -> None:
        """An entry, of a block with this time."""
        for made in payments_in(event):
            if made.key in self._wanted:
                self.found[made.key] = made
        step = step_in(event, at)
        if step is not None and (key := payment_key(event)) in self._wanted:
            self.found[key] = self.found[key].after(step)


def write(payments: Mapping[PaymentKey, Payment]) -> bytes:
    """The bundle's file: canonical JSON, a list in the order of payers and references."""
    return container.canonical([to_json(payments[key]) for key in sorted(payments)])


def read(content: bytes) -> Sequence[Payment]:
    """Raises ProofInvalid, also when they are not in order."""
    document = container.parse(content, FILE)
    if not isinstance(document, list):
        raise ProofInvalid(PART, "expected a list")
    found = [from_json(each) for each in document]
    keys = [each.key for each in found]
    if keys != sorted(set(keys)):
        raise ProofInvalid(PART, "they are not in order")
    return found


def begin(replay: Replay, payments: Iterable[Payment], opening: Anchor, books: Collection[BookKey]) -> None:
    """Hands payments on. Raises ProofInvalid for the first whose record is not proved at the opening."""
    for each in payments:
        key = (each.agreement, each.token)
        if key not in books:
            raise ProofInvalid(PART, "one is not about the subject")
        record, due = (opening.word(REVENUE, slot) for slot in slots(each))
        if record != int.from_bytes(each.record()):
            raise ProofInvalid(PART, f"0x{each.invoice_ref.hex()} is not what the ledger keeps of it")
        replay.begin_payment(replace(each, refund_due=due))
