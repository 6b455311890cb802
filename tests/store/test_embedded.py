"""The embedded PostgreSQL: shared by processes, stopped by the last, unimpressed by crashes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store import embedded
from ledger.store.database import Database

HOLD = """
import sys, pathlib
from ledger.settings import Settings
from ledger.store.database import Database
with Database.open(Settings(home=pathlib.Path(sys.argv[1]))):
    print("open", flush=True)
    sys.stdin.read()
"""


def hold(home: Path) -> "subprocess.Popen[str]":
    """Another process that keeps the database open until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def let_go(process: "subprocess.Popen[str]") -> None:
    process.communicate("", timeout=60)
    assert process.returncode == 0


def server_pid(home: Path) -> int | None:
    """The running server's process id."""
    try:
        pid = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None
    return pid if psutil.pid_exists(pid) else None


def test_processes_share_a_server_and_the_last_one_stops_it(home: Path) -> None:
    first, second = hold(home), hold(home)
    pid = server_pid(home)
    assert pid is not None
    let_go(first)
    assert server_pid(home) == pid
    with Database.open(Settings(home=home)):
        let_go(second)
        assert server_pid(home) == pid
    assert server_pid(home) is None


def test_a_killed_user_does_not_keep_the_server_alive(home: Path) -> None:
    killed = hold(home)
    killed.kill()
    killed.wait()
    assert server_pid(home) is not None
    Database.open(Settings(home=home)).close()
    assert server_pid(home) is None


def test_a_killed_server_is_started_again_with_its_data(home: Path) -> None:
    settings = Settings(home=home)
    with Database.open(settings) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE app.kept (it int); INSERT INTO app.kept VALUES (7)")
    user = hold(home)
    pid = server_pid(home)
    assert pid is not None
    psutil.Process(pid).kill()  # its children follow, a little later
    user.kill()
    user.wait()
    with Database.open(settings) as database, database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT it FROM app.kept").scalar() == 7


@pytest.mark.parametrize("content", ["", "1\n/some", "{me}\n/some\n1\n5432\n\n\n1 1\nready\n"])
def test_a_stale_pid_file_is_no_obstacle(home: Path, content: str) -> None:
    settings = Settings(home=home)
    Database.open(settings).close()
    stale = home / "postgres" / "postmaster.pid"
    stale.write_text(content.format(me=os.getpid()))  # alive, but no PostgreSQL
    Database.open(settings).close()
    assert not stale.exists()


def test_ctrl_c_does_not_reach_the_server(home: Path) -> None:
    user = hold(home)
    pid = server_pid(home)
    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(user.pid)
    user.send_signal(signal.SIGINT)
    user.wait(60)
    with Database.open(Settings(home=home)):
        assert server_pid(home) is not None


def test_a_folder_that_cannot_be_used_is_one_clear_line(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(LedgerError, match="embedded PostgreSQL does not start"):
        embedded.join(home)
