"""A node's bad moment is nobody's answer: not a token's, and not the chain's on what is final."""

from typing import Any

import pytest
from indexers import index
from partnership import Partnership
from rpc_proxy import RpcProxy, refusal
from sqlalchemy import func, select

from ledger.indexer.tokens import describe
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Block, Token

ASKED = ("0x313ce567", "0x95d89b41")
ERRORS = {
    "rate limit": (-32005, "exceeded its allowance"),
    "lagging": (-32000, "this block is not here"),
    "timeout": (-32000, "the call took too long"),
    "gas": (-32000, "the gas given is less than any call needs here"),
}


def of_token(params: Any) -> bool:
    return params[0].get("data") in ASKED


def token(database: Database, address: str) -> Any:
    with database.session() as session:
        row = session.scalars(select(Token).where(Token.address == bytes.fromhex(address[2:]))).one()
        return row.symbol, row.decimals, row.answered


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_token_that_could_not_be_heard_is_asked_again(
    partnership: Partnership, database: Database, straight: Any, name: str, times: int
) -> None:
    world, left = partnership.world, [times]

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method == "eth_call" and of_token(params) and left[0]:
            left[0] -= 1
            return refusal(answer, ERRORS[name][1], ERRORS[name][0])
        return answer

    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = alter
        index(database, proxy.url, world.deployment)
    assert left == [0]
    assert token(database, world.token.address) == ("tUSD", 6, True)
    assert digest(database) == straight(world)


def test_what_was_never_heard_is_not_known_and_asked_by_the_next_reading(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        ill = method == "eth_call" and of_token(params)
        return refusal(answer, "this block is not here") if ill else answer

    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = alter
        index(database, proxy.url, world.deployment)
        assert token(database, world.token.address) == (None, None, False)
        schema.drop_chain(database.engine)
        index(database, proxy.url, world.deployment)
        assert token(database, world.token.address) == (None, None, False)
    index(database, world.node, world.deployment)
    assert token(database, world.token.address) == ("tUSD", 6, True)


def test_what_a_token_said_once_stays(partnership: Partnership, database: Database) -> None:
    """Also when a reading from the beginning hears nothing."""
    world = partnership.world
    index(database, world.node, world.deployment)
    (row,) = describe(world.node, 31337, [bytes.fromhex(world.token.address[2:])])
    assert row["answered"]
    schema.drop_chain(database.engine)
    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = lambda method, params, answer: (
            refusal(answer, "out of gas") if method == "eth_call" and of_token(params) else answer
        )
        index(database, proxy.url, world.deployment)
    assert token(database, world.token.address) == ("tUSD", 6, True)


@pytest.mark.parametrize("finalized", ["as it is", "block 0", "an error", "null", "nonsense"])
def test_a_long_chain_is_not_read_header_by_header(
    own_partnership: Partnership, database: Database, finalized: str
) -> None:
    """Whatever a node without a consensus layer says to be final."""
    world, asked = own_partnership.world, [0]
    world.node.rpc("anvil_mine", [hex(1_500)])
    genesis = world.node.rpc("eth_getBlockByNumber", ["0x0", False])

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != "eth_getBlockByNumber":
            return answer
        asked[0] += 1
        if params[0] != "finalized" or finalized == "as it is":
            return answer
        said = {"block 0": genesis, "null": None, "nonsense": {"number": "0x"}}
        if finalized in said:
            return answer | {"result": said[finalized]}
        return refusal(answer, "Unknown block", -39001)

    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = alter
        index(database, proxy.url, world.deployment)
    with database.session() as session:
        kept = session.scalar(select(func.count()).select_from(Block))
    assert kept is not None
    assert kept < 200
    assert asked[0] < 400
