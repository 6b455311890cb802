"""Terms as Python, JSON and ABI values."""

import json
from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_utils.address import to_checksum_address
from hypothesis import given
from strategies import any_terms

from ledger.terms.agreement import OPEN_ENDED, UNBOUNDED, Payee, Terms
from ledger.terms.solidity import ValueInvalid
from ledger.terms.units import WHOLE

TERMS_ABI = (
    "(address[],(address,uint64[])[],(uint256,uint32)[],bytes32,bytes32,uint32,address[],bytes32,bytes32[],uint32,"
    "uint32,uint32,uint32,uint8,address,uint40,uint40,uint32,uint8,bytes32,bytes32,string,bytes32)"
)
ACCOUNT = to_checksum_address("0x" + "a1" * 20)
TOKEN = to_checksum_address("0x" + "b2" * 20)


@given(any_terms())
def test_terms_survive_json_and_abi(terms: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms
    [decoded] = decode([TERMS_ABI], encode([TERMS_ABI], [terms.to_abi()]))
    assert Terms.from_abi(decoded) == terms


@given(any_terms())
def test_no_number_in_json_loses_digits(terms: Terms) -> None:
    def numbers(value: Any) -> Any:
        if isinstance(value, dict):
            return [n for part in value.values() for n in numbers(part)]
        if isinstance(value, list):
            return [n for part in value for n in numbers(part)]
        return [value] if isinstance(value, int) else []

    assert all(number <= 2**53 for number in numbers(terms.to_json()))


def document() -> dict[str, Any]:
    return {
        "parties": [ACCOUNT],
        "payees": [{"account": ACCOUNT, "weights": [str(WHOLE)]}],
        "tokens": [TOKEN],
        "salt": "0x" + "01" * 32,
    }


def test_what_is_left_out_has_its_neutral_value() -> None:
    terms = Terms.from_json(document())
    assert terms.payees == (Payee(ACCOUNT, (WHOLE,)),)
    assert [tranche.up_to for tranche in terms.tranches] == [UNBOUNDED]
    assert terms.valid_until == OPEN_ENDED
    assert terms.conditions().parties == (ACCOUNT,)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"parties": None}, "terms.parties is None, not a list"),
        ({"parties": ["0x12"]}, "terms.parties[0] is '0x12', not an address"),
        ({"parties": ["0x" + ACCOUNT[2:].swapcase()]}, "checksum"),
        ({"payees": [{"account": ACCOUNT}]}, "terms.payees[0].weights is missing"),
        ({"payees": [{"account": ACCOUNT, "weights": ["0.5"]}]}, "terms.payees[0].weights[0] is '0.5'"),
        ({"payees": [{"account": ACCOUNT, "weights": [2**64]}]}, "does not fit 64 bits"),
        ({"payees": [ACCOUNT]}, "terms.payees[0] is '0x"),
        ({"hold_seconds": True}, "terms.hold_seconds is True, not a whole number"),
        ({"hold_seconds": -1}, "does not fit 32 bits"),
        ({"valid_from": 1.5}, "terms.valid_from is 1.5, not a whole number"),
        ({"salt": "0x01"}, "terms.salt is '0x01', not 0x and 64 hex digits"),
        ({"uri": 7}, "terms.uri is 7, not text"),
        ({"holdSeconds": 1}, "terms.holdSeconds is not a field of the terms"),
    ],
)
def test_malformed_terms_name_the_field(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueInvalid) as error:
        Terms.from_json(document() | change)
    assert named in error.value.what


def test_a_missing_field_is_named() -> None:
    without = {name: value for name, value in document().items() if name != "tokens"}
    with pytest.raises(ValueInvalid, match=r"terms\.tokens is missing"):
        Terms.from_json(without)
    with pytest.raises(ValueInvalid, match="not an object"):
        Terms.from_json([])
