"""The embedded PostgreSQL: shared by processes, stopped by the last, unimpressed by crashes."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from database_fixtures import temporary_home

from ledger.checkout import ROOT
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store import embedded, programs
from ledger.store.backup import backup
from ledger.store.database import Database, libpq_url

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
    process = begin_to_hold(home)
    wait_until_held(process)
    return process


def begin_to_hold(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait_until_held(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"


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
    """Also when they make it at the same moment."""
    first, second = begin_to_hold(home), begin_to_hold(home)
    wait_until_held(first)
    wait_until_held(second)
    pid = server_pid(home)
    assert pid is not None
    let_go(first)
    assert server_pid(home) == pid
    with Database.open(Settings(home=home)):
        let_go(second)
        assert server_pid(home) == pid
    assert server_pid(home) is None


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP], ids=["killed", "its terminal closed"])
def test_the_server_does_not_outlive_users_that_are_ended(used_home: Path, ending: signal.Signals) -> None:
    """While one of them is left, it goes on."""
    first, last = hold(used_home), hold(used_home)
    pid = server_pid(used_home)
    assert pid is not None
    for user in (first, last):
        assert server_pid(used_home) == pid
        user.send_signal(ending)
        user.wait()
    psutil.Process(pid).wait(timeout=60)
    Database.open(Settings(home=used_home)).close()
    assert server_pid(used_home) is None


def test_a_killed_server_is_started_again_with_its_data(used_home: Path) -> None:
    settings = Settings(home=used_home)
    with Database.open(settings) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE app.kept (it int); INSERT INTO app.kept VALUES (7)")
    user = hold(used_home)
    pid = server_pid(used_home)
    assert pid is not None
    psutil.Process(pid).kill()  # its children follow, a little later
    user.kill()
    user.wait()
    with Database.open(settings) as database, database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT it FROM app.kept").scalar() == 7


@pytest.mark.parametrize("content", ["", "1\n/some", "{me}\n/some\n1\n5432\n\n\n1 1\nready\n"])
def test_a_stale_pid_file_is_no_obstacle(used_home: Path, content: str) -> None:
    settings = Settings(home=used_home)
    Database.open(settings).close()
    stale = used_home / "postgres" / "postmaster.pid"
    stale.write_text(content.format(me=os.getpid()))  # alive, but no PostgreSQL
    Database.open(settings).close()
    assert not stale.exists()


def test_ctrl_c_does_not_reach_the_server(used_home: Path) -> None:
    user = hold(used_home)
    pid = server_pid(used_home)
    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(user.pid)
    user.send_signal(signal.SIGINT)
    user.wait(60)
    with Database.open(Settings(home=used_home)):
        assert server_pid(used_home) is not None


@pytest.mark.parametrize(
    "name",
    ["my ledger ü 100%", 'it\'s "quoted" $HOME `x` \\', "a,b:c", "long " * 40, "x" * 88],
    ids=["spaces", "quotes", "lists", "long", "near the limit"],
)
def test_any_name_of_a_folder_will_do(home: Path, name: str) -> None:
    """Its URL is read alike by this program's library and PostgreSQL's own; its socket is for nobody else."""
    folder = home / name
    with Database.open(Settings(home=folder)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE app.kept (it int); INSERT INTO app.kept VALUES (7)")
        socket = Path(str(database.url.query["host"]))
        assert socket.stat().st_mode & 0o077 == 0
        server = embedded.join(folder)
        for url in (server.url, libpq_url(database.url)):
            said = programs.run(programs.find("psql"), ["--no-psqlrc", "-Atc", "SELECT 7", url])
            assert said == b"7\n"
        embedded.leave(server)
        connection.commit()
        backup(database, home / "saved")
    assert socket == folder / "postgres" or not socket.exists(), "nothing is left in the temporary folder"


ASIDE = """
import os, pathlib, sys
from ledger.settings import Settings
from ledger.store.database import Database
home = pathlib.Path(sys.argv[1])
with Database.open(Settings(home=home)) as database, database.engine.connect() as connection:
    print(connection.exec_driver_sql("SELECT current_user").scalar(), end=" ")
    print((home / "postgres").stat().st_uid == os.geteuid(), flush=True)
    try:
        os.listdir(sys.argv[2])
    except PermissionError:
        print("kept out")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_another_user_without_a_home_has_a_server_of_its_own_beside(home: Path) -> None:
    """And gets no look into this one's, although root has to run it as a user of its own."""
    nobody = pwd.getpwnam("nobody")
    with temporary_home() as other, Database.open(Settings(home=home)):
        os.chown(other, nobody.pw_uid, nobody.pw_gid)
        if subprocess.run(["test", "-x", sys.executable], user=nobody.pw_uid).returncode:
            pytest.skip("this checkout is closed to others")
        done = subprocess.run(
            [sys.executable, "-c", ASIDE, str(other), str(home / "postgres")],
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "LANG": "xx_XX.ISO-8859-15"},
            capture_output=True,
            text=True,
        )
        assert done.stdout == "postgres True\nkept out\n", done.stderr


