"""A block's header: what its hash stands for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import rlp
from rlp.exceptions import DecodingError

from ledger.keccak import keccak
from ledger.proof import rlp_writing
from ledger.proof.errors import ProofInvalid

_FIELDS = (
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",  # EIP-1559
    "withdrawalsRoot",  # EIP-4895
    "blobGasUsed",  # EIP-4844
    "excessBlobGas",
    "parentBeaconBlockRoot",  # EIP-4788
    "requestsHash",  # EIP-7685
    "blockAccessListHash",  # EIP-7928
    "slotNumber",  # EIP-7843
)
"""In the order in which they are encoded; an older block ends earlier, and a chain that has one and not all
before it encodes those as nothing.
"""
_ALWAYS = 15
"""So many of them has every block."""
_NUMBERS = {
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "baseFeePerGas",
    "blobGasUsed",
    "excessBlobGas",
    "slotNumber",
}
_BESIDE = {"hash", "size", "totalDifficulty", "transactions", "uncles", "withdrawals"}
"""What nodes answer of a block beside its header."""


_MOST_NAMES, _LONGEST_NAME = 5, 40
"""A node may make up any number of them."""


class HeaderUnknown(ProofInvalid):
    """A header that this program cannot hash: it has ``fields`` of its chain's own, or of a later fork."""

    def __init__(self, part: str, fields: Collection[str]) -> None:
        names = ", ".join(field[:_LONGEST_NAME] for field in [*fields][:_MOST_NAMES])
        several = len(fields) > 1
        super().__init__(
            part,
            f"it has {'fields' if several else 'a field'} that this program does not know: {names}",
        )
        self.hint = "Its chain, or a later fork of it, has headers of its own: is there a newer version?"
        self.fields = tuple(fields)


@dataclass(frozen=True)
class BlockHeader:
    """What proofs go by; ``timestamp`` in seconds since 1970."""

    hash: bytes
    parent_hash: bytes
    state_root: bytes
    number: int
    timestamp: int


def encode(block: Mapping[str, Any]) -> bytes:
    """The RLP of a header from what ``eth_getBlockByNumber`` answers.

    Raises HeaderUnknown when that does not hash to the block's own hash and has fields that are not known
    here; ProofInvalid when it does not and has none: something of it is not the block's.
    Raises ValueError or TypeError for what is not a block.
    """
    encoded = rlp_writing.listed(map(rlp_writing.item, _values(block)))
    if keccak(encoded) == bytes.fromhex(block["hash"][2:]):
        return encoded
    number = block["number"]
    part = f"Header of block {number if isinstance(number, int) else int(number, 16)}"
    if unknown := unknown_fields(block):
        raise HeaderUnknown(part, unknown)
    missing = [field for field in _FIELDS[:_ALWAYS] if block.get(field) is None]
    without = f"; it has no {', no '.join(missing)}" if missing else ""
    raise ProofInvalid(part, f"its fields do not make its hash{without}")


def stands_for(block: Mapping[str, Any]) -> bool:
    """Whether a block's hash was seen to stand for what the node says of it."""
    try:
        encode(block)
    except (ProofInvalid, KeyError, TypeError, ValueError):
        return False
    return True


def unknown_fields(block: Mapping[str, Any]) -> list[str]:
    """What is said of a block that is not a field of the headers known here, in the node's order."""
    return [
        name
        for name, value in block.items()
        if value is not None and name not in _BESIDE and name not in _FIELDS
    ]


def _values(block: Mapping[str, Any]) -> list[bytes]:
    values = []
    count = _ALWAYS
    for place, field in enumerate(_FIELDS, 1):
        said = block.get(field)
        if said is None:
            values.append(b"")
            continue
        count = max(count, place)
        text = hex(said) if isinstance(said, int) else said
        raw = bytes.fromhex(text[2:] if len(text) % 2 == 0 else "0" + text[2:])
        values.append(raw.lstrip(b"\0") if field in _NUMBERS else raw)
    return values[:count]


def read(encoded: bytes, block_hash: bytes) -> BlockHeader:
    """The header with this hash. Raises ProofInvalid when the bytes are not it."""
    part = f"Header of block 0x{block_hash.hex()}"
    if keccak(encoded) != block_hash:
        raise ProofInvalid(part, f"its bytes have the hash 0x{keccak(encoded).hex()}")
    try:
        fields = rlp.decode(encoded)
    except DecodingError as error:
        raise ProofInvalid(part, "it is not RLP") from error
    if len(fields) < _FIELDS.index("nonce") + 1:
        raise ProofInvalid(part, f"it has {len(fields)} fields")
    by_name = dict(zip(_FIELDS, fields, strict=False))
    return BlockHeader(
        hash=block_hash,
        parent_hash=by_name["parentHash"],
        state_root=by_name["stateRoot"],
        number=int.from_bytes(by_name["number"]),
        timestamp=int.from_bytes(by_name["timestamp"]),
    )
