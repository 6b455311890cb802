"""One bad party harms only itself: no token and no name keeps anybody's entries out of the tables."""

from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st
from indexers import index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import select

from ledger.indexer.tokens import decimals_of, symbol_of
from ledger.store.database import Database
from ledger.store.tables import Agreement, Partner, Token


def runtime_that_returns(answer: bytes) -> bytes:
    """Code that answers every call with these bytes: its own, after the 14 that copy and return them."""
    size = len(answer).to_bytes(2)
    return bytes.fromhex("61") + size + bytes.fromhex("80600c6000396000f3") + answer


TOKENS = {
    "reverts": bytes.fromhex("60006000fd"),
    "never ends": bytes.fromhex("5b600056"),
    "invalid": bytes.fromhex("fe"),
    "answers nothing": bytes.fromhex("00"),
    "answers 64 KiB": bytes.fromhex("620100006000f3"),
    "answers a large number": runtime_that_returns(b"\xff" * 32),
    "answers a string that is longer than it is": runtime_that_returns(encode(["uint256"] * 2, [32, 2**200])),
    "answers controls": runtime_that_returns(encode(["string"], ["\u202e\x00\x1b[31mUSD\n\u200b"])),
    "answers no text": runtime_that_returns(encode(["bytes"], [b"\xff\xfe\x80"])),
}


def deploy(world: World, runtime: bytes) -> str:
    initcode = bytes.fromhex("61") + len(runtime).to_bytes(2) + bytes.fromhex("80600c6000396000f3") + runtime
    return str(world.relayer.transact(None, "0x" + initcode.hex())["contractAddress"])


def test_hostile_tokens_have_no_decimals_and_break_nothing(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world
    hostile = {deploy(world, code): name for name, code in TOKENS.items()}
    nobody = world.node.w3.to_checksum_address("0x" + "99" * 20)
    tokens = [*hostile, nobody, world.token.address]
    agreement = world.agreement([partnership.vendor], {partnership.vendor: 1}, tokens=tokens)
    index(database, world.node, world.deployment)
    with database.session() as session:
        assert agreement.id in session.scalars(select(Agreement.agreement)).all()
        rows = {token.address: token for token in session.scalars(select(Token))}
        assert set(rows) == {bytes.fromhex(token[2:]) for token in tokens}
        for address, name in hostile.items():
            row = rows[bytes.fromhex(address[2:])]
            assert row.decimals is None, name
            assert row.symbol == ("[31mUSD" if name == "answers controls" else None), name
        honest = rows[bytes.fromhex(world.token.address[2:])]
        assert (honest.symbol, honest.decimals) == ("tUSD", 6)


@given(st.binary(max_size=200))
def test_no_answer_of_a_token_is_an_error(answer: bytes) -> None:
    symbol, decimals = symbol_of(answer), decimals_of(answer)
    assert symbol is None or (symbol.isprintable() and 0 < len(symbol) <= 32)
    assert decimals is None or 0 <= decimals <= 255


@given(st.text(min_size=1, max_size=300))
def test_a_symbol_is_short_and_can_be_seen(text: str) -> None:
    symbol = symbol_of(encode(["string"], [text]))
    assert symbol is None or (symbol.isprintable() and 0 < len(symbol) <= 32)


def test_symbols_of_early_tokens_are_words() -> None:
    assert symbol_of(b"MKR".ljust(32, b"\0")) == "MKR"
    assert symbol_of(encode(["string"], ["USDC"])) == "USDC"


def test_names_that_are_no_text_are_taken_all_the_same(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    stranger = world.stranger()
    name, uri = b"Bad\xff\xc3\x28\x00Name", b"\x80\x00"
    arguments = encode(["address", "bytes", "bytes"], [stranger.account, name, uri])
    selector = keccak(text="register(address,string,string)")[:4]
    stranger.sender.transact(world.partners.address, "0x" + (selector + arguments).hex())
    index(database, world.node, world.deployment)
    with database.session() as session:
        partner = session.get(
            Partner,
            (31337, bytes.fromhex(world.partners.address[2:]), bytes.fromhex(stranger.account[2:])),
        )
        assert partner is not None
        assert partner.name.startswith("Bad\ufffd")
        assert partner.name.endswith("\ufffdName")
