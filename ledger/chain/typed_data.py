"""What a wallet signs: the EIP-712 typed data of every action, built here once for CLI, API and tests.

Each function returns the whole object that ``eth_signTypedData_v4`` takes (types, primaryType, domain,
message) as plain JSON: addresses checksummed, bytes32 as 0x hex, numbers as decimal strings. Amounts are in
token base units, deadlines unix seconds (inclusive); nonces are any numbers that the account has not used on
that contract.
"""

from collections.abc import Sequence
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ledger.chain.deployment import Deployment
from ledger.chain.payments import BUNDLE_FIELDS, INVOICE_FIELDS, Bundle, Invoice
from ledger.chain.solidity import Fields
from ledger.chain.terms import PAYEE_FIELDS, TERMS_FIELDS, TRANCHE_FIELDS, Terms

TypedData = dict[str, Any]

DOMAIN_NAMES = {
    "PartnerRegistry": "Partnership Ledger Partners",
    "AgreementRegistry": "Partnership Ledger Agreements",
    "DealRegistry": "Partnership Ledger Deals",
    "RevenueLedger": "Partnership Ledger Revenue",
}
_DOMAIN_FIELDS: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_AUTHORIZED: Fields = (("nonce", "uint256"), ("deadline", "uint256"))
_TERMS_TYPES: dict[str, Fields] = {"Terms": TERMS_FIELDS, "Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS}


def domain(deployment: Deployment, contract_name: str) -> dict[str, Any]:
    """The EIP-712 domain of one of the ledger's contracts (ERC-5267 says the same on chain)."""
    return {
        "name": DOMAIN_NAMES[contract_name],
        "version": "1",
        "chainId": deployment.chain_id,
        "verifyingContract": deployment.address(contract_name),
    }


def digest(typed_data: TypedData) -> bytes:
    """The 32 bytes that are signed: ``keccak256(0x1901 ‖ domain separator ‖ hashStruct(message))``."""
    signable = encode_typed_data(full_message=typed_data)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def terms_typed_data(deployment: Deployment, terms: Terms) -> TypedData:
    """The terms by themselves; nobody signs them so, but their digest is the agreement's id."""
    return _typed_data(deployment, "AgreementRegistry", "Terms", _TERMS_TYPES, terms.to_message())


def agreement_id(deployment: Deployment, terms: Terms) -> bytes:
    """The id that these terms have under this deployment."""
    return digest(terms_typed_data(deployment, terms))


def register(
    deployment: Deployment, account: str, name: str, uri: str, *, nonce: int, deadline: int
) -> TypedData:
    """A partner makes itself known under a public name."""
    fields: Fields = (("account", "address"), ("name", "string"), ("uri", "string"))
    values = (account, name, uri)
    return _action(deployment, "PartnerRegistry", "Register", fields, values, nonce, deadline)


def create_programme(
    deployment: Deployment, owner: str, number: int, name: str, rule: int, *, nonce: int, deadline: int
) -> TypedData:
    """A vendor opens a programme; ``number`` is of its own choice."""
    fields: Fields = (("owner", "address"), ("number", "uint96"), ("name", "string"), ("rule", "uint8"))
    values = (owner, number, name, rule)
    return _action(deployment, "AgreementRegistry", "CreateProgramme", fields, values, nonce, deadline)


def acceptance(deployment: Deployment, account: str, terms: Terms, *, nonce: int, deadline: int) -> TypedData:
    """A party accepts an agreement's terms; all of them are in what it signs."""
    fields: Fields = (("account", "address"), ("terms", "Terms"))
    types = {"Acceptance": fields + _AUTHORIZED, **_TERMS_TYPES}
    message = {
        "account": to_checksum_address(account),
        "terms": terms.to_message(),
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    return _typed_data(deployment, "AgreementRegistry", "Acceptance", types, message)


def commit(
    deployment: Deployment, account: str, commitment: bytes, *, nonce: int, deadline: int
) -> TypedData:
    """A partner stakes its place in the order for a deal it does not show yet."""
    fields: Fields = (("account", "address"), ("commitment", "bytes32"))
    values = (account, commitment)
    return _action(deployment, "DealRegistry", "Commit", fields, values, nonce, deadline)


def reveal(
    deployment: Deployment,
    account: str,
    agreement: bytes,
    tag: bytes,
    salt: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A partner shows what it committed to, which registers the deal."""
    fields: Fields = (
        ("account", "address"),
        ("agreement", "bytes32"),
        ("tag", "bytes32"),
        ("salt", "bytes32"),
    )
    values = (account, agreement, tag, salt)
    return _action(deployment, "DealRegistry", "Reveal", fields, values, nonce, deadline)


def decide(
    deployment: Deployment,
    vendor: str,
    deal: bytes,
    outcome: int,
    reason: bytes,
    value: int,
    token: str,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A vendor decides on a deal; ``value`` and ``token`` are set when it is won, zero otherwise."""
    fields: Fields = (
        ("vendor", "address"),
        ("deal", "bytes32"),
        ("outcome", "uint8"),
        ("reason", "bytes32"),
        ("value", "uint256"),
        ("token", "address"),
    )
    values = (vendor, deal, outcome, reason, value, token)
    return _action(deployment, "DealRegistry", "Decide", fields, values, nonce, deadline)


def withdraw(deployment: Deployment, account: str, deal: bytes, *, nonce: int, deadline: int) -> TypedData:
    """A partner takes its deal back."""
    fields: Fields = (("account", "address"), ("deal", "bytes32"))
    return _action(deployment, "DealRegistry", "Withdraw", fields, (account, deal), nonce, deadline)


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
    return _action(deployment, "RevenueLedger", "Pay", fields, values, nonce, deadline)


def pay_batch(
    deployment: Deployment, account: str, token: str, bundles: Sequence[Bundle], *, nonce: int, deadline: int
) -> TypedData:
    """A payer pays up to 100 invoices in one token."""
    fields: Fields = (("account", "address"), ("token", "address"), ("bundles", "Bundle[]"))
    types = {"PayBatch": fields + _AUTHORIZED, "Bundle": BUNDLE_FIELDS, "Invoice": INVOICE_FIELDS}
    message = {
        "account": to_checksum_address(account),
        "token": to_checksum_address(token),
        "bundles": [bundle.to_message() for bundle in bundles],
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    return _typed_data(deployment, "RevenueLedger", "PayBatch", types, message)


def claim_to(
    deployment: Deployment,
    account: str,
    recipient: str,
    token: str,
    agreements: Sequence[bytes],
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """A payee has what it earned under these agreements sent to a recipient of its choice."""
    fields: Fields = (
        ("account", "address"),
        ("recipient", "address"),
        ("token", "address"),
        ("agreements", "bytes32[]"),
    )
    values = (account, recipient, token, list(agreements))
    return _action(deployment, "RevenueLedger", "ClaimTo", fields, values, nonce, deadline)


def cancel_nonce(
    deployment: Deployment, contract_name: str, account: str, cancelled: int, *, nonce: int, deadline: int
) -> TypedData:
    """An account makes the signatures that carry the nonce ``cancelled`` worthless on one contract."""
    fields: Fields = (("account", "address"), ("cancelled", "uint256"))
    return _action(deployment, contract_name, "CancelNonce", fields, (account, cancelled), nonce, deadline)


def _action(
    deployment: Deployment,
    contract_name: str,
    primary: str,
    fields: Fields,
    values: Sequence[Any],
    nonce: int,
    deadline: int,
) -> TypedData:
    """Typed data of a struct whose members are plain values, nonce and deadline last."""
    types = {primary: fields + _AUTHORIZED}
    named = zip(types[primary], (*values, nonce, deadline), strict=True)
    message = {name: _value(kind, value) for (name, kind), value in named}
    return _typed_data(deployment, contract_name, primary, types, message)


def _value(kind: str, value: Any) -> Any:
    if kind == "bytes32[]":
        return [_value("bytes32", item) for item in value]
    if kind == "bytes32":
        return "0x" + value.hex()
    if kind == "address":
        return to_checksum_address(value)
    return str(int(value)) if kind.startswith("uint") else value


def _typed_data(
    deployment: Deployment,
    contract_name: str,
    primary: str,
    types: dict[str, Fields],
    message: dict[str, Any],
) -> TypedData:
    every = {"EIP712Domain": _DOMAIN_FIELDS, **types}
    return {
        "types": {
            struct: [{"name": name, "type": kind} for name, kind in fields]
            for struct, fields in every.items()
        },
        "primaryType": primary,
        "domain": domain(deployment, contract_name),
        "message": message,
    }
