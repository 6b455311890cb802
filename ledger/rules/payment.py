"""A payment's life: what the ledger keeps of it, and what each entry about it makes of it.

Amounts in token base units, times in seconds since 1970. The rules are those of
``contracts/revenue/libraries/PaymentRecord.sol`` and of the contracts that use it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.errors import LedgerError
from ledger.keccak import keccak
from ledger.terms.ids import NO_DEAL, AgreementId, DealId, InvoiceRef, PaymentKey
from ledger.terms.payments import RecordStatus


class Change(StrEnum):
    """What can become of a payment."""

    REFUNDED = "refunded"
    DISPUTED = "disputed"
    RULED = "ruled"
    DROPPED = "dropped"
    CLAWED_BACK = "clawed_back"
    REFUND_PAID = "refund_paid"
    DEBT_PAID = "debt_paid"


@dataclass(frozen=True, slots=True)
class Step:
    """An entry that is about a payment.

    ``amount``: taken back, disputed, ruled to be the payer's, owed to it, or paid out to it. ``by``: the
    party that disputed, or the arbiter; None: the payer, all payees, or anyone. ``rule_by``: of a dispute,
    from when on anyone can have it dropped; 0 of all else. ``recipient``: None where no tokens went out.
    ``at``: 0 where only the log is known, and not its block: then a dispute alone has it.
    """

    change: Change
    seq: int
    at: int
    amount: int
    by: bytes | None = None
    reason: bytes | None = None
    recipient: bytes | None = None
    rule_by: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """A recorded invoice as it is at a moment: the ledger keeps its hash, and is told the rest again.

    ``payer`` is the wallet that paid; ``matures_at`` is when it is, or was, released; ``refunded`` is what of
    it went back to the payer or is owed to it; ``disputed_at`` is 0 when it was never disputed.
    ``refund_due``: what a ruling gave back and nobody has had paid out yet; it is not in the record.
    """

    payer: bytes
    invoice_ref: InvoiceRef
    agreement: AgreementId
    token: bytes
    amount: int
    matures_at: int
    deal: DealId = NO_DEAL
    refunded: int = 0
    disputed_at: int = 0
    status: RecordStatus = RecordStatus.PAID
    refund_due: int = 0

    @property
    def key(self) -> PaymentKey:
        """Payer and reference."""
        return self.payer, self.invoice_ref

    @property
    def payer_address(self) -> ChecksumAddress:
        """The wallet that paid, as nodes and signed forms take it."""
        return to_checksum_address(self.payer)

    @property
    def left(self) -> int:
        """What of it is neither the payer's again nor owed to it."""
        return self.amount - self.refunded

    @property
    def in_dispute(self) -> bool:
        """Whether it waits for a ruling."""
        return self.status == RecordStatus.IN_DISPUTE

    @property
    def waiting(self) -> int:
        """What of it waits for a ruling."""
        return self.left if self.in_dispute else 0

    def after(self, step: Step) -> Self:
        """As it is once an entry has told what became of it."""
        match step.change:
            case Change.DISPUTED:
                return replace(self, disputed_at=step.at, status=RecordStatus.IN_DISPUTE)
            case Change.RULED | Change.DROPPED:
                refunded, due = self.refunded + step.amount, self.refund_due + step.amount
                return replace(self, refunded=refunded, refund_due=due, status=RecordStatus.DISPUTE_OVER)
            case Change.REFUNDED:
                refunded = self.refunded + step.amount
                over = self.in_dispute and refunded == self.amount
                return replace(
                    self, refunded=refunded, status=RecordStatus.DISPUTE_OVER if over else self.status
                )
            case Change.CLAWED_BACK:
                return replace(self, refunded=self.refunded + step.amount)
            case Change.REFUND_PAID:
                return replace(self, refund_due=self.refund_due - step.amount)
            case Change.DEBT_PAID:
                return self

    def record(self) -> bytes:
        """The word of 32 bytes that the ledger keeps of it, and ``paymentOf`` says."""
        times = (self.disputed_at,) if self.disputed_at else ()
        numbers = (self.amount, self.matures_at, self.refunded, *times)
        words = [
            self.agreement,
            self.token.rjust(32, b"\0"),
            self.deal,
            *(number.to_bytes(32) for number in numbers),
        ]
        return keccak(b"".join(words))[:31] + bytes([self.status])

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Payment``."""
        return (
            self.payer_address,
            self.invoice_ref,
            self.agreement,
            to_checksum_address(self.token),
            self.deal,
            self.amount,
            self.matures_at,
            self.refunded,
            self.disputed_at,
        )


class PaymentStatus(StrEnum):
    """Where what is left of a payment is at a moment; refunded: nothing is left."""

    HELD = "held"
    RELEASED = "released"
    DISPUTED = "disputed"
    REFUNDED = "refunded"


class CauseCode(StrEnum):
    """Why it is there."""

    NO_HOLD = "NO_HOLD"
    HOLD = "HOLD"
    HOLD_OVER = "HOLD_OVER"
    DISPUTE = "DISPUTE"
    REFUND = "REFUND"
    RULING = "RULING"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a payment has its status: ``seq`` is the RevenueLedger's entry that made it so; ``reason`` is the
    reason code of the dispute or ruling.
    """

    code: CauseCode
    seq: int
    reason: bytes | None = None


