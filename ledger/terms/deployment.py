"""One set of the ledger's contracts on a chain, by name and address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from eth_typing import ChecksumAddress

from ledger.errors import LedgerError
from ledger.terms import solidity
from ledger.terms.contracts import CONTRACTS


class DeploymentInvalid(LedgerError):
    """A deployment file is missing, malformed, or of another chain."""


@dataclass(frozen=True)
class Deployment:
    """One set of contracts. ``tokens`` are those deployed along with it, by symbol; on a real chain none."""

    chain_id: int
    block: int
    """Number of the block of the first contract: nothing of the ledger is older."""
    block_hash: bytes
    contracts: Mapping[str, ChecksumAddress]
    tokens: Mapping[str, ChecksumAddress] = field(default_factory=dict)

    def address(self, contract: str) -> ChecksumAddress:
        """Address of a contract by its name. Raises DeploymentInvalid when the deployment has none."""
        if contract not in self.contracts:
            raise DeploymentInvalid(
                f"This deployment has no {contract}.", f"It has {', '.join(self.contracts) or 'none'}."
            )
        return self.contracts[contract]

    def token_named(self, symbol: str) -> ChecksumAddress | None:
        """The token of a symbol, in capitals or not; None when none was deployed along under it."""
        known = {name.casefold(): token for name, token in self.tokens.items()}
        return known.get(symbol.strip().casefold())

    def kind_of(self, address: str | bytes) -> str | None:
        """Name of the contract at an address, None when it is none of these."""
        wanted = address if isinstance(address, bytes) else bytes.fromhex(address.removeprefix("0x"))
        for name, known in self.contracts.items():
            if bytes.fromhex(known[2:]) == wanted:
                return name
        return None

    def to_json(self) -> dict[str, Any]:
        """What :meth:`save` writes."""
        return {
            "chain_id": self.chain_id,
            "block": self.block,
            "block_hash": "0x" + self.block_hash.hex(),
            "contracts": dict(self.contracts),
            "tokens": dict(self.tokens),
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Raises ValueInvalid naming the first part that is missing or malformed."""
        if not isinstance(document, Mapping):
            raise solidity.ValueInvalid("deployment", "is not an object")
        contracts = _addresses(document, "contracts")
        for name in CONTRACTS:
            if name not in contracts:
                raise solidity.ValueInvalid(f"contracts.{name}", "is missing")
        return cls(
            chain_id=solidity.parse("uint64", document.get("chain_id"), "chain_id"),
            block=solidity.parse("uint64", document.get("block"), "block"),
            block_hash=solidity.parse("bytes32", document.get("block_hash"), "block_hash"),
            contracts=contracts,
            tokens=_addresses(document, "tokens") if "tokens" in document else {},
        )


def _addresses(document: Mapping[str, Any], key: str) -> dict[str, ChecksumAddress]:
    found = document.get(key)
    if not isinstance(found, Mapping):
        raise solidity.ValueInvalid(key, "is not an object of names and addresses")
    return {name: solidity.parse("address", address, f"{key}.{name}") for name, address in found.items()}
