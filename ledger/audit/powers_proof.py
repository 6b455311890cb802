"""Is what is known of the access manager all that there is, in one block? It keeps no journal of its own.

The root of its storage stands in the block's state: if what its events make has that root, none is missing
that still has a say. Where a node gives no proofs, or counts what is empty in its roots (anvil does), each
header's filter says of which blocks the manager surely has no event; that takes every header.
"""

from collections.abc import Collection
from typing import Any

from ledger.audit import places
from ledger.chain import answers
from ledger.chain.blocks import METHOD, Block, block_of, encoded, read_block
from ledger.chain.node import RpcRefused
from ledger.chain.rpc import AnswerInvalid
from ledger.chain.state import BlockGone, BlockState
from ledger.errors import LedgerError
from ledger.keccak import keccak
from ledger.proof import header, manager_storage, storage
from ledger.proof.errors import ProofInvalid
from ledger.rules.powers import Powers

MOST_HEADERS = 20_000
"""So many are read, for want of a root: some minutes of a node."""
_AT_ONCE = 100


class Unproved(LedgerError):
    """It cannot be said whether something is missing. ``why`` in words; ``stored_otherwise``: the root of
    what is stored is another, by the node's word.
    """

    def __init__(self, why: str, *, stored_otherwise: bool = False) -> None:
        super().__init__(f"It cannot be proved that no change of powers is missing: {why}.")
        self.why = why
        self.stored_otherwise = stored_otherwise


def prove(
    sight: BlockState, manager: str, powers: Powers, carriers: Collection[int], first: int, *, headers: int
) -> str:
    """How it is proved, in words, that no change of powers up to the block is missing.

    ``carriers``: numbers of the blocks whose changes are known; ``first``: the deployment's block; so many
    ``headers`` are read at most. Raises Unproved, BlockGone and as `BlockState` does.
    """
    why, otherwise = "", False
    try:
        root = _storage_root(sight, manager)
    except Unproved as error:
        why = error.why
    else:
        if root == manager_storage.root(manager_storage.words(powers)):
            return "they make the root of the access manager's storage in the block's state"
        why, otherwise = "they do not make the root of its storage as the node has it", True
    count = sight.number - first + 1
    if count > headers:
        raise Unproved(why, stored_otherwise=otherwise)
    _require_no_others(sight, manager, carriers, first)
    return f"no other of the {count:,} blocks has an event of the access manager, as their headers say"


def _storage_root(sight: BlockState, manager: str) -> bytes:
    try:
        answer = sight.node.rpc("eth_getProof", [manager, [], hex(sight.number)])
        nodes = [answers.data(text) for text in answer["accountProof"]]
        found = header.read(encoded(_block(sight)), sight.hash)
        part = "Account of AccessManager"
        return storage.storage_root(found.state_root, bytes.fromhex(manager[2:]), nodes, part)
    except RpcRefused as error:
        raise Unproved(f"the node gives no proof of its storage ({error.message})") from error
    except ProofInvalid as error:
        raise Unproved(f"the node's proof leads nowhere ({error.what.rstrip('.')})") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unproved("the node's proof of its storage is none") from error


def _block(sight: BlockState) -> Block:
    block = read_block(sight.node, sight.number)
    if block is None or block.hash != sight.hash:
        raise BlockGone(f"The node does not have block {sight.number} any more.", "Run this again.")
    return block


def _require_no_others(sight: BlockState, manager: str, carriers: Collection[int], first: int) -> None:
    """Every header, from the first to the block, each the parent of the next."""
    address = bytes.fromhex(manager[2:])
    bits = _bits(address)
    before: bytes | None = None
    for start in range(first, sight.number + 1, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, sight.number + 1))
        some = sight.node.rpc_batch([(METHOD, [hex(number), False]) for number in numbers])
        for number, answer in zip(numbers, some, strict=True):
            block = _hashed(number, answer)
            if before is not None and block.parent_hash != before:
                raise BlockGone(f"Block {number} changed while it was read.", "Run this again.")
            before = block.hash
            if number not in carriers and _may_have(block, bits):
                _require_none(sight, block, address)
    if before != sight.hash:
        raise BlockGone(f"The node does not have block {sight.number} any more.", "Run this again.")


def _hashed(number: int, answer: Any) -> Block:
    try:
        block = block_of(answer)
        if block is None or block.number != number:
            raise Unproved(f"the node has no block {number}")
        encoded(block)
    except ProofInvalid as error:
        raise Unproved(f"a header cannot be hashed ({error.what.rstrip('.')})") from error
    except AnswerInvalid as error:
        raise Unproved(f"of block {number}, what the node says is malformed") from error
    return block


def _require_none(sight: BlockState, block: Block, address: bytes) -> None:
    """That the receipts of a block, which its header allows to have an event of the manager, have none."""
    logs = places.proved_logs(sight.node, block.number, block.hash)
    if isinstance(logs, str):
        raise Unproved(f"of block {block.number}, {logs}")
    if any(log.address == address for log in logs):
        raise Missing(block.number)


class Missing(LedgerError):
    """A block has events of the access manager that are not known. ``block`` is its number."""

    def __init__(self, block: int) -> None:
        super().__init__(f"Block {block} has an event of the access manager that is missing.")
        self.block = block


def _bits(address: bytes) -> list[int]:
    """The three bits of a header's filter that an address sets (Yellow Paper, 4.3.1)."""
    hashed = keccak(address)
    return [int.from_bytes(hashed[at : at + 2]) % 2048 for at in (0, 2, 4)]


def _may_have(block: Block, bits: Collection[int]) -> bool:
    try:
        filled = int.from_bytes(answers.data(block.raw["logsBloom"], 256))
    except (KeyError, ValueError) as error:
        raise Unproved(f"of block {block.number}, what the node says is malformed") from error
    return all(filled >> bit & 1 for bit in bits)
