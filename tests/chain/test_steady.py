"""Several nodes as one: who does not answer gives way, and nothing is sent twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.chain.node import ChainMismatch, NodeUnreachable
from ledger.chain.steady import connect_steady

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def pair() -> Iterator[tuple[Anvil, Anvil]]:
    with local_chain.start() as first, local_chain.start() as second:
        second.mine(7)  # so that their answers tell them apart
        yield first, second


def kill(chain: Anvil) -> None:
    chain.process.kill()
    chain.process.wait()


def test_a_node_that_goes_down_gives_way_to_the_next_for_every_thread(pair: tuple[Anvil, Anvil]) -> None:
    first, second = pair
    node = connect_steady([NOWHERE, first.rpc_url, second.rpc_url])
    block = node.w3.eth  # what was bound to the first node goes on with the second
    assert (node.rpc("eth_blockNumber"), block.block_number) == ("0x0", 0)
    kill(first)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: node.rpc("eth_blockNumber"), range(40)))
    assert answers == ["0x7"] * 40
    assert node.rpc_batch([("eth_blockNumber", []), ("eth_chainId", [])]) == ["0x7", "0x7a69"]
    assert block.block_number == 7
    kill(second)
    with pytest.raises(NodeUnreachable):
        node.rpc("eth_blockNumber")


def test_a_transaction_is_not_sent_again_elsewhere(pair: tuple[Anvil, Anvil]) -> None:
    """The node that did not answer may have taken it; the next question goes to another."""
    first, second = pair
    node = connect_steady([first.rpc_url, second.rpc_url])
    signed = local_chain.wallet(0).sign_transaction(
        {
            "to": local_chain.wallet(1).address,
            "value": 1,
            "gas": 21_000,
            "gasPrice": 10**10,
            "nonce": 0,
            "chainId": node.chain_id,
        }
    )
    kill(first)
    with pytest.raises(NodeUnreachable):
        node.rpc("eth_sendRawTransaction", ["0x" + signed.raw_transaction.hex()])
    assert node.rpc("eth_getTransactionCount", [local_chain.wallet(0).address, "pending"]) == "0x0"
    assert node.rpc("eth_blockNumber") == "0x7"


def test_a_node_of_another_chain_is_never_turned_to(pair: tuple[Anvil, Anvil]) -> None:
    first, _ = pair
    with local_chain.start(options=["--chain-id", "7"]) as other:
        node = connect_steady([first.rpc_url, other.rpc_url])
        kill(first)
        with pytest.raises(NodeUnreachable):
            node.rpc("eth_blockNumber")
        with pytest.raises(ChainMismatch):
            connect_steady([first.rpc_url, other.rpc_url], 31337)


def test_of_nodes_that_are_all_down_the_first_is_named() -> None:
    with pytest.raises(NodeUnreachable, match=r"http://127\.0\.0\.1:9:"):
        connect_steady([NOWHERE, "http://127.0.0.1:10"])
