"""All faults in one source: a contract does what it should, and with the proposer of a fault, that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from ledger.chain.node import Node
from ledger.checkout import ROOT

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

contract Till is ReentrancyGuardTransient {
    uint256 public constant LEAST = 7;
    uint256 private constant MOST = 8;
    bytes32 private constant KIND = keccak256("till");

    function isMost(uint256 amount) external pure returns (bool) {
        return amount == MOST;
    }

    function most() external pure returns (uint256 amount) {
        assembly {
            amount := MOST
        }
    }

    function isKind(bytes32 hash) external pure returns (bool) {
        return hash == KIND;
    }

    function enter(uint256 again) external nonReentrant returns (uint256) {
        if (again == 0) return 1;
        (bool done,) = address(this).call(abi.encodeCall(this.enter, (0)));
        return done ? 2 : 3;
    }

    function guarded(uint256) external view nonReentrantView returns (uint256) {
        return 4;
    }

    function enterToLook(uint256 least) external nonReentrant returns (uint256) {
        (bool done,) = address(this).call(abi.encodeCall(this.guarded, (least)));
        return done ? 5 : 6;
    }

    function isMuch(uint256 amount) external pure returns (bool) {
        return amount > 5 + 2;
    }

    function isOf(bytes32 owner, address wallet) external pure returns (bool) {
        return owner != 0 && wallet != address(0);
    }

    function less(uint256 amount, uint256 part) external pure returns (uint256 left) {
        left = amount;
        if (part != 0) left -= part;
        else left = _sum(amount, part);
        assembly {
            left := add(left, mul(part, 10))
        }
    }

    function _sum(uint256 one, uint256 other) private pure returns (uint256) {
        return one * 2 + other;
    }
}
"""
AT = "0x" + "77" * 20
TILL = int.from_bytes(keccak(text="till"))


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], str]:
    """The number that chooses each fault, by its name, and the code that holds all of them."""
    folder = tmp_path_factory.mktemp("till")
    lines = [
        "import json, sys; from pathlib import Path",
        "from tools.mutation.mutants import mutants_of",
        "from tools.mutation.switched import number_of, switch, unpurified",
        "root = Path(sys.argv[1]); file = root / 'Till.sol'; file.write_text(unpurified(file.read_text()))",
        "mutants = mutants_of(root, ['Till.sol']); text, chosen = switch(root, 'Till.sol', mutants)",
        "numbers = {mutants[index].name: number_of(index) for index in chosen}",
        "print(json.dumps({'numbers': numbers, 'text': text.decode(), 'all': len(mutants)}))",
    ]
    (folder / "Till.sol").write_text(SOURCE)
    (folder / "tools").mkdir()
    (folder / "tools" / "solc").symlink_to(ROOT / "tools" / "solc")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    made = json.loads(_run([sys.executable, "-c", "\n".join(lines), str(folder)], ROOT))
    assert len(made["numbers"]) == made["all"] - 1  # a constant that others can read cannot choose
    asked = {
        "language": "Solidity",
        "sources": {"Till.sol": {"content": made["text"]}},
        "settings": {
            "viaIR": True,
            "evmVersion": "cancun",
            "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
            "outputSelection": {"*": {"Till": ["evm.deployedBytecode.object"]}},
        },
    }
    solc = [str(folder / "tools" / "solc"), "--standard-json", "--base-path", str(folder)]
    answer = json.loads(_run(solc, folder, json.dumps(asked)))
    return made["numbers"], answer["contracts"]["Till.sol"]["Till"]["evm"]["deployedBytecode"]["object"]


def _run(command: list[str], folder: Path, given: str | None = None) -> str:
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("call", "words", "fault", "right", "wrong"),
    [
        ("isMost(uint256)", (8,), "MOST = 9", 1, 0),
        ("isMost(uint256)", (9,), "MOST = 9", 0, 1),
        ("isKind(bytes32)", (TILL,), "~ill", 1, 0),
        ("most()", (), "MOST = 9", 8, 9),
        ("enter(uint256)", (1,), "Till.enter: nonReentrant -> nothing", 3, 2),
        ("enterToLook(uint256)", (1,), "Till.guarded: nonReentrantView -> nothing", 6, 5),
        ("enterToLook(uint256)", (1,), "Till.enterToLook: nonReentrant -> nothing", 6, 5),
        ("isMuch(uint256)", (7,), "amount >= 5 + 2", 0, 1),
        ("isMuch(uint256)", (7,), "amount > 5 - 2", 0, 1),
        ("isMuch(uint256)", (9,), "amount > 5 + 3", 1, 1),
        ("isMuch(uint256)", (8,), "amount > 5 + 3", 1, 0),
        ("isMuch(uint256)", (8,), "5 + 2; -> return false", 1, 0),
        ("isOf(bytes32,address)", (0, 5), "owner != 0 || wallet", 0, 1),
        ("isOf(bytes32,address)", (1, 5), "owner != 1 &&", 1, 0),
        ("isOf(bytes32,address)", (1, 0), "address(1)", 0, 1),
        ("less(uint256,uint256)", (9, 2), "left += part", 27, 31),
        ("less(uint256,uint256)", (9, 2), "left -= part; -> nothing", 27, 29),
        ("less(uint256,uint256)", (9, 0), "_sum(part, amount)", 18, 9),
        ("less(uint256,uint256)", (9, 2), "add(left, mul(part, 11))", 27, 29),
        ("less(uint256,uint256)", (9, 2), "sub(left, mul(part, 10))", 27, 7 - 20 + 2**256),
        ("less(uint256,uint256)", (9, 2), "add(left, mul(part, 10)) -> nothing", 27, 7),
    ],
)
def test_the_proposer_chooses_the_fault(
    node: Node,
    switched: tuple[dict[str, int], str],
    call: str,
    words: tuple[int, ...],
    fault: str,
    right: int,
    wrong: int,
) -> None:
    numbers, code = switched
    (number,) = [number for name, number in numbers.items() if fault in name]
    data = keccak(text=call)[:4] + b"".join(word.to_bytes(32) for word in words)

    def answer(proposer: int) -> int:
        transaction = {"to": AT, "data": "0x" + data.hex()}
        block = {"feeRecipient": f"0x{proposer:040x}"}
        return int(node.rpc("eth_call", [transaction, "latest", {AT: {"code": "0x" + code}}, block]), 16)

    assert answer(0) == right
    assert answer(number) == wrong
