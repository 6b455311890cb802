"""The block that a bundle hangs on: its header, and words of the contracts' storage as of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import rlp
from rlp.exceptions import DecodingError

from ledger.journal.heads import unpack_slot
from ledger.proof import header, storage
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader

JOURNAL_SLOT = bytes(32)
OPENING = "opening/"
"""Folder of the block that a bundle begins after; the one that it is of has none."""
HEADER = "header.rlp"


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


def names(contracts: Sequence[str], folder: str = "") -> set[str]:
    """The files that an anchor with these contracts has."""
    return {folder + name for name in (HEADER, *map(account_file, contracts), *map(storage_file, contracts))}


def read(
    files: Mapping[str, bytes], block_hash: bytes, addresses: Mapping[str, bytes], folder: str = ""
) -> Anchor:
    """Checks the header against the hash and every storage word against the header.

    Raises ProofInvalid naming the part that does not lead where it must.
    """
    head = header.read(files[folder + HEADER], block_hash)
    which = " at the opening" if folder else ""
    words = {}
    for contract, address in addresses.items():
        part = f"Account of {contract}{which}"
        nodes = _raw(_decoded(files[folder + account_file(contract)], part), part)
        root = storage.storage_root(head.state_root, address, nodes, part)
        words[contract] = _words(
            root, files[folder + storage_file(contract)], f"Storage of {contract}{which}"
        )
    return Anchor(head, words, which)


def _words(root: bytes, content: bytes, part: str) -> dict[bytes, bytes]:
    words: dict[bytes, bytes] = {}
    for item in _decoded(content, part):
        match item:
            case [bytes() as slot, list() as nodes] if len(slot) == 32 and slot not in words:
                proof = _raw(nodes, part)
                words[slot] = storage.word(root, slot, proof, f"{part}, slot 0x{slot.hex()}")
            case _:
                raise ProofInvalid(part, "it is not a list of slots and proofs")
    return words


def _decoded(content: bytes, part: str) -> list[object]:
    try:
        decoded = rlp.decode(content)
    except DecodingError as error:
        raise ProofInvalid(part, "it is not RLP") from error
    if not isinstance(decoded, list):
        raise ProofInvalid(part, "it is not a list")
    return decoded


def _raw(nodes: Sequence[object], part: str) -> list[bytes]:
    raw = [node for node in nodes if isinstance(node, bytes)]
    if len(raw) != len(nodes):
        raise ProofInvalid(part, "it is not a list of nodes")
    return raw


def account_file(contract: str) -> str:
    """The file of the proof of a contract's account."""
    return f"{contract}/account.rlp"


def storage_file(contract: str) -> str:
    """The file of the proofs of words of a contract's storage."""
    return f"{contract}/storage.rlp"
