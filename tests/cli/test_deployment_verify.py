"""`pledger deployment verify`: this release, or each difference by name, from a node alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from ledger_world import DAY
from pledger_main import Run, runner
from rpc_proxy import RpcProxy, refusal

from ledger.artifacts.contracts import runtime
from ledger.audit import release_code
from ledger.chain import deployment as deployments
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import GUARDIAN, VERIFIER
from ledger.chain.sender import Sender
from ledger.terms.deployment import Deployment


class Stand:
    """A deployment with a holder for each role, and whoever changes something about it."""

    def __init__(self, chain: Anvil, deployed: Deployment, admin: Sender) -> None:
        self.chain, self.deployed, self.admin = chain, deployed, admin
        self.manager = chain.node.contract(deployed, "AccessManager").functions

    def code(self, name: str) -> bytes:
        return self.chain.node.data("eth_getCode", [self.deployed.address(name), "latest"])

    def set_code(self, name: str, code: bytes) -> None:
        self.chain.node.rpc("anvil_setCode", [self.deployed.address(name), "0x" + code.hex()])


@pytest.fixture
def stand(chain: Anvil, deployment: Deployment, wallets: list[LocalAccount]) -> Stand:
    return Stand(chain, deployment, Sender(chain.node, wallets[0]))


@pytest.fixture
def pledger(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    deployments.save(stand.deployed, tmp_path / "deployed.json")
    env = {"PLEDGER_RPC_URL": stand.chain.rpc_url, "PLEDGER_DEPLOYMENT": str(tmp_path / "deployed.json")}
    return runner(monkeypatch, capsys, tmp_path, **env)


def test_a_deployment_is_this_release_until_its_powers_are_changed(
    pledger: Run, stand: Stand, wallets: list[LocalAccount]
) -> None:
    done = pledger("deployment", "verify")
    assert (done.code, done.err) == (0, "")
    assert "verdict: this release, as of block" in done.out
    makers = ("RevenueLedger", "AccountFactory")
    helpers = [each for name in makers for each in runtime(name).immutables if _is_helper(stand, each.type)]
    assert len(helpers) > 2, "the ledger, and the factory of accounts, name contracts of their own"
    assert done.out.count("is this release's") == len(stand.deployed.contracts) + len(helpers)

    holder, intruder = wallets[0].address, wallets[7].address
    done = pledger("deployment", "verify", "--admin", intruder, "--admin-delay", "5", "--json")
    assert done.code == 1
    assert json.loads(done.out)["differences"] == [
        f"ADMIN is held by {holder}, expected {intruder}",
        f"ADMIN of {holder} waits 0 seconds, expected 5",
        f"ADMIN is not held by {intruder}",
    ]
    ledger, partners = stand.deployed.address("RevenueLedger"), stand.deployed.address("PartnerRegistry")
    pause = bytes.fromhex("02191980")
    for call in (
        stand.manager.setTargetFunctionRole(ledger, [pause], 2**64 - 1),
        stand.manager.setTargetFunctionRole(partners, [bytes(4)], GUARDIAN),
        stand.manager.setTargetClosed(partners, True),
        stand.manager.grantRole(9, intruder, 0),
        stand.manager.grantRole(VERIFIER, intruder, DAY),
        stand.manager.setRoleAdmin(VERIFIER, 9),
        stand.manager.setRoleGuardian(VERIFIER, 9),
        stand.manager.labelRole(GUARDIAN, "FRIEND"),
        stand.manager.revokeRole(GUARDIAN, holder),
    ):
        stand.admin.send(call)
    done = pledger("deployment", "verify", "--verifier", holder, "--json")
    assert done.code == 1
    assert sorted(json.loads(done.out)["differences"]) == sorted(
        [
            "RevenueLedger.pauseDeposits() may be called by everybody, expected GUARDIAN",
            "PartnerRegistry.0x00000000 may be called by FRIEND, expected ADMIN alone",
            "PartnerRegistry is closed: nobody may call what the access manager guards",
            f"role 9 is none of this release's, and {intruder} holds it",
            "VERIFIER is given and taken by role 9, expected ADMIN",
            "what VERIFIER schedules is cancelled by role 9, expected GUARDIAN",
            "role 2 is called 'FRIEND', expected 'GUARDIAN'",
            "nobody holds GUARDIAN",
            f"VERIFIER is held by {intruder}, expected {holder}",
        ]
    )


def _is_helper(stand: Stand, kind: str) -> bool:
    return (
        kind.removeprefix("contract ").removeprefix("I") not in stand.deployed.contracts
        and "contract" in kind
    )


def _wired_elsewhere(stand: Stand) -> str:
    """The deals, as if they had been created for another partner registry."""
    partners = bytes.fromhex(stand.deployed.address("PartnerRegistry")[2:])
    other = bytes.fromhex(stand.deployed.address("AccessManager")[2:])
    stand.set_code("DealRegistry", stand.code("DealRegistry").replace(partners, other))
    return f"its PARTNERS is {stand.deployed.address('AccessManager')}, expected"


def _half_wired(stand: Stand) -> str:
    code, place = stand.code("DealRegistry"), None
    place = next(each for each in runtime("DealRegistry").immutables if each.name == "PARTNERS").places[0]
    stand.set_code("DealRegistry", code[:place] + bytes(32) + code[place + 32 :])
    return "PARTNERS is not the same wherever its code has it"


def _one_byte(stand: Stand) -> str:
    code = stand.code("RevenueLedger")
    stand.set_code("RevenueLedger", code[:5_000] + bytes([code[5_000] ^ 1]) + code[5_001:])
    return "its code is not this release's: byte 5,000 of"


def _the_helper(stand: Stand) -> str:
    """The contract that the ledger created for itself, and that no file names."""
    code, ledger = stand.code("RevenueLedger"), stand.deployed.address("RevenueLedger")
    helper = release_code.differences(stand.deployed, "RevenueLedger", ledger, code)[1][0]
    stand.chain.node.rpc("anvil_setCode", [helper.address, "0x6000"])
    return f"{helper.name} {helper.address}: its code has 2 bytes"


def _gone(stand: Stand) -> str:
    stand.set_code("AgreementRegistry", b"")
    return f"AgreementRegistry {stand.deployed.address('AgreementRegistry')}: there is no contract"


def _another_manager(stand: Stand) -> str:
    stand.admin.send(
        stand.manager.updateAuthority(
            stand.deployed.address("RevenueLedger"), stand.deployed.address("DealRegistry")
        )
    )
    return f"it asks {stand.deployed.address('DealRegistry')} who may call it, expected"


def _other_signatures(stand: Stand) -> str:
    """The partners' registry, as if it took signatures for another chain."""
    code = stand.code("PartnerRegistry")
    place = next(
        each for each in runtime("PartnerRegistry").immutables if each.name == "_cachedChainId"
    ).places[0]
    stand.set_code("PartnerRegistry", code[:place] + (1).to_bytes(32) + code[place + 32 :])
    return "its _cachedChainId is 0x" + "0" * 63 + "1, expected 0x"


