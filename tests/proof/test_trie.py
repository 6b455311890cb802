"""The trie against what others made of it, and every way to damage a proof."""

import pytest
import rlp
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st
from whole_trie import WholeTrie

from ledger.proof.errors import ProofInvalid
from ledger.proof.trie import EMPTY_ROOT, read

ITEMS = st.dictionaries(st.binary(min_size=2, max_size=2), st.binary(min_size=1, max_size=60), max_size=40)


def test_the_empty_root_is_ethereum_s() -> None:
    assert EMPTY_ROOT.hex() == "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
    assert WholeTrie({}).root == EMPTY_ROOT
    assert read(EMPTY_ROOT, b"any", [], "proof") is None


def test_the_root_is_the_one_of_ethereum_s_own_vectors() -> None:
    """From ethereum/tests, trieanyorder.json, "dogs" without the key that begins others, and "singleItem"."""
    assert WholeTrie({b"A": b"a" * 50}).root.hex() == (
        "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"
    )


@given(ITEMS)
def test_each_key_is_read_back_and_no_other_is(items: dict[bytes, bytes]) -> None:
    trie = WholeTrie(items)
    for key in {*items, b"\x00\x00", b"\xab\xcd"}:
        assert read(trie.root, key, trie.proof(key), "proof") == items.get(key)


@given(ITEMS.filter(lambda items: len(items) > 1), st.data())
def test_a_flipped_bit_is_noticed(items: dict[bytes, bytes], data: st.DataObject) -> None:
    trie = WholeTrie(items)
    key = data.draw(st.sampled_from(sorted(items)))
    nodes = trie.proof(key)
    which = data.draw(st.integers(0, len(nodes) - 1))
    bit = data.draw(st.integers(0, 8 * len(nodes[which]) - 1))
    damaged = bytearray(nodes[which])
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProofInvalid) as caught:
        read(trie.root, key, [*nodes[:which], bytes(damaged), *nodes[which + 1 :]], "proof of the key")
    assert caught.value.part == "proof of the key"


def test_a_node_too_few_or_too_many_is_noticed() -> None:
    trie = WholeTrie({keccak(bytes([i])): bytes([i]) * 40 for i in range(50)})
    nodes = trie.proof(keccak(b"\x07"))
    assert len(nodes) > 1
    with pytest.raises(ProofInvalid, match="missing"):
        read(trie.root, keccak(b"\x07"), nodes[:-1], "proof")
    with pytest.raises(ProofInvalid, match="lead nowhere"):
        read(trie.root, keccak(b"\x07"), [*nodes, nodes[0]], "proof")


@pytest.mark.parametrize(
    "node", [rlp.encode([b"\x20"]), rlp.encode(b"text"), rlp.encode([b"\x50", b"x"]), b"\xf8"]
)
def test_what_is_no_node_is_said_to_be_none(node: bytes) -> None:
    with pytest.raises(ProofInvalid, match="node"):
        read(bytes(keccak(node)), b"\x01", [node], "proof")
