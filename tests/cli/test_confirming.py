"""``pledger`` at a real terminal: what is about to be sent is shown in words, and only a yes sends it."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_world import Partner, World
from pledger_main import runner

from ledger.chain.deployment import save

KEYSTORE_PASSWORD = "correct horse battery"


class Terminal:
    """A person at a terminal who runs one command and types the answers."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        ours, theirs = pty.openpty()
        self._screen = ours
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("pledger")), *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env={**{k: v for k, v in os.environ.items() if not k.startswith("PLEDGER_")}, **environment},
            start_new_session=True,
        )
        os.close(theirs)

    def until(self, wanted: str) -> str:
        """What is on the screen once this is; everything, when the command has ended."""
        shown = ""
        while wanted not in shown:
            try:
                piece = os.read(self._screen, 4096)
            except OSError:  # the other end is closed: the command has ended
                break
            if not piece:
                break
            shown += piece.decode().replace("\r\n", "\n")
        return shown

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def end(self) -> tuple[int, str]:
        """Its exit code, and the rest of what it printed."""
        rest = self.until("\0")
        code = self.process.wait()
        os.close(self._screen)
        return code, rest


def settings(world: World, folder: Path, who: Partner) -> dict[str, str]:
    path = folder / "deployment.json"
    save(world.deployment, path)
    return {
        "PLEDGER_RPC_URL": world.node.url,
        "PLEDGER_DEPLOYMENT": str(path),
        "PLEDGER_PRIVATE_KEY": "0x" + bytes(who.key.key).hex(),
    }


def test_a_transaction_is_shown_and_only_a_yes_sends_it(world: World, tmp_path: Path) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], {vendor: 0.7, agency: 0.3})
    world.pay(vendor, agreement, 10_000_000)
    environment = settings(world, tmp_path, agency)
    for answer in ("n", "", "no", "x"):
        terminal = Terminal(tmp_path, environment, "claim")
        shown = terminal.until("[y/N]")
        terminal.type(f"{answer}\n")
        code, rest = terminal.end()
        assert code == 1 and "error: Nothing was sent." in rest and "--yes" in rest, shown + rest
        assert world.claimable(agency, agreement) == 3_000_000
        if answer != "n":
            break
    for said in (agency.account, "3.00 tUSD", f", to {agency.account}", "RevenueLedger", "chain 31337"):
        assert said in shown, shown
    assert re.search(r"about [0-9,]+, which costs at most 0\.[0-9]+ of the chain's coin", shown)
    assert environment["PLEDGER_PRIVATE_KEY"][2:] not in shown + rest

    terminal = Terminal(tmp_path, environment, "claim")
    terminal.until("[y/N]")
    terminal.type("y\n")
    code, rest = terminal.end()
    assert code == 0 and "done: withdraw 3.00 tUSD" in rest
    assert world.claimable(agency, agreement) == 0


def test_contracts_are_deployed_after_a_yes(world: World, tmp_path: Path) -> None:
    key, guardian = world.stranger("Deployer"), world.stranger("Guardian").account
    environment = {
        "PLEDGER_RPC_URL": world.node.url,
        "PLEDGER_PRIVATE_KEY": "0x" + bytes(key.key.key).hex(),
    }
    file = tmp_path / "deployments" / "31337.json"
    before = world.node.newest().number
    for answer in ("n", "y"):
        options = ("deploy", "--guardian", guardian, "--admin-delay", "3600")
        terminal = Terminal(tmp_path, environment, *options)
        shown = terminal.until("[y/N]")
        for said in (key.account, f"guardian {guardian}", "orders wait 3,600", "chain 31337", str(file.name)):
            assert said in shown, shown
        assert (world.node.newest().number, file.exists()) == (before, False)
        terminal.type(f"{answer}\n")
        code, rest = terminal.end()
        assert code == (0 if answer == "y" else 1), rest
    assert file.exists()


def test_yes_sends_unasked(world: World, tmp_path: Path) -> None:
    newcomer = world.stranger("Newcomer")
    terminal = Terminal(tmp_path, settings(world, tmp_path, newcomer), "register", "Acme", "-y")
    code, shown = terminal.end()
    assert code == 0 and "done: register" in shown and "[y/N]" not in shown


def test_a_keystore_is_made_and_then_opened_by_its_password(world: World, tmp_path: Path) -> None:
    newcomer = world.stranger("Newcomer")
    environment = settings(world, tmp_path, newcomer)
    terminal = Terminal(tmp_path, environment, "account", "new-keystore", "my key.json", "--existing")
    terminal.until("New password: ")
    terminal.type(KEYSTORE_PASSWORD + "\n")
    terminal.until("Once more: ")
    terminal.type(KEYSTORE_PASSWORD + "\n")
    code, shown = terminal.end()
    assert code == 0 and newcomer.account in shown and "export PLEDGER_KEYSTORE='my key.json'" in shown
    assert KEYSTORE_PASSWORD not in shown and environment["PLEDGER_PRIVATE_KEY"][2:] not in shown

    environment |= {"PLEDGER_KEYSTORE": "my key.json"}
    del environment["PLEDGER_PRIVATE_KEY"]
    terminal = Terminal(tmp_path, environment, "register", "Acme", "--yes")
    terminal.until("Password of my key.json: ")
    terminal.type("another\n")
    code, shown = terminal.end()
    assert code == 1 and "error: The password of the keystore my key.json is wrong." in shown
    terminal = Terminal(tmp_path, environment, "register", "Acme", "--yes")
    terminal.until("Password of my key.json: ")
    terminal.type(KEYSTORE_PASSWORD + "\n")
    code, shown = terminal.end()
    assert code == 0 and f"done: register {newcomer.account}" in shown


@pytest.mark.parametrize(
    ("arguments", "environment", "why"),
    [
        (["new.json"], {}, "A keystore needs a password"),
        (["new.json"], {"PLEDGER_KEYSTORE_PASSWORD": "short"}, "at least 8 characters"),
        (["new.json", "--existing"], {}, "PLEDGER_PRIVATE_KEY is not set"),
        (["old.json"], {"PLEDGER_KEYSTORE_PASSWORD": KEYSTORE_PASSWORD}, "exists already"),
    ],
)
def test_no_keystore_is_made_without_a_password_or_over_another_file(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    environment: dict[str, str],
    why: str,
) -> None:
    for name in ("PLEDGER_KEYSTORE_PASSWORD", "PLEDGER_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "old.json").write_text("kept")
    done = runner(monkeypatch, capsys, tmp_path)("account", "new-keystore", *arguments, **environment)
    assert done.code == 1 and why in done.err
    assert not (tmp_path / "new.json").exists() and (tmp_path / "old.json").read_text() == "kept"
