"""A block's header: what its hash stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError

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
)
"""In the order in which they are encoded; an older block ends earlier."""
_NUMBERS = {
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "baseFeePerGas",
    "blobGasUsed",
    "excessBlobGas",
}


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

    Raises ProofInvalid when that does not hash to the block's own hash: the chain has fields of its own.
    """
    values = []
    for field in _FIELDS:
        if block.get(field) is None:
            break
        raw = bytes.fromhex(block[field][2:].rjust(len(block[field]) % 2 + len(block[field]) - 2, "0"))
        values.append(raw.lstrip(b"\0") if field in _NUMBERS else raw)
    encoded = bytes(rlp.encode(values))
    if keccak(encoded) != bytes.fromhex(block["hash"][2:]):
        raise ProofInvalid(f"Header of block {int(block['number'], 16)}", "its fields do not make its hash")
    return encoded


def read(encoded: bytes, block_hash: bytes) -> BlockHeader:
    """The header with this hash. Raises ProofInvalid when the bytes are not it."""
    part = f"Header of block 0x{block_hash.hex()}"
    if keccak(encoded) != block_hash:
        raise ProofInvalid(part, f"its bytes have the hash 0x{keccak(encoded).hex()}")
    try:
        fields = rlp.decode(encoded)
    except DecodingError as error:
        raise ProofInvalid(part, "it is no RLP") from error
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
