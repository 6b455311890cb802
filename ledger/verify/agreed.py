"""The terms of an agreement and of those that it amends, proved by their ids: an id is a hash over the terms.

A bundle that begins after an opening block does not hold the entries that put them in force.
"""

from collections.abc import Iterable, Mapping

from eth_utils.address import to_checksum_address

from ledger.errors import LedgerError
from ledger.proof.errors import ProofInvalid
from ledger.signing import agreement_id
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId
from ledger.verify import container, layout
from ledger.verify.anchor import Anchor

FILE = "terms.json"
PART = "Terms"


def write(versions: Iterable[AgreementId], terms: Mapping[AgreementId, Terms]) -> bytes:
    """The bundle's file: canonical JSON, the newest version's terms first."""
    return container.canonical([terms[version].to_json() for version in versions])


def read(content: bytes, chain_id: int, registry: bytes) -> dict[AgreementId, Terms]:
    """Terms by the ids that they have on this chain and under this registry. Raises ProofInvalid."""
    document = container.parse(content, FILE)
    if not isinstance(document, list):
        raise ProofInvalid(PART, "expected a list")
    deployment = Deployment(chain_id, 0, bytes(32), {AGREEMENTS: to_checksum_address(registry)})
    found = {}
    for each in document:
        try:
            terms = Terms.from_json(each)
        except LedgerError as error:
            raise ProofInvalid(PART, error.what) from error
        if terms.to_json() != each:
            raise ProofInvalid(PART, "they are not written as they must be")
        try:
            found[agreement_id(deployment, terms)] = terms
        except LedgerError as error:
            raise ProofInvalid(PART, error.what) from error
    if len(found) != len(document):
        raise ProofInvalid(PART, "one version is given twice")
    return found


def require_in_force(agreement: AgreementId, closing: Anchor) -> None:
    """Raises ProofInvalid unless the registry put the agreement in force by the closing block."""
    if not closing.word(AGREEMENTS, layout.new_book(agreement)):
        raise ProofInvalid(f"Storage of {AGREEMENTS}", f"0x{agreement.hex()} was never put in force")