def test_a_server_that_is_killed_is_started_again_by_whoever_uses_it(used_home: Path) -> None:
    with Database.open(Settings(home=used_home)) as database:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE app.kept (it int); INSERT INTO app.kept VALUES (7)")
        psutil.Process(server_pid(used_home)).kill()
        database.engine.dispose()  # its own processes follow, a little later
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT it FROM app.kept").scalar() == 7
    assert server_pid(used_home) is None


@pytest.mark.parametrize("whole", [True, False], ids=["the server", "one process of it"])
def test_what_its_end_breaks_off_is_one_line_with_the_cause(used_home: Path, whole: bool) -> None:
    cause = "does not say why" if whole else "terminated by signal 9"
    with (
        pytest.raises(
            LedgerError, match=f"^The database failed: the embedded PostgreSQL was ended: .*{cause}"
        ),
        Database.open(Settings(home=used_home)) as database,
        database.engine.connect() as connection,
    ):
        session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        for pid in ([server_pid(used_home)] if whole else []) + [session]:
            os.kill(pid, signal.SIGKILL)
        connection.exec_driver_sql("SELECT pg_sleep(60)")


def test_a_server_that_hangs_is_ended_all_the_same(used_home: Path) -> None:
    with Database.open(Settings(home=used_home)):
        pid = server_pid(used_home)
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert server_pid(used_home) is None


def test_a_setting_up_that_was_broken_off_is_begun_anew(home: Path) -> None:
    half = home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    Database.open(Settings(home=home)).close()
    assert not half.exists()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("postgres/PG_VERSION", "17\n", "are of PostgreSQL 17; this program brings 18"),
        ("postgres/mine.txt", "", "does not start: .*postgres is not empty, and holds no database"),
        ("postgres", "", r"does not start: .*postgres.*(Not a directory|File exists)"),
    ],
)
def test_a_folder_that_cannot_be_used_is_one_clear_line(home: Path, file: str, text: str, said: str) -> None:
    (home / file).parent.mkdir(exist_ok=True)
    (home / file).write_text(text)
    with pytest.raises(LedgerError, match=said) as caught:
        embedded.join(home)
    assert "\n" not in caught.value.what
    assert (home / file).read_text() == text


def test_why_it_does_not_start_comes_from_its_log(used_home: Path) -> None:
    Database.open(Settings(home=used_home)).close()
    with (used_home / "postgres" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'lots'\n")
    with pytest.raises(LedgerError, match=r'does not start: .*"shared_buffers"'):
        embedded.join(used_home)


@pytest.mark.parametrize("command", ["status", "digest", "audit", "backup", "serve"])
def test_a_home_that_cannot_be_made_is_a_line_of_every_command(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", "from ledger.cli.main import main; main()", command]
        + ([str(tmp_path / "saved")] if command == "backup" else []),
        env=os.environ | {"PLEDGER_HOME": str(tmp_path / "file" / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    if command not in ("audit", "serve"):  # they look for other things first, or tell it in a log
        assert "error: The folder" in done.stderr
        assert "Set PLEDGER_HOME" in done.stderr
