"""What a partner does through a provider that gives logs of a thousand blocks at most, on a longer chain."""

from pathlib import Path
from typing import Any

import pytest
from ledger_world import DAY, World
from rpc_proxy import RpcProxy, refusal
from typer.testing import CliRunner

from ledger.chain.deployment import save
from ledger.cli.main import application

LIMIT = 1_000


def limited(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
    if method != "eth_getLogs":
        return answer
    asked = params[0]
    last = asked.get("toBlock", "latest")
    wide = not last.startswith("0x") or int(last, 16) - int(asked["fromBlock"], 16) >= LIMIT
    return refusal(answer, f"range exceeds limit of {LIMIT}", -32602) if wide else answer


def test_each_command_reads_all_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, agency, judge = world.partner("Vendor"), world.partner("Agency"), world.partner("Judge")
    agreement = world.agreement(
        [vendor, agency],
        {vendor: 0.7, agency: 0.3},
        hold_seconds=7 * DAY,
        arbiter=judge.account,
        notice_seconds=30 * DAY,
    )
    world.pay(vendor, agreement, 10_000_000, ref="INV-1")
    invoice, id_ = "0x" + world.invoice(1, ref="INV-1").invoice_ref.hex(), "0x" + agreement.id.hex()
    for _ in range(3):
        world.node.rpc("anvil_mine", [hex(LIMIT // 2), "0x1"])
    save(world.deployment, tmp_path / "deployment.json")
    monkeypatch.setenv("PLEDGER_DEPLOYMENT", str(tmp_path / "deployment.json"))
    monkeypatch.delenv("PLEDGER_KEYSTORE", raising=False)
    with RpcProxy(world.chain.rpc_url) as proxy:
        proxy.alter = limited
        monkeypatch.setenv("PLEDGER_RPC_URL", proxy.url)
        for who, said, arguments in (
            (vendor, "done", ("payment", "refund", invoice, "--amount", "2.5")),
            (agency, "done", ("payment", "dispute", invoice, "--payer", vendor.account, "--reason", "LATE")),
            (vendor, "", ("payment", "mature", id_)),
            (vendor, "done", ("agreement", "notice", id_)),
        ):
            monkeypatch.setenv("PLEDGER_PRIVATE_KEY", "0x" + bytes(who.key.key).hex())
            result = CliRunner().invoke(application(arguments[0]), arguments)
            assert "range" not in str(result.exception)
            assert said in result.output, (result.output, result.exception)
