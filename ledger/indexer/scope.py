"""Which contracts of which chain one indexer mirrors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ledger.terms.contracts import JOURNALS, MANAGER, REVENUE
from ledger.terms.deployment import Deployment


@dataclass(frozen=True)
class Scope:
    """One deployment: ``kinds`` are the names of those of its contracts that keep a journal, by address,
    ``ledger`` is its RevenueLedger; ``manager`` says who may do what, and keeps none.
    """

    chain_id: int
    ledger: bytes
    kinds: Mapping[bytes, str]
    first_block: int
    manager: bytes

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """The contracts of a deployment."""
        kinds = {bytes.fromhex(deployment.address(kind)[2:]): kind for kind in JOURNALS}
        ledger = bytes.fromhex(deployment.address(REVENUE)[2:])
        manager = bytes.fromhex(deployment.address(MANAGER)[2:])
        return cls(deployment.chain_id, ledger, kinds, deployment.block, manager)

    @property
    def contracts(self) -> list[bytes]:
        """Addresses of the contracts that keep a journal."""
        return list(self.kinds)
