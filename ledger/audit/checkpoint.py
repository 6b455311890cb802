"""An operator's word on how far its mirror is and what it holds: heads, block and digest, signed (EIP-712).

The heads bind every entry up to the block; two operators whose heads agree hold the same journals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress

from ledger.errors import LedgerError
from ledger.signing import digest
from ledger.signing.recovering import recovered
from ledger.terms import solidity
from ledger.terms.contracts import JOURNALS, REVENUE
from ledger.terms.solidity import Fields

FORMAT = "partnership-ledger-checkpoint/1"
_DOMAIN: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_CHECKPOINT: Fields = (
    ("block", "uint256"),
    ("blockHash", "bytes32"),
    ("journals", "JournalHead[]"),
    ("digest", "bytes32"),
)
_JOURNAL: Fields = (("emitter", "address"), ("seq", "uint64"), ("head", "bytes24"))
_HEAD_BYTES = 24


class CheckpointInvalid(LedgerError):
    """A checkpoint is malformed, or not signed by the operator that it names."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}.", "Ask its operator for one made with `pledger checkpoint sign`.")


@dataclass(frozen=True)
class Head:
    """A contract's address, and number and head of its newest entry; 0 and zeros when it has none."""

    address: ChecksumAddress
    seq: int
    head: bytes


@dataclass(frozen=True)
class Checkpoint:
    """What a mirror of a deployment held as of a block. ``digest`` is of its rows in the schema ``chain``;
    ``ledger`` is the address of the deployment's RevenueLedger.
    """

    chain_id: int
    ledger: ChecksumAddress
    block: int
    block_hash: bytes
    journals: Mapping[str, Head]
    digest: bytes

    def typed_data(self) -> dict[str, Any]:
        """What the operator signs."""
        return {
            "types": {
                struct: [{"name": name, "type": kind} for name, kind in fields]
                for struct, fields in (
                    ("EIP712Domain", _DOMAIN),
                    ("Checkpoint", _CHECKPOINT),
                    ("JournalHead", _JOURNAL),
                )
            },
            "primaryType": "Checkpoint",
            "domain": {
                "name": "Partnership Ledger Checkpoint",
                "version": "1",
                "chainId": self.chain_id,
                "verifyingContract": self.ledger,
            },
            "message": {
                "block": str(self.block),
                "blockHash": "0x" + self.block_hash.hex(),
                "journals": [
                    {"emitter": each.address, "seq": str(each.seq), "head": "0x" + each.head.hex()}
                    for each in (self.journals[name] for name in JOURNALS)
                ],
                "digest": "0x" + self.digest.hex(),
            },
        }

    def signed(self, key: LocalAccount) -> "SignedCheckpoint":
        """It with the signature of an operator's key."""
        signature = key.sign_message(encode_typed_data(full_message=self.typed_data())).signature
        return SignedCheckpoint(self, ChecksumAddress(key.address), bytes(signature))


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint and the operator whose signature it carries; :meth:`from_json` has checked it."""

    checkpoint: Checkpoint
    operator: ChecksumAddress
    signature: bytes

    def to_json(self) -> dict[str, Any]:
        """As files and the API give it."""
        of = self.checkpoint
        return {
            "format": FORMAT,
            "chain_id": of.chain_id,
            "ledger": of.ledger,
            "block": {"number": of.block, "hash": "0x" + of.block_hash.hex()},
            "journals": {
                name: {"address": each.address, "seq": each.seq, "head": "0x" + each.head.hex()}
                for name, each in of.journals.items()
            },
            "digest": "0x" + of.digest.hex(),
            "operator": self.operator,
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_json(cls, document: Any, source: str) -> Self:
        """Raises CheckpointInvalid, naming ``source``, when it is malformed or the signature is not the named
        operator's: an externally owned account's, of 65 bytes.
        """
        try:
            if document["format"] != FORMAT:
                raise CheckpointInvalid(source, f"its format is {document['format']}, not {FORMAT}")
            checkpoint = Checkpoint(
                chain_id=solidity.parse("uint64", document["chain_id"], "chain_id"),
                ledger=solidity.parse("address", document["ledger"], "ledger"),
                block=solidity.parse("uint64", document["block"]["number"], "block.number"),
                block_hash=solidity.parse("bytes32", document["block"]["hash"], "block.hash"),
                journals={name: _head(document["journals"][name], name) for name in JOURNALS},
                digest=solidity.parse("bytes32", document["digest"], "digest"),
            )
            operator = solidity.parse("address", document["operator"], "operator")
            signature = bytes.fromhex(document["signature"].removeprefix("0x"))
        except (AttributeError, KeyError, TypeError, ValueError, solidity.ValueInvalid) as error:
            raise CheckpointInvalid(source, f"it is not a checkpoint: {error}") from error
        if checkpoint.journals[REVENUE].address != checkpoint.ledger:
            raise CheckpointInvalid(source, "its ledger is not the one whose journal it names")
        if recovered(digest(checkpoint.typed_data()), signature) != operator:
            raise CheckpointInvalid(source, f"it is not signed by {operator}, whom it names as its operator")
        return cls(checkpoint, operator, signature)


def _head(document: Any, name: str) -> Head:
    head = bytes.fromhex(document["head"].removeprefix("0x"))
    if len(head) != _HEAD_BYTES:
        raise ValueError(f"the head of {name} has {len(head)} bytes")
    address = solidity.parse("address", document["address"], f"journals.{name}.address")
    return Head(address, solidity.parse("uint64", document["seq"], f"journals.{name}.seq"), head)
