"""Headers of all forks, of chains with one field more or less, and of nodes that alter or forget one."""

from typing import Any

import pytest
from header_forks import AMSTERDAM, LONDON, OF_LATER_FORKS, OWN, PRAGUE, hashed
from ledger_world import World

from ledger.proof import header
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import HeaderUnknown


@pytest.fixture
def block(world: World) -> dict[str, Any]:
    """The chain's newest, with nothing of its own of a fork after London."""
    newest = world.node.rpc("eth_getBlockByNumber", ["latest", False])
    return {name: value for name, value in newest.items() if name not in OF_LATER_FORKS}


def later(fields: list[str]) -> dict[str, Any]:
    return {name: value for name, value in OF_LATER_FORKS.items() if name in fields}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(LONDON[:15], id="before London"),
        pytest.param(LONDON, id="London"),
        pytest.param(PRAGUE, id="Prague"),
        pytest.param(AMSTERDAM, id="Amsterdam"),
        pytest.param([*LONDON[:15], "withdrawalsRoot"], id="withdrawals without a base fee"),
        pytest.param([*LONDON, "requestsHash"], id="requests without withdrawals"),
        pytest.param([*LONDON, "slotNumber"], id="slots without anything between"),
    ],
)
def test_a_header_of_any_fork_is_what_its_hash_stands_for(block: dict[str, Any], fields: list[str]) -> None:
    """Optional fields that a chain does not have are encoded as nothing where one after them is there."""
    here = {name: value for name, value in block.items() if name not in LONDON or name in fields}
    upto = AMSTERDAM[: AMSTERDAM.index(fields[-1]) + 1]
    shown = hashed(here | later(fields), upto)
    found = header.read(header.encode(shown), bytes.fromhex(shown["hash"][2:]))
    assert (found.number, found.timestamp) == (int(block["number"], 16), int(block["timestamp"], 16))


def test_numbers_and_digits_may_be_written_in_any_way(block: dict[str, Any]) -> None:
    shown = hashed(block, LONDON)
    written = shown | {
        "timestamp": "0x00" + shown["timestamp"][2:],
        "gasUsed": int(shown["gasUsed"], 16),
        "difficulty": "0x",
        "stateRoot": "0x" + shown["stateRoot"][2:].upper(),
        "hash": "0x" + shown["hash"][2:].upper(),
        "withdrawalsRoot": None,
    }
    assert header.encode(written) == header.encode(shown)


def test_a_field_of_the_chains_own_is_named(block: dict[str, Any]) -> None:
    shown = hashed(block | {OWN: "0x" + "aa" * 48}, [*LONDON, OWN])
    with pytest.raises(HeaderUnknown, match=f"a field that this program does not know: {OWN}"):
        header.encode(shown)


def test_what_is_said_beside_the_header_and_is_in_no_hash_is_no_matter(block: dict[str, Any]) -> None:
    """As Arbitrum's nodes name the parent chain's block."""
    assert header.stands_for(hashed(block, LONDON) | {"l1BlockNumber": "0x1234"})


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        ({"timestamp": "0x1"}, "do not make its hash"),
        ({"mixHash": None, "nonce": None}, "it has no mixHash, no nonce"),
        ({"baseFeePerGas": None}, "do not make its hash"),
        ({"requestsHash": "0x" + "e3" * 32}, "do not make its hash"),
    ],
)
def test_a_field_that_is_altered_or_forgotten_is_no_field_of_the_chains_own(
    block: dict[str, Any], altered: dict[str, Any], said: str
) -> None:
    shown = hashed(block, LONDON) | altered
    assert not header.stands_for(shown)
    with pytest.raises(ProofInvalid, match=said) as caught:
        header.encode(shown)
    assert not isinstance(caught.value, HeaderUnknown)
