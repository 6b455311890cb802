"""The terms of an agreement as typed data, whose digest is the agreement's id."""

from ledger.signing.eip712 import TypedData, digest, typed_data
from ledger.terms.agreement import PAYEE_FIELDS, TERMS_FIELDS, TRANCHE_FIELDS, Terms
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields

TERMS_TYPES: dict[str, Fields] = {"Terms": TERMS_FIELDS, "Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS}


def terms_typed_data(deployment: Deployment, terms: Terms) -> TypedData:
    """The terms by themselves; nobody signs them so, but their digest is the agreement's id."""
    return typed_data(deployment, "AgreementRegistry", "Terms", TERMS_TYPES, terms.to_message())


def agreement_id(deployment: Deployment, terms: Terms) -> bytes:
    """The id that these terms have under this deployment."""
    return digest(terms_typed_data(deployment, terms))
