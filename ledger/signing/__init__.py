"""EIP-712: the contracts' domains, an agreement's id, and whose signature something is.

What people sign is declared in `ledger.actions`.
"""

from ledger.signing.agreements import agreement_id
from ledger.signing.eip712 import DOMAIN_NAMES, TypedData, digest, domain

__all__ = ["DOMAIN_NAMES", "TypedData", "agreement_id", "digest", "domain"]
