"""Blocks of other forks and chains, made from a real one: with other fields, and the hash that these make."""

from collections.abc import Sequence
from typing import Any

import rlp
from eth_hash.auto import keccak

NUMBERS = {
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
LONDON = [
    *("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"),
    *("difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce"),
    "baseFeePerGas",
]
CANCUN = [*LONDON, "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot"]
PRAGUE = [*CANCUN, "requestsHash"]
AMSTERDAM = [*PRAGUE, "blockAccessListHash", "slotNumber"]
OWN = "parentProposerPubkey"
"""A field that some chain has in its headers, and this program does not know."""

OF_LATER_FORKS = {
    "withdrawalsRoot": "0x" + "56" * 32,
    "blobGasUsed": "0x0",
    "excessBlobGas": "0x20000",
    "parentBeaconBlockRoot": "0x" + "00" * 32,
    "requestsHash": "0x" + "e3" * 32,
    "blockAccessListHash": "0x" + "1d" * 32,
    "slotNumber": "0x9d3a10",
}


def hashed(block: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """The block with the hash of these fields; one that it does not have is encoded as nothing."""
    values = []
    for field in fields:
        digits = (block.get(field) or "0x")[2:]
        raw = bytes.fromhex(digits.rjust(len(digits) + len(digits) % 2, "0"))
        values.append(raw.lstrip(b"\0") if field in NUMBERS else raw)
    return block | {"hash": "0x" + keccak(rlp.encode(values)).hex()}


def with_field(block: dict[str, Any], value: str = "0x" + "aa" * 48) -> dict[str, Any]:
    """A block whose node names a field of the chain's own: as it stands, the known ones do not make its hash.

    (They would, were the gas used what it is.)
    """
    return block | {OWN: value, "gasUsed": hex(int(block["gasUsed"], 16) + 1)}
