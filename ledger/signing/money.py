"""What partners sign for the RevenueLedger. Amounts in token base units."""

from collections.abc import Sequence

from eth_utils.address import to_checksum_address

from ledger.signing.eip712 import AUTHORIZED, TypedData, action, typed_data
from ledger.terms.deployment import Deployment
from ledger.terms.payments import BUNDLE_FIELDS, INVOICE_FIELDS, Bundle, Invoice
from ledger.terms.solidity import Fields

Source = tuple[bytes, int]
"""An agreement, and the number of the period claimed for (0 when there are none)."""


def pay(
    deployment: Deployment,
    account: str,
    agreement: bytes,
    token: str,
    invoice: Invoice,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A payer pays one invoice."""
    fields: Fields = (("account", "address"), ("agreement", "bytes32"), ("token", "address"), *INVOICE_FIELDS)
    values = (account, agreement, token, invoice.deal, invoice.amount, invoice.invoice_ref)
    return action(deployment, "RevenueLedger", "Pay", fields, values, nonce, deadline)


def pay_batch(
    deployment: Deployment, account: str, token: str, bundles: Sequence[Bundle], *, nonce: int, deadline: int
) -> TypedData:
    """A payer pays up to 100 invoices in one token."""
    fields: Fields = (("account", "address"), ("token", "address"), ("bundles", "Bundle[]"))
    types = {"PayBatch": fields + AUTHORIZED, "Bundle": BUNDLE_FIELDS, "Invoice": INVOICE_FIELDS}
    message = {
        "account": to_checksum_address(account),
        "token": to_checksum_address(token),
        "bundles": [bundle.to_message() for bundle in bundles],
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    return typed_data(deployment, "RevenueLedger", "PayBatch", types, message)


def claim_to(
    deployment: Deployment,
    account: str,
    recipient: str,
    token: str,
    sources: Sequence[Source],
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A payee has what it earned of these sources sent to a recipient of its choice."""
    fields: Fields = (
        ("account", "address"),
        ("recipient", "address"),
        ("token", "address"),
        ("sources", "Source[]"),
    )
    types = {"ClaimTo": fields + AUTHORIZED, "Source": (("agreement", "bytes32"), ("period", "uint32"))}
    message = {
        "account": to_checksum_address(account),
        "recipient": to_checksum_address(recipient),
        "token": to_checksum_address(token),
        "sources": [
            {"agreement": "0x" + agreement.hex(), "period": str(period)} for agreement, period in sources
        ],
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    return typed_data(deployment, "RevenueLedger", "ClaimTo", types, message)


def refund(
    deployment: Deployment,
    account: str,
    payer: str,
    invoice_ref: bytes,
    recipient: str,
    amount: int,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """An account takes a held or disputed payment of its wallet back, or part of it, to a recipient."""
    fields: Fields = (
        ("account", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("recipient", "address"),
        ("amount", "uint256"),
    )
    values = (account, payer, invoice_ref, recipient, amount)
    return action(deployment, "RevenueLedger", "Refund", fields, values, nonce, deadline)


def pay_refund(
    deployment: Deployment,
    account: str,
    payer: str,
    invoice_ref: bytes,
    recipient: str,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """An account has paid out to a recipient what a ruling gave back to its wallet."""
    fields: Fields = (
        ("account", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("recipient", "address"),
    )
    values = (account, payer, invoice_ref, recipient)
    return action(deployment, "RevenueLedger", "PayRefund", fields, values, nonce, deadline)


def pay_debt(
    deployment: Deployment,
    account: str,
    agreement: bytes,
    token: str,
    debt: int,
    recipient: str,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """An account has paid out to a recipient what revenue has served of a debt to its wallet."""
    fields: Fields = (
        ("account", "address"),
        ("agreement", "bytes32"),
        ("token", "address"),
        ("debt", "uint32"),
        ("recipient", "address"),
    )
    values = (account, agreement, token, debt, recipient)
    return action(deployment, "RevenueLedger", "PayDebt", fields, values, nonce, deadline)


def dispute(
    deployment: Deployment,
    account: str,
    payer: str,
    invoice_ref: bytes,
    reason: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A party disputes a held payment."""
    fields: Fields = (
        ("account", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("reason", "bytes32"),
    )
    return action(
        deployment, "RevenueLedger", "Dispute", fields, (account, payer, invoice_ref, reason), nonce, deadline
    )


def rule_payment(
    deployment: Deployment,
    arbiter: str,
    payer: str,
    invoice_ref: bytes,
    disputed_at: int,
    refunded: int,
    reason: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """The arbiter rules on a payment that was disputed at a time; ``refunded`` is the payer's again."""
    fields: Fields = (
        ("arbiter", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("disputedAt", "uint40"),
        ("refunded", "uint256"),
        ("reason", "bytes32"),
    )
    return action(
        deployment,
        "RevenueLedger",
        "RulePayment",
        fields,
        (arbiter, payer, invoice_ref, disputed_at, refunded, reason),
        nonce,
        deadline,
    )


def consent_to_clawback(
    deployment: Deployment,
    account: str,
    payer: str,
    invoice_ref: bytes,
    refunded: int,
    amount: int,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A payee consents to a refund after the hold; ``refunded`` is what was refunded of it before."""
    fields: Fields = (
        ("account", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("refunded", "uint256"),
        ("amount", "uint256"),
    )
    return action(
        deployment,
        "RevenueLedger",
        "ConsentToClawback",
        fields,
        (account, payer, invoice_ref, refunded, amount),
        nonce,
        deadline,
    )


def rule_clawback(
    deployment: Deployment,
    arbiter: str,
    payer: str,
    invoice_ref: bytes,
    amount: int,
    reason: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """The arbiter makes a refund after the hold the agreement's debt."""
    fields: Fields = (
        ("arbiter", "address"),
        ("payer", "address"),
        ("invoiceRef", "bytes32"),
        ("amount", "uint256"),
        ("reason", "bytes32"),
    )
    return action(
        deployment,
        "RevenueLedger",
        "RuleClawback",
        fields,
        (arbiter, payer, invoice_ref, amount, reason),
        nonce,
        deadline,
    )
