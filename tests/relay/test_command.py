"""`pledger serve --with-relayer` and `pledger relay`, as they are started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import ask, company, look
from eth_account import Account
from ledger_world import World

from ledger.cli.relaying import relayer_keys
from ledger.errors import LedgerError
from ledger.relay.habits import low_balance
from ledger.settings import Settings
from ledger.store.database import Database

PLEDGER = Path(sys.executable).with_name("pledger")
FIRST, SECOND = ("0x" + digits * 32 for digits in ("d1", "d2"))


def test_a_server_with_a_relayer_sends_and_ends_with_it(
    database: Database, world: World, settings: Settings, free_port: int, tmp_path: Path
) -> None:
    for key in (FIRST, SECOND):
        world.chain.set_balance(Account.from_key(key).address, 10**16)
    number = ask(database, world, company())
    named = {
        "PLEDGER_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PLEDGER_RELAYER_KEY": FIRST,
        "PLEDGER_RELAYER_KEYS": f"{SECOND}, {FIRST}",
        "PLEDGER_RPC_URL": world.node.url,
        "PLEDGER_DEPLOYMENT": str(settings.deployment),
        "PLEDGER_FINALITY": "immediate",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    command = [str(PLEDGER), "serve", "--with-relayer", "--port", str(free_port)]
    log = tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=tmp_path, env=others | named, stdout=said, stderr=said)
    try:
        _wait(lambda: look(database, number).settled, log)
        _wait(lambda: log.read_text().count("left: fund it") == 2, log)
        another = ask(database, world, company())
        _wait(lambda: look(database, another).state == "mined", log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert log.read_text().count("sending with 0x") == 2
    assert "what is out is looked after when it runs again" in log.read_text()


def _wait(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def test_what_it_is_set_to_is_checked_before_it_starts() -> None:
    def set_to(**values: str) -> Settings:
        return Settings(_env_file=None, **values)

    assert relayer_keys(set_to()) == []
    both = set_to(relayer_key=FIRST, relayer_keys=f" {SECOND},,{FIRST}")
    assert [each.address for each in relayer_keys(both)] == [
        Account.from_key(key).address for key in (FIRST, SECOND)
    ]
    with pytest.raises(LedgerError, match="PLEDGER_RELAYER_KEYS is not a private key"):
        relayer_keys(set_to(relayer_keys="0x12"))
    assert low_balance(set_to(relay_low_balance="0.5")) == 5 * 10**17
    for wrong in ("much", "-1", "NaN", "Infinity"):
        with pytest.raises(LedgerError, match="PLEDGER_RELAY_LOW_BALANCE"):
            low_balance(set_to(relay_low_balance=wrong))
