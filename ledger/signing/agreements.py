"""The structs of an agreement's terms, and the id that terms have."""

from ledger.rules import plan
from ledger.terms.agreement import PAYEE_FIELDS, TERMS_FIELDS, TRANCHE_FIELDS, Terms
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId
from ledger.terms.solidity import Fields

TERMS_TYPES: dict[str, Fields] = {"Terms": TERMS_FIELDS, "Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS}


def agreement_id(deployment: Deployment, terms: Terms) -> AgreementId:
    """The id that these terms have under this deployment. Raises LedgerError when they have no payee."""
    return plan.agreement_id(terms, deployment.chain_id, deployment.address(AGREEMENTS))
