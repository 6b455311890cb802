"""``pledger`` run with a partner's key on the test's own chain."""

from pathlib import Path

import pytest
from acting_partners import Run
from ledger_world import Partner, World
from typer.testing import CliRunner

from ledger.chain.deployment import save
from ledger.cli.main import application


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with a partner's key; what it printed, or the error that it raised."""
    path = tmp_path / "deployment.json"
    save(world.deployment, path)
    monkeypatch.setenv("PLEDGER_RPC_URL", world.node.url)
    monkeypatch.setenv("PLEDGER_DEPLOYMENT", str(path))
    monkeypatch.delenv("PLEDGER_KEYSTORE", raising=False)

    def command(who: Partner, *arguments: str) -> str:
        monkeypatch.setenv("PLEDGER_PRIVATE_KEY", "0x" + bytes(who.key.key).hex())
        result = CliRunner().invoke(application(arguments[0]), list(arguments))
        if result.exception is not None:
            raise result.exception
        return result.output

    return command


@pytest.fixture
def parties(world: World) -> tuple[Partner, Partner, Partner]:
    return world.partner("Vendor"), world.partner("Agency"), world.partner("Judge")