class ReasonCode(StrEnum):
    """What happened to a part of a payment, so that it is not, or not yet, the payees'."""

    HELD = "held"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    RULED_BACK = "ruled_back"
    CLAWED_BACK = "clawed_back"


@dataclass(frozen=True, slots=True)
class Reason:
    """``amount`` in token base units; ``seq`` is the RevenueLedger's entry that says so.

    ``said`` is the reason code that a party or an arbiter gave, None when nobody had to. ``until``: held to
    then; disputed until a ruling, which from then on anyone can do without; None: for good.
    """

    code: ReasonCode
    amount: int
    seq: int
    said: bytes | None = None
    until: int | None = None


_GIVEN_BACK = {
    Change.REFUNDED: ReasonCode.REFUNDED,
    Change.RULED: ReasonCode.RULED_BACK,
    Change.DROPPED: ReasonCode.RULED_BACK,
    Change.CLAWED_BACK: ReasonCode.CLAWED_BACK,
}
_SAYS_WHY = frozenset({Change.RULED, Change.DROPPED, Change.CLAWED_BACK})


class Life:
    """A payment and all that became of it up to a moment.

    ``paid`` is the payment as it was made, by the entry ``seq``, at ``paid_at``; ``steps`` are in the order
    of the journal. ``matured_seq``: the entry that recorded its day as released; None: none has yet.
    ``now`` is the payment as it is.
    """

    def __init__(
        self, paid: Payment, seq: int, paid_at: int, steps: Iterable[Step], matured_seq: int | None = None
    ) -> None:
        self.paid, self.seq, self.paid_at, self.matured_seq = paid, seq, paid_at, matured_seq
        self.steps = tuple(steps)
        self.now = reduce(Payment.after, self.steps, paid)

    @property
    def clawed_back(self) -> int:
        """Refunded after the hold: owed out of later revenue."""
        return sum(step.amount for step in self.steps if step.change is Change.CLAWED_BACK)

    @property
    def refunded(self) -> int:
        """The payer's again without any debt: taken back in the hold, or by a ruling."""
        return self.now.refunded - self.clawed_back

    @property
    def dispute(self) -> Step | None:
        """The dispute that waits for its ruling."""
        if not self.now.in_dispute:
            return None
        return next(step for step in self.steps if step.change is Change.DISPUTED)

    def standing(self, time: int) -> tuple[PaymentStatus, Cause]:
        """Where what is left of it is at a time no earlier than the newest step's, and why."""
        if (dispute := self.dispute) is not None:
            return PaymentStatus.DISPUTED, Cause(CauseCode.DISPUTE, dispute.seq, dispute.reason)
        settled = self._settled()
        ruling = settled if settled is not None and settled.change is not Change.REFUNDED else None
        by_ruling = None if ruling is None else Cause(CauseCode.RULING, ruling.seq, ruling.reason)
        if self.refunded == self.paid.amount:
            if settled is None:
                raise LedgerError(f"Payment {self.seq} is refunded, and no entry says so.")
            return PaymentStatus.REFUNDED, by_ruling or Cause(CauseCode.REFUND, settled.seq)
        if time < self.paid.matures_at:
            return PaymentStatus.HELD, Cause(CauseCode.HOLD, self.seq)
        if self.paid.matures_at == self.paid_at:
            return PaymentStatus.RELEASED, Cause(CauseCode.NO_HOLD, self.seq)
        if ruling is not None and by_ruling is not None and ruling.at >= self.paid.matures_at:
            return PaymentStatus.RELEASED, by_ruling
        return PaymentStatus.RELEASED, Cause(CauseCode.HOLD_OVER, self.matured_seq or self.seq)

    def reasons(self, time: int) -> tuple[Reason, ...]:
        """Why parts of it are not, or not yet, the payees', in the order of the entries; what is simply held
        comes first. None of a payment of which all is released, and nothing was taken back.
        """
        found = []
        for step in self.steps:
            if step.change is Change.DISPUTED and self.now.in_dispute:
                found.append(
                    Reason(ReasonCode.DISPUTED, self.now.waiting, step.seq, step.reason, until=step.rule_by)
                )
            elif step.change in _GIVEN_BACK and step.amount:
                said = step.reason if step.change in _SAYS_WHY else None
                found.append(Reason(_GIVEN_BACK[step.change], step.amount, step.seq, said))
        left = self.paid.amount - sum(each.amount for each in found)
        if self.paid.matures_at > time and left:
            found.insert(0, Reason(ReasonCode.HELD, left, self.seq, until=self.paid.matures_at))
        return tuple(found)

    def _settled(self) -> Step | None:
        """The newest refund or ruling."""
        ends = (Change.REFUNDED, Change.RULED, Change.DROPPED)
        return next((step for step in reversed(self.steps) if step.change in ends), None)
