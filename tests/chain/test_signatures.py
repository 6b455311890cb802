"""A key's signature in each of the ways in which wallets write it, and what is none of its forms."""

from typing import Any

import pytest
from eth_account import Account
from eth_keys.datatypes import Signature
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World
from rpc_proxy import RpcProxy

from ledger.chain.node import connect
from ledger.chain.rpc import RpcRefused
from ledger.chain.signatures import parse, signer, taken
from ledger.signing.recovering import recovered

KEY = Account.from_key("0x" + "4c" * 32)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def signed(digest: bytes) -> tuple[bytes, int, int]:
    """r, s and whether y is odd."""
    made = KEY.unsafe_sign_hash(digest)
    return made.r.to_bytes(32), made.s, made.v - 27


def forms(digest: bytes) -> dict[str, bytes]:
    r, s, odd = signed(digest)
    low, high = s.to_bytes(32), (ORDER - s).to_bytes(32)
    with_chain = [35 + 2 * chain + odd for chain in (1, 110, 137, 31_337, 2**53)]
    return {
        "as the contracts take it": r + low + bytes([27 + odd]),
        "v of 0 or 1": r + low + bytes([odd]),
        "compact (EIP-2098)": r + (s | odd << 255).to_bytes(32),
        "high s": r + high + bytes([28 - odd]),
        "high s, v of 0 or 1": r + high + bytes([1 - odd]),
        **{f"v {v} (EIP-155)": r + low + v.to_bytes((v.bit_length() + 7) // 8) for v in with_chain},
    }


@given(st.binary(min_size=32, max_size=32))
def test_every_form_is_the_keys_and_one_is_what_the_contracts_take(digest: bytes) -> None:
    for name, form in forms(digest).items():
        assert signer(digest, form) == KEY.address, name
        assert (recovered(digest, form) == KEY.address) == (name == "as the contracts take it"), name


@pytest.mark.parametrize("size", [0, 1, 32, 63, 66, 73, 96, 500])
def test_what_is_no_keys_signature_has_no_signer(size: int) -> None:
    for filled in (b"\x00", b"\x11", b"\xff"):
        assert signer(b"\x07" * 32, filled * size) is None or size == 66


@pytest.mark.parametrize("v", [2, 26, 29, 34])
def test_a_v_that_nobody_writes_is_not_guessed(v: int) -> None:
    digest = b"\x07" * 32
    r, s, _ = signed(digest)
    assert signer(digest, r + s.to_bytes(32) + bytes([v])) is None


def test_it_is_read_as_it_is_pasted() -> None:
    r, s, odd = signed(b"\x07" * 32)
    made = r + s.to_bytes(32) + bytes([27 + odd])
    digits = made.hex()
    wrapped = "\n".join([f"0x{digits[:64]}", digits[64:]])
    for text in (digits, f"0x{digits}", f"0X{digits.upper()}", f"  0x{digits}\r\n", wrapped):
        assert parse(text) == made
    for text in ("0x1", "signed", "0x" + "g" * 130, "0x0x11", '"0x11"'):
        with pytest.raises(ValueError, match=r"fromhex|hexadecimal"):
            parse(text)


def test_the_key_is_found_without_help_of_its_library() -> None:
    """The forms above are made by hand: held against eth_keys' own words."""
    digest = b"\x09" * 32
    r, s, odd = signed(digest)
    own = Signature(vrs=(odd, int.from_bytes(r), s))
    assert own.recover_public_key_from_msg_hash(digest).to_checksum_address() == KEY.address


@pytest.mark.parametrize(
    ("error", "is_answer"),
    [
        ({"code": 3, "message": "execution reverted", "data": "0x"}, True),
        ({"code": -32000, "message": "out of gas"}, True),
        ({"code": -32000, "message": "header not found"}, False),
        ({"code": -32603, "message": "Internal error"}, False),
    ],
)
def test_a_wallet_that_was_not_asked_has_not_said_no(world: World, error: Any, is_answer: bool) -> None:
    """The wallet is a contract of the ledger: it has code, and says nothing to ERC-1271."""

    def refusing(method: str, _: Any, answer: dict[str, Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error} if method == "eth_call" else answer

    digest, wallet = b"\x07" * 32, world.deals.address
    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = refusing
        node = connect(proxy.url)
        if is_answer:
            assert taken(node, wallet, digest, b"\x01" * 70, world.agreements.address) is None
            return
        with pytest.raises(RpcRefused):
            taken(node, wallet, digest, b"\x01" * 70, world.agreements.address)


@pytest.mark.parametrize("how", ["runs it", "refuses it", "ignores it"])
def test_a_wallet_is_asked_whatever_the_node_does_with_code_to_run_instead(world: World, how: str) -> None:
    """Some nodes run code that is given to them in place of a contract's, others take no third parameter."""
    runtime = "631626ba7e60e01b60005260206000f3"  # says yes to everything
    init = "0x61" + (len(runtime) // 2).to_bytes(2).hex() + "80600c6000396000f3" + runtime
    wallet = world.relayer.transact(None, init)["contractAddress"]
    assert wallet is not None
    digest, signature = b"\x07" * 32, b"\x01" * 70

    def altered(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != "eth_call" or len(params) < 3 or how == "runs it":
            return answer
        error = {"code": -32602, "message": "too many arguments, want at most 2"}
        if how == "ignores it":  # then the ledger's own contract is asked, which does not know the question
            error = {"code": 3, "message": "execution reverted", "data": "0x"}
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error}

    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = altered
        found = taken(connect(proxy.url), wallet, digest, signature, world.agreements.address)
    assert found == signature