def _rogue_manager(stand: Stand) -> str:
    stand.set_code("AccessManager", stand.code("AccessManager")[:-60] + bytes(60))
    return "AccessManager"


@pytest.mark.parametrize(
    "tamper",
    [
        _wired_elsewhere,
        _half_wired,
        _one_byte,
        _the_helper,
        _gone,
        _another_manager,
        _other_signatures,
        _rogue_manager,
    ],
)
def test_what_was_tampered_with_is_named(pledger: Run, stand: Stand, tamper: Callable[[Stand], str]) -> None:
    said = tamper(stand)
    done = pledger("deployment", "verify")
    assert (done.code, done.err) == (1, "")
    lines = [line for line in done.out.splitlines() if line.startswith("difference: ")]
    assert [said in line for line in lines] == [True]


def test_what_the_compiler_notes_of_itself_is_no_difference(pledger: Run, stand: Stand) -> None:
    code = stand.code("DealRegistry")
    notes = int.from_bytes(code[-2:]) + 2
    stand.set_code("DealRegistry", code[:-notes] + bytes.fromhex("a164736f6c6343000822000a"))
    assert pledger("deployment", "verify").code == 0


Alter = Callable[[Stand], Callable[[str, Any, dict[str, Any]], dict[str, Any]]]


def _no_state(stand: Stand) -> Any:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": "0x"} if method in ("eth_getCode", "eth_call") else answer

    return alter


def _fewer_logs(stand: Stand) -> Any:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": answer["result"][:-1]} if method == "eth_getLogs" else answer

    return alter


def _no_logs(stand: Stand) -> Any:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": []} if method == "eth_getLogs" else answer

    return alter


def _hidden_grant(stand: Stand) -> Any:
    """All logs but one, and state of which only that one would tell."""
    stand.admin.send(stand.manager.grantRole(VERIFIER, stand.deployed.address("DealRegistry"), 0))
    return _fewer_logs(stand)


@pytest.mark.parametrize("lie", [_no_state, _fewer_logs, _no_logs, _hidden_grant])
def test_a_node_that_leaves_out_gets_no_verdict(pledger: Run, stand: Stand, lie: Alter) -> None:
    with RpcProxy(stand.chain.rpc_url) as proxy:
        proxy.alter = lie(stand)
        done = pledger("deployment", "verify", PLEDGER_RPC_URL=proxy.url)
    assert done.code == 2, done.out
    assert done.out == ""
    assert done.err.startswith("error: ")


def test_a_node_without_proofs_and_with_headers_of_its_own_leaves_it_unverified(
    pledger: Run, stand: Stand
) -> None:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method == "eth_getProof":
            return refusal(answer, "the method does not exist", -32601)
        if method == "eth_getBlockByNumber":
            return {**answer, "result": {**answer["result"], "extraData": "0x01"}}
        return answer

    with RpcProxy(stand.chain.rpc_url) as proxy:
        proxy.alter = alter
        done = pledger("deployment", "verify", PLEDGER_RPC_URL=proxy.url)
    assert done.code == 4, done.err
    assert "verdict: unverified, and no difference" in done.out
    assert "NOT PROVED: a header cannot be hashed" in done.out


def test_wallets_are_told_what_this_deployments_signatures_say(
    pledger: Run, stand: Stand, tmp_path: Path
) -> None:
    done = pledger("deployment", "clear-signing", str(tmp_path / "clear"))
    written = list((tmp_path / "clear").iterdir())
    assert (done.code, done.out.split()[0]) == (0, str(len(written)))
    for path in written:
        [at] = json.loads(path.read_text())["context"]["eip712"]["deployments"]
        contract = stand.deployed.address(path.name.split("-")[1])
        assert at == {"chainId": stand.deployed.chain_id, "address": contract}
    in_the_way = pledger("deployment", "clear-signing", str(written[0]))
    assert in_the_way.code == 1 and "cannot be written" in in_the_way.err
