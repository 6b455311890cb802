"""The block that a bundle hangs on: its header, and words of the contracts' storage as of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import rlp
from rlp.exceptions import DecodingError

from ledger.chain import answers
from ledger.chain.blocks import Block, encoded
from ledger.chain.journal import unpack_slot
from ledger.chain.node import AnswerInvalid, Node, RpcRefused
from ledger.errors import LedgerError
from ledger.proof import header, storage
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader

JOURNAL_SLOT = bytes(32)
OPENING = "opening/"
"""Folder of the block that a bundle begins after; the one that it is of has none."""
_HEADER = "header.rlp"


class NotCaptured(LedgerError):
    """The node no longer has, or never gives, the state that a bundle needs."""


@dataclass(frozen=True)
class Anchor:
    """A block's header, and the storage words that were proved, by contract and slot.

    ``which``: what parts of it are called besides, as " at the opening". ``used``: the words that were asked
    for; a proof of any other would be bytes that nobody looks at.
    """

    header: BlockHeader
    words: Mapping[str, Mapping[bytes, bytes]]
    which: str = ""
    used: set[tuple[str, bytes]] = field(default_factory=set, compare=False, repr=False)

    def word(self, contract: str, slot: bytes) -> int:
        """A proved word. Raises ProofInvalid when the bundle does not prove it."""
        if slot not in self.words[contract]:
            part = f"Storage of {contract}{self.which}"
            raise ProofInvalid(part, f"the slot 0x{slot.hex()} is not proved")
        self.used.add((contract, slot))
        return int.from_bytes(self.words[contract][slot])

    def require_all_used(self) -> None:
        """Raises ProofInvalid when a word is proved that nobody asked for."""
        for contract, words in self.words.items():
            for slot in words:
                if (contract, slot) not in self.used:
                    part = f"Storage of {contract}{self.which}"
                    raise ProofInvalid(part, f"the slot 0x{slot.hex()} is none that the subject needs")

    def journal(self, contract: str) -> tuple[int, bytes]:
        """Number and head of a contract's newest entry."""
        return unpack_slot(self.word(contract, JOURNAL_SLOT).to_bytes(32))


def capture(
    node: Node,
    block: int,
    addresses: Mapping[str, str],
    slots: Mapping[str, Sequence[bytes]],
    folder: str = "",
) -> dict[str, bytes]:
    """Files that prove these slots, and each contract's journal, as of a block.

    Raises NotCaptured when the node does not have the block's state any more or does not give proofs.
    """
    files = {folder + _HEADER: encoded(block_at(node, block))}
    for contract, address in addresses.items():
        wanted = [JOURNAL_SLOT, *slots.get(contract, ())]
        try:
            answer = node.rpc("eth_getProof", [address, ["0x" + slot.hex() for slot in wanted], hex(block)])
            account, proofs = _proofs(answer, len(wanted))
        except RpcRefused as error:
            raise NotCaptured(
                f"Not captured: the node gives no storage proofs of {contract} as of block {block}: "
                f"{error.what}",
                "Ask a node that keeps the state of that block (an archive node).",
            ) from error
        files[folder + _account(contract)] = bytes(rlp.encode(account))
        files[folder + _storage(contract)] = bytes(
            rlp.encode([list(each) for each in zip(wanted, proofs, strict=True)])
        )
    return files


def block_at(node: Node, number: int) -> Block:
    """A block of the node's chain. Raises NotCaptured when it has none, and as `Node.block`."""
    found = node.block(number)
    if found is None:
        raise NotCaptured(f"The node has no block {number}.", "Name a block that it has.")
    return found


def trimmed(files: Mapping[str, bytes], proved: Anchor, folder: str = "") -> dict[str, bytes]:
    """The files without proofs of words that nobody asked for."""
    kept = dict(files)
    for contract in proved.words:
        name = folder + _storage(contract)
        items = [item for item in rlp.decode(files[name]) if (contract, item[0]) in proved.used]
        kept[name] = bytes(rlp.encode(items))
    return kept


def names(contracts: Sequence[str], folder: str = "") -> set[str]:
    """The files that an anchor with these contracts has."""
    return {folder + name for name in (_HEADER, *map(_account, contracts), *map(_storage, contracts))}


def read(
    files: Mapping[str, bytes], block_hash: bytes, addresses: Mapping[str, bytes], folder: str = ""
) -> Anchor:
    """Checks the header against the hash and every storage word against the header.

    Raises ProofInvalid naming the part that does not lead where it must.
    """
    head = header.read(files[folder + _HEADER], block_hash)
    which = " at the opening" if folder else ""
    words = {}
    for contract, address in addresses.items():
        part = f"Account of {contract}{which}"
        nodes = _raw(_decoded(files[folder + _account(contract)], part), part)
        root = storage.storage_root(head.state_root, address, nodes, part)
        words[contract] = _words(root, files[folder + _storage(contract)], f"Storage of {contract}{which}")
    return Anchor(head, words, which)


def _words(root: bytes, content: bytes, part: str) -> dict[bytes, bytes]:
    words: dict[bytes, bytes] = {}
    for item in _decoded(content, part):
        match item:
            case [bytes() as slot, list() as nodes] if len(slot) == 32 and slot not in words:
                proof = _raw(nodes, part)
                words[slot] = storage.word(root, slot, proof, f"{part}, slot 0x{slot.hex()}")
            case _:
                raise ProofInvalid(part, "it is no list of slots and proofs")
    return words


def _decoded(content: bytes, part: str) -> list[object]:
    try:
        decoded = rlp.decode(content)
    except DecodingError as error:
        raise ProofInvalid(part, "it is no RLP") from error
    if not isinstance(decoded, list):
        raise ProofInvalid(part, "it is no list")
    return decoded


def _raw(nodes: Sequence[object], part: str) -> list[bytes]:
    raw = [node for node in nodes if isinstance(node, bytes)]
    if len(raw) != len(nodes):
        raise ProofInvalid(part, "it is no list of nodes")
    return raw


def _proofs(answer: Any, slots: int) -> tuple[list[bytes], list[list[bytes]]]:
    """The account's proof and each slot's. Raises AnswerInvalid; whether they hold is seen later."""
    try:
        proofs = [_nodes(each["proof"]) for each in answer["storageProof"]]
        if len(proofs) != slots:
            raise ValueError("it has as many proofs as slots")
        return _nodes(answer["accountProof"]), proofs
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid("eth_getProof", f"the proofs of {slots} slots", answer) from error


def _nodes(texts: Sequence[str]) -> list[bytes]:
    """Without the node that some nodes give of an empty trie, which its root alone shows to be empty."""
    return [answers.data(text) for text in texts if text != "0x80"]


def _account(contract: str) -> str:
    return f"{contract}/account.rlp"


def _storage(contract: str) -> str:
    return f"{contract}/storage.rlp"
