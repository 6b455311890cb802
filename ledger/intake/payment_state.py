"""What a payer has paid, and what became of it: read from the ledger's events, and held against its own
records.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.events import decode_log
from ledger.chain.payments import record_of
from ledger.errors import LedgerError
from ledger.intake.calls import Questions
from ledger.intake.logs import logs_of, topic_of

_RECEIVED, _DISPUTED, _RULED = "PaymentReceived", "PaymentDisputed", "DisputeRuled"
_EVENTS = (_RECEIVED, "Refunded", _DISPUTED, _RULED, "ClawedBack")


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that is on chain; amounts in token base units, times in unix seconds.

    ``payer`` is the wallet that paid; ``disputed_at`` is 0 when it is not in dispute; ``seq`` is its entry.
    """

    payer: ChecksumAddress
    invoice_ref: bytes
    agreement: bytes
    token: bytes
    deal: bytes
    amount: int
    matures_at: int
    refunded: int = 0
    disputed_at: int = 0
    seq: int = 0

    @property
    def left(self) -> int:
        """What of it was not refunded."""
        return self.amount - self.refunded

    def record(self) -> bytes:
        """What ``paymentOf`` must say of it."""
        return record_of(
            self.agreement,
            self.token,
            self.deal,
            amount=self.amount,
            matures_at=self.matures_at,
            refunded=self.refunded,
            disputed_at=self.disputed_at,
        )

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Payment``."""
        token = to_checksum_address(self.token)
        return (
            self.payer,
            self.invoice_ref,
            self.agreement,
            token,
            self.deal,
            self.amount,
            self.matures_at,
            self.refunded,
            self.disputed_at,
        )


def read_payments(
    questions: Questions, payers: Iterable[str], references: Iterable[bytes]
) -> dict[bytes, Paid]:
    """The payments of these invoices that are on chain, by reference, by whichever of the payers.

    The events say what was paid, ``paymentOf`` says what is true: LedgerError when the two differ, because
    the node then keeps something back, and paying on its word could be wrong.
    """
    wanted = list(references)
    found: dict[bytes, Paid] = {}
    for payer in sorted(payers):
        by_event = payments_by(questions, payer)
        slots = questions.ask("RevenueLedger", "paymentOf", [[payer, own] for own in wanted])
        for reference, slot in zip(wanted, slots, strict=True):
            paid = by_event.get(reference)
            if slot != (bytes(32) if paid is None else paid.record()):
                raise LedgerError(
                    f"The node's events and its state disagree on the invoice 0x{reference.hex()}.",
                    "It has not kept all events, or is not synchronised: use another node.",
                )
            if paid is not None:
                found[reference] = paid
    return found


def payments_by(questions: Questions, payer: str) -> Mapping[bytes, Paid]:
    """Everything that a wallet has paid, by reference, as the ledger's events have it."""
    found: dict[bytes, Paid] = {}
    topics = [topic_of("RevenueLedger", name) for name in _EVENTS]
    ruling_seconds = questions.ask("RevenueLedger", "RULING_SECONDS", [[]])[0]
    for log in logs_of(questions, "RevenueLedger", [topics, None, payer]):
        event = decode_log(questions.deployment, log)
        own = event.args
        reference = own["invoice_ref"]
        if event.name == _RECEIVED:
            found[reference] = Paid(
                to_checksum_address(payer),
                reference,
                own["agreement"],
                own["token"],
                own["deal"],
                own["amount"],
                own["matures_at"],
                seq=event.seq,
            )
        elif event.name == _DISPUTED:
            found[reference] = replace(found[reference], disputed_at=own["rule_by"] - ruling_seconds)
        elif event.name == _RULED:
            refunded = found[reference].refunded + own["refunded"]
            found[reference] = replace(found[reference], refunded=refunded, disputed_at=0)
        else:
            found[reference] = replace(found[reference], refunded=found[reference].refunded + own["amount"])
    return found


def wallets_of(questions: Questions, account: str) -> set[ChecksumAddress]:
    """Every wallet that acts or ever acted for an account, itself included: the chain knows a payer by its
    wallet.
    """
    topics = [topic_of("PartnerRegistry", name) for name in ("WalletRotated", "AccountRecovered")]
    logs = logs_of(questions, "PartnerRegistry", [topics, account])
    taken = [decode_log(questions.deployment, log).args["wallet"] for log in logs]
    return {to_checksum_address(account), *(to_checksum_address(wallet) for wallet in taken)}
