"""Headers and storage of a real chain, proved from nothing but a block hash."""

from typing import Any

import pytest
from ledger_world import World

from ledger.chain.node import Node
from ledger.journal.heads import unpack_slot
from ledger.proof import header, storage
from ledger.proof.errors import ProofInvalid


def _newest(node: Node) -> dict[str, Any]:
    newest: dict[str, Any] = node.rpc("eth_getBlockByNumber", ["latest", False])
    return newest


def _nodes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text[2:]) for text in texts]


@pytest.fixture
def busy(world: World) -> World:
    """A ledger in which something has happened."""
    world.partner("Nova")
    return world


def test_a_header_is_read_from_its_own_bytes_only(busy: World) -> None:
    block = _newest(busy.node)
    block_hash = bytes.fromhex(block["hash"][2:])
    encoded = header.encode(block)
    found = header.read(encoded, block_hash)
    assert (found.number, found.timestamp) == (int(block["number"], 16), int(block["timestamp"], 16))
    assert found.state_root.hex() == block["stateRoot"][2:]
    damaged = bytes([*encoded[:100], encoded[100] ^ 1, *encoded[101:]])
    with pytest.raises(ProofInvalid, match="Header of block"):
        header.read(damaged, block_hash)


def test_a_node_that_alters_a_header_is_noticed(busy: World) -> None:
    block = _newest(busy.node)
    with pytest.raises(ProofInvalid, match="do not make its hash"):
        header.encode({**block, "timestamp": hex(int(block["timestamp"], 16) + 1)})


def test_a_journal_slot_is_proved_from_the_block_hash(busy: World) -> None:
    block = _newest(busy.node)
    address = busy.deployment.address("PartnerRegistry")
    answer = busy.node.rpc("eth_getProof", [address, ["0x" + "00" * 32], block["number"]])
    found = header.read(header.encode(block), bytes.fromhex(block["hash"][2:]))
    root = storage.storage_root(
        found.state_root, bytes.fromhex(address[2:]), _nodes(answer["accountProof"]), "account"
    )
    word = storage.word(root, bytes(32), _nodes(answer["storageProof"][0]["proof"]), "journal")
    journal = busy.node.contract(busy.deployment, "PartnerRegistry").functions.journal().call()
    assert unpack_slot(word) == tuple(journal)


def test_an_account_that_is_not_there_proves_nothing(busy: World) -> None:
    block = _newest(busy.node)
    nobody = "0x" + "ab" * 20
    answer = busy.node.rpc("eth_getProof", [nobody, ["0x" + "00" * 32], block["number"]])
    found = header.read(header.encode(block), bytes.fromhex(block["hash"][2:]))
    with pytest.raises(ProofInvalid, match="there is no account"):
        storage.storage_root(
            found.state_root, bytes.fromhex(nobody[2:]), _nodes(answer["accountProof"]), "account"
        )
