"""Transactions and receipts of every type, as a real node says them, made into the roots in its headers."""

from collections.abc import Iterator
from typing import Any

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st
from whole_trie import WholeTrie

from ledger.chain import anvil as local_chain
from ledger.chain.node import Node
from ledger.keccak import keccak
from ledger.proof import contents, rlp_writing, trie
from ledger.proof.contents import KindUnknown


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with local_chain.start(options=["--no-mining"]) as chain:
        yield chain.node


def mined(node: Node, transactions: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A block of these transactions, and its receipts."""
    wallet, other = local_chain.wallet(0), local_chain.wallet(1).address
    nonce = node.w3.eth.get_transaction_count(wallet.address)
    for number, each in enumerate(transactions, nonce):
        own = dict(each)
        blobs = own.pop("blobs", None)
        base: dict[str, Any] = {
            "chainId": node.chain_id,
            "to": other,
            "value": 1,
            "gas": 90_000,
            "nonce": number,
        }
        signed = wallet.sign_transaction(base | own, blobs=blobs)
        node.rpc("eth_sendRawTransaction", ["0x" + signed.raw_transaction.hex()])
    node.rpc("evm_mine")
    block = node.rpc("eth_getBlockByNumber", ["latest", True])
    assert len(block["transactions"]) == len(transactions)
    return block, node.rpc("eth_getBlockReceipts", [block["number"]])


FEES = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 1}


def test_transactions_and_receipts_of_all_types_make_the_roots_in_the_header(node: Node) -> None:
    signer = local_chain.wallet(3)
    nonce = node.w3.eth.get_transaction_count(signer.address)
    authorization = signer.sign_authorization(
        {"chainId": node.chain_id, "address": signer.address, "nonce": nonce}
    )
    access = [{"address": signer.address, "storageKeys": ["0x" + "01" * 32]}]
    logs_something = "0x60606000a0"  # a contract's creation that leaves a log and no code
    types: list[dict[str, Any]] = [
        {"gasPrice": 10**10},
        {"gasPrice": 10**10, "accessList": access, "type": 1},
        FEES,
        FEES | {"to": "", "value": 0, "data": logs_something},
        FEES | {"type": 4, "authorizationList": [authorization]},
    ]
    block, receipts = mined(node, types)
    envelopes = [contents.transaction(each) for each in block["transactions"]]
    assert ["0x" + keccak(each).hex() for each in envelopes] == [
        each["hash"] for each in block["transactions"]
    ]
    assert sum(len(each["logs"]) for each in receipts) == 1
    assert "0x" + trie.root_of_list(envelopes).hex() == block["transactionsRoot"]
    assert "0x" + trie.root_of_list([*map(contents.receipt, receipts)]).hex() == block["receiptsRoot"]


def test_a_transaction_with_blobs_is_hashed_without_them(node: Node) -> None:
    """Anvil 1.7.1 makes a root of more than a block holds (foundry's issue 15132): its hash only."""
    block, receipts = mined(node, [FEES | {"maxFeePerBlobGas": 10**10, "type": 3, "blobs": [bytes(131_072)]}])
    (transaction,) = block["transactions"]
    assert "0x" + keccak(contents.transaction(transaction)).hex() == transaction["hash"]
    assert "0x" + trie.root_of_list([*map(contents.receipt, receipts)]).hex() == block["receiptsRoot"]


def test_a_hundred_and_thirty_transactions(node: Node) -> None:
    """From 128 on, a number's key has two bytes."""
    block, receipts = mined(node, [{"gasPrice": 10**10}] * 130)
    roots = [
        trie.root_of_list([*map(contents.transaction, block["transactions"])]),
        trie.root_of_list([*map(contents.receipt, receipts)]),
    ]
    assert ["0x" + root.hex() for root in roots] == [block["transactionsRoot"], block["receiptsRoot"]]


@given(st.lists(st.binary(min_size=1, max_size=70), max_size=40))
def test_a_lists_root_is_that_of_the_whole_trie(values: list[bytes]) -> None:
    items = {rlp.encode(number): value for number, value in enumerate(values)}
    assert trie.root_of_list(values) == WholeTrie(items).root


@given(st.recursive(st.binary(max_size=300), lambda items: st.lists(items, max_size=8), max_leaves=20))
def test_rlp_is_written_as_the_library_writes_it(value: Any) -> None:
    def written(value: Any) -> bytes:
        return (
            rlp_writing.item(value) if isinstance(value, bytes) else rlp_writing.listed(map(written, value))
        )

    assert written(value) == rlp.encode(value)


def test_deposits_of_the_op_stack() -> None:
    """Before the fork Canyon, a deposit's nonce is said of its receipt and in no root."""
    deposit = {
        "type": "0x7e",
        "sourceHash": "0x" + "11" * 32,
        "from": "0x" + "22" * 20,
        "to": "0x" + "33" * 20,
        "mint": None,
        "value": "0x0",
        "gas": "0xf4240",
        "isSystemTx": False,
        "input": "0x44",
    }
    words = [b"\x11" * 32, b"\x22" * 20, b"\x33" * 20, b"", b"", bytes.fromhex("0f4240"), b"", b"\x44"]
    assert contents.transaction(deposit) == b"\x7e" + rlp.encode(words)
    receipt = {
        "type": "0x7e",
        "status": "0x1",
        "cumulativeGasUsed": "0x10",
        "logsBloom": "0x" + "00" * 256,
        "logs": [],
        "depositNonce": "0x5",
    }
    before = [b"\1", b"\x10", bytes(256), []]
    assert contents.receipt(receipt) == b"\x7e" + rlp.encode(before)
    canyon = receipt | {"depositReceiptVersion": "0x1"}
    assert contents.receipt(canyon) == b"\x7e" + rlp.encode([*before, b"\5", b"\1"])


def test_a_type_that_nobody_here_knows_is_named() -> None:
    with pytest.raises(KindUnknown, match="a transaction of type 0x6a, which this program does not know"):
        contents.transaction({"type": "0x6a"})
