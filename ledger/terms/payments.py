"""Invoices and payments as the revenue ledger takes them. Amounts are in token base units."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, Self

from eth_utils.address import to_canonical_address

from ledger.terms.ids import NO_DEAL, AgreementId, DealId, InvoiceRef
from ledger.terms.solidity import Fields

INVOICE_FIELDS: Fields = (("deal", "bytes32"), ("amount", "uint256"), ("invoiceRef", "bytes32"))
BUNDLE_FIELDS: Fields = (("agreement", "bytes32"), ("invoices", "Invoice[]"))
MAX_BATCH = 100
"""Invoices that one batch can carry."""


class RecordStatus(IntEnum):
    """The last byte of the word that the ledger keeps of a payment: there is one dispute a payment."""

    PAID = 1
    IN_DISPUTE = 2
    DISPUTE_OVER = 3


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """Revenue recorded against an invoice. ``deal``: the won deal it comes from, zero for none."""

    deal: DealId = NO_DEAL
    amount: int
    invoice_ref: InvoiceRef

    @classmethod
    def from_abi(cls, value: tuple[DealId, int, InvoiceRef]) -> Self:
        """As a decoded log has it."""
        deal, amount, invoice_ref = value
        return cls(deal=deal, amount=amount, invoice_ref=invoice_ref)

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Invoice``."""
        return (self.deal, self.amount, self.invoice_ref)

    def to_message(self) -> dict[str, Any]:
        """The EIP-712 message."""
        return {
            "deal": "0x" + self.deal.hex(),
            "amount": str(self.amount),
            "invoiceRef": "0x" + self.invoice_ref.hex(),
        }


@dataclass(frozen=True)
class Bundle:
    """The invoices of one agreement in a batch."""

    agreement: AgreementId
    invoices: tuple[Invoice, ...]

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Bundle``."""
        return (self.agreement, [invoice.to_abi() for invoice in self.invoices])

    def to_message(self) -> dict[str, Any]:
        """The EIP-712 message."""
        return {
            "agreement": "0x" + self.agreement.hex(),
            "invoices": [invoice.to_message() for invoice in self.invoices],
        }


class Part(NamedTuple):
    """A payee's part of what was paid out: the account, the wallet it went to, token base units."""

    account: bytes
    recipient: bytes
    amount: int

    @classmethod
    def from_abi(cls, value: tuple[str, str, int]) -> Self:
        """As a decoded log has it."""
        account, recipient, amount = value
        return cls(to_canonical_address(account), to_canonical_address(recipient), amount)


class Portion(NamedTuple):
    """What of one claim came of an agreement's period, in token base units."""

    agreement: AgreementId
    period: int
    amount: int


class Source(NamedTuple):
    """What a payee claims from: an agreement, and the number of its period (0 when there are none)."""

    agreement: AgreementId
    period: int = 0


class Retag(NamedTuple):
    """A won deal, and its customer's tag under the newest key."""

    deal: DealId
    tag: bytes
