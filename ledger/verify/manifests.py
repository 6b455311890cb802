"""``bundle.json``: of which blocks, contracts and subject a bundle is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.proof.errors import ProofInvalid
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.verify import container
from ledger.verify.subject import CONTRACTS

MANIFEST = "bundle.json"
FORMAT = "partnership-ledger-bundle/1"
"""Of bundles whose journals begin with the first entry."""
FORMAT_OPENED = "partnership-ledger-bundle/2"
"""Of those that begin after an opening block."""


@dataclass(frozen=True)
class BlockName:
    """A block by its number and hash."""

    number: int
    hash: bytes

    def to_json(self) -> dict[str, Any]:
        """As the manifest names it."""
        return {"number": self.number, "hash": "0x" + self.hash.hex()}


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself. ``subject`` is as the document has it."""

    chain_id: int
    block: BlockName
    contracts: Mapping[str, bytes]
    subject: Any
    opening: BlockName | None = None

    def to_bytes(self) -> bytes:
        """The file."""
        document: dict[str, Any] = {
            "format": FORMAT if self.opening is None else FORMAT_OPENED,
            "chain_id": self.chain_id,
            "block": self.block.to_json(),
            "contracts": {name: to_checksum_address(of) for name, of in self.contracts.items()},
            "subject": self.subject,
        }
        if self.opening is not None:
            document["opening"] = self.opening.to_json()
        return container.canonical(document)


def read(document: Any) -> Manifest:
    """Raises ProofInvalid when it is not what :meth:`Manifest.to_bytes` writes."""
    match document:
        case {
            "format": str() as format_,
            "chain_id": int() as chain_id,
            "block": block,
            "contracts": dict() as contracts,
            "subject": dict() as subject,
            **more,
        }:
            if format_ not in (FORMAT, FORMAT_OPENED):
                raise ProofInvalid(
                    MANIFEST, f"its format is {format_}, this program reads {FORMAT} and {FORMAT_OPENED}"
                )
            if more.keys() == ({"opening"} if format_ == FORMAT_OPENED else set()):
                opening = _block(more["opening"]) if more else None
                return Manifest(chain_id, _block(block), _addresses(contracts), subject, opening)
    raise ProofInvalid(MANIFEST, "it is malformed")


def _block(document: Any) -> BlockName:
    try:
        found = BlockName(int(document["number"]), bytes.fromhex(document["hash"][2:]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProofInvalid(MANIFEST, "a block is malformed") from error
    if found.to_json() != document:
        raise ProofInvalid(MANIFEST, "a block is malformed")
    return found


def _addresses(contracts: Mapping[str, Any]) -> dict[str, bytes]:
    if contracts.keys() != set(CONTRACTS):
        raise ProofInvalid(MANIFEST, f"its contracts are not {AGREEMENTS} and {REVENUE}")
    try:
        found = {name: bytes.fromhex(address.removeprefix("0x")) for name, address in contracts.items()}
    except (AttributeError, ValueError) as error:
        raise ProofInvalid(MANIFEST, "an address is malformed") from error
    if any(len(of) != 20 or to_checksum_address(of) != contracts[name] for name, of in found.items()):
        raise ProofInvalid(MANIFEST, "an address is malformed")
    return found
