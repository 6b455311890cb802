"""What a node is asked for a bundle: headers, and proofs of words of the contracts' storage, as files."""

from collections.abc import Mapping, Sequence
from typing import Any

import rlp

from ledger.chain import answers, blocks
from ledger.chain.blocks import Block, block_of, encoded
from ledger.chain.node import AnswerInvalid, Node, RpcRefused
from ledger.errors import LedgerError
from ledger.verify import headers
from ledger.verify.anchor import HEADER, JOURNAL_SLOT, Anchor, account_file, storage_file

_BATCH = 100


class NotCaptured(LedgerError):
    """The node no longer has, or never gives, the state that a bundle needs."""


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
    files = {folder + HEADER: encoded(block_at(node, block))}
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
        files[folder + account_file(contract)] = bytes(rlp.encode(account))
        files[folder + storage_file(contract)] = bytes(
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
        name = folder + storage_file(contract)
        items = [item for item in rlp.decode(files[name]) if (contract, item[0]) in proved.used]
        kept[name] = bytes(rlp.encode(items))
    return kept


def capture_headers(node: Node, first: int, last: int) -> bytes:
    """RLP of the list of headers after block ``first`` and before ``last``. Raises LedgerError."""
    between = range(first + 1, last)
    if len(between) > headers.MOST:
        raise LedgerError(
            f"There are {len(between):,} blocks between {first} and {last}, a bundle holds {headers.MOST:,} "
            "headers.",
            "Leave --headers out: the auditor then needs the hash of both blocks.",
        )
    found = []
    for begin in range(0, len(between), _BATCH):
        calls = [("eth_getBlockByNumber", [hex(number), False]) for number in between[begin : begin + _BATCH]]
        found += [blocks.encoded(_there(block)) for block in node.rpc_batch(calls)]
    return bytes(rlp.encode(found))


def _there(answer: Any) -> Block:
    block = block_of(answer)
    if block is None:
        raise LedgerError("The node does not have each block between the two.", "Ask another node.")
    return block


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
