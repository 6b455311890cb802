"""Which contracts of which chain one indexer mirrors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ledger.chain.deployment import LEDGER_CONTRACTS, Deployment


@dataclass(frozen=True)
class Scope:
    """One deployment: ``kinds`` are its contracts' names by address, ``ledger`` is its RevenueLedger."""

    chain_id: int
    ledger: bytes
    kinds: Mapping[bytes, str]
    first_block: int

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """The contracts of a deployment that keep a journal."""
        kinds = {bytes.fromhex(deployment.address(kind)[2:]): kind for kind in LEDGER_CONTRACTS}
        ledger = bytes.fromhex(deployment.address("RevenueLedger")[2:])
        return cls(deployment.chain_id, ledger, kinds, deployment.block)

    @property
    def contracts(self) -> list[bytes]:
        """The contracts' addresses."""
        return list(self.kinds)
