"""The commands of docs/runbook.md and docs/successor.md, run one after the other as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.conversions import to_hex
from ledger_world import DAY

from ledger.chain.anvil import Anvil
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import save
from ledger.chain.sender import Sender
from ledger.checkout import ROOT

WAITS = 2 * DAY
"""Longer than any role's delay, shorter than an operation can wait."""


def blocks(document: str) -> list[str]:
    text = (ROOT / "docs" / document).read_text()
    return [dedent(found) for found in re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)]


@pytest.mark.long  # a program for each command
def test_the_commands_do_what_they_say(
    chain: Anvil, wallets: list[LocalAccount], new_database_url: str, tmp_path: Path
) -> None:
    admin, verifier, guardian, operator, recovery, lost = wallets[:6]
    consortium = Consortium(
        admin=admin.address,
        verifier=verifier.address,
        guardian=guardian.address,
        operator=operator.address,
        recovery=recovery.address,
        admin_delay=DAY,
        verifier_delay=3_600,
        operator_delay=DAY,
        recovery_delay=3_600,
    )
    sender = Sender(chain.node, wallets[0])
    old, new = deploy(sender, consortium), deploy(sender, Consortium.of_one(sender.address))
    for name, deployed in (("old.json", old), ("new.json", new)):
        save(deployed, tmp_path / name)
    partners = chain.node.contract(old, "PartnerRegistry").functions
    Sender(chain.node, lost).send(partners.register(lost.address, "Lost", ""))
    keys = {
        "ADMIN": admin,
        "GUARDIAN": guardian,
        "OPERATOR": operator,
        "THIEF": operator,
        "RECOVERY": recovery,
    }
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")},
        "PATH": f"{Path(sys.executable).parent}:{ROOT / 'node_modules' / '.bin'}:{os.environ['PATH']}",
        "PLEDGER_RPC_URL": chain.rpc_url,
        "ETH_RPC_URL": chain.rpc_url,
        "OTHER_NODE": chain.rpc_url,
        "PLEDGER_DATABASE_URL": new_database_url,
        "PLEDGER_DEPLOYMENT": "old.json",
        "OLD_FILE": "old.json",
        "NEW_FILE": "new.json",
        "MANAGER": old.address("AccessManager"),
        "LEDGER": old.address("RevenueLedger"),
        "PARTNERS": old.address("PartnerRegistry"),
        "NEW_LEDGER": new.address("RevenueLedger"),
        "OPERATOR": operator.address,
        "NEW_OPERATOR": wallets[7].address,
        "ACCOUNT": lost.address,
        "NEW_WALLET": wallets[8].address,
        "RECOVERY_KEY": to_hex(recovery.key),
        **{f"AS_{name}": f"--private-key {to_hex(key.key)}" for name, key in keys.items()},
    }
    said = ""
    for block in ["pledger index --once", *blocks("runbook.md"), *blocks("successor.md")]:
        done = subprocess.run(
            ["bash", "-euc", block], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        said += done.stdout
        chain.increase_time(WAITS)
        env["POINT"] = _point(new.address("RevenueLedger"), env)
    ledger = chain.node.contract(old, "RevenueLedger").functions
    manager = chain.node.contract(old, "AccessManager").functions
    assert not ledger.depositsPaused().call()
    assert manager.hasRole(3, operator.address).call() == [False, 0]
    assert manager.hasRole(3, wallets[7].address).call() == [True, DAY]
    assert f"successor {new.address('RevenueLedger')} (1000): may call nothing" in said
    assert "verdict: this release" in said


def _point(ledger: str, env: dict[str, str]) -> str:
    """What the shell of the block before had made."""
    made = ["cast", "calldata", "labelRole(uint64,string)", "1000", f"successor {ledger}"]
    return subprocess.run(made, env=env, capture_output=True, text=True, check=True).stdout.strip()
