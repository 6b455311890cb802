"""Every error that the contracts can raise has words, and the words are of errors that there are."""

import re
from pathlib import Path

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.chain.error_words import WORDS
from ledger.chain.reverts import reverted

CONTRACTS = Path(__file__).parents[2] / "contracts"
SAMPLES = {"address": "0x" + "ab" * 20, "string": "programme", "bytes32": b"\x07" * 32}
ON_THE_WIRE = {"DealState": "uint8"} | dict.fromkeys(
    ("AgreementId", "ProgrammeId", "DealId", "CustomerId"), "bytes32"
)
OF_LIBRARIES = re.compile(r"AccessManage|ERC20|SafeERC20|Reentrancy|^Error$|^Panic$")


def declared() -> dict[str, list[tuple[str, str]]]:
    """Signature to (type, name) of the parameters, from the sources themselves."""
    found = {}
    for path in sorted(CONTRACTS.rglob("*.sol")):
        for name, inside in re.findall(r"^\s*error (\w+)\(([^)]*)\);", path.read_text(), re.MULTILINE):
            parts = [tuple(part.split()) for part in inside.split(",") if part.strip()]
            fields = [(ON_THE_WIRE.get(kind, kind), own) for kind, own in parts]
            found[f"{name}({','.join(kind for kind, _ in fields)})"] = fields
    return found


DECLARED = declared()


@pytest.mark.parametrize("signature", DECLARED)
def test_every_error_of_the_contracts_has_words_and_a_next_step(signature: str) -> None:
    fields, name = DECLARED[signature], signature.partition("(")[0]
    values = [SAMPLES.get(kind, 3) for kind, _ in fields]
    data = keccak(text=signature)[:4] + encode([kind for kind, _ in fields], values)
    error = reverted("the end", data)
    assert error.error == name
    assert set(error.arguments) == {own for _, own in fields}
    assert error.what.startswith("the end was refused: ") and error.what.endswith(f" ({name}).")
    assert name not in error.what.removesuffix(f" ({name}).")
    assert "{" not in error.what and error.hint.endswith(".")


def test_no_words_are_of_errors_that_there_are_not() -> None:
    names = {signature.partition("(")[0] for signature in DECLARED}
    assert len(DECLARED) > 100
    for key in WORDS:
        assert key in DECLARED or key in names or OF_LIBRARIES.search(key), key


def test_moments_and_states_are_told_as_people_read_them() -> None:
    at = keccak(text="EndInvalid(bytes32,uint256)")[:4] + encode(
        ["bytes32", "uint256"], [b"\x07" * 32, 1609459199]
    )
    assert "which 2020-12-31 23:59 UTC is not" in reverted("it", at).what
    for until, shown in ((2**40 - 1, "until further notice"), (86_399, "until 1970-01-01 23:59 UTC")):
        data = keccak(text="ValidityInvalid(uint40,uint40)")[:4] + encode(["uint40"] * 2, [0, until])
        assert shown in reverted("it", data).what
    state = keccak(text="WrongState(bytes32,uint8,uint8)")[:4] + encode(
        ["bytes32", "uint8", "uint8"], [b"\x07" * 32, 7, 3]
    )
    assert "is lost, which does not go with approved" in reverted("it", state).what
    said = keccak(text="Error(string)")[:4] + encode(["string"], ["\x1b[31mGS013"])
    assert r"it said '\x1b[31mGS013'" in reverted("it", said).what
