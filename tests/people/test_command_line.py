"""`pledger login`, `members` and `keys`, against a server that listens."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from ledger_world import Partner, World
from typer.testing import CliRunner

from api.app import create_app
from ledger.cli.main import application
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database

Run = Callable[..., str]


@pytest.fixture
def site(settings: Settings, database: Database) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def run(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as somebody, who has a home of their own."""
    monkeypatch.setenv("PLEDGER_SERVER", site)
    monkeypatch.delenv("PLEDGER_KEYSTORE", raising=False)

    def command(who: Partner, *arguments: str) -> str:
        monkeypatch.setenv("PLEDGER_HOME", str(tmp_path / who.key.address))
        monkeypatch.setenv("PLEDGER_PRIVATE_KEY", "0x" + bytes(who.key.key).hex())
        result = CliRunner().invoke(application(arguments[0]), list(arguments))
        if result.exception is not None:
            raise result.exception
        return result.output

    return command


def test_an_owner_lets_a_member_in_and_makes_a_key(
    run: Run, world: World, index: Callable[[], None], site: str, tmp_path: Path
) -> None:
    owner, kim = world.partner("Nordwind GmbH"), world.stranger("Kim")
    index()
    with pytest.raises(LedgerError, match="not everybody's") as caught:
        run(owner, "members", "list")
    assert f"pledger login --server {site}" in caught.value.hint
    assert f"signed in for Nordwind GmbH, {owner.account}, as owner" in run(owner, "login")
    kept = tmp_path / owner.key.address / "sessions.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert "finance  Kim" in run(owner, "members", "add", kim.account, "--role", "finance", "--name", "Kim")
    assert "deals    Kim" in run(owner, "members", "add", kim.account, "--role", "deals"), "the name stays"
    assert f"signed in for Nordwind GmbH, {owner.account}, as deals" in run(kim, "login")
    assert "as owner" in run(kim, "login", "--for", kim.account)
    assert f"also: --for {owner.account}" in run(kim, "login", "--for", kim.account)
    run(kim, "login")
    with pytest.raises(LedgerError, match="deals, does not allow to let members in"):
        run(kim, "members", "add", world.relayer.address, "--role", "read")
    made = run(owner, "keys", "make", "CRM", "--scope", "drafts:read", "--days", "7")
    identifier = made.split()[0]
    assert f"pledger_{identifier}_" in made
    assert "never used" in run(owner, "keys", "list")
    assert "No draft waits." in run(owner, "drafts")
    assert "revoked" in run(owner, "keys", "revoke", identifier)
    with pytest.raises(LedgerError, match="A key's scopes are some of"):
        run(owner, "keys", "make", "CRM", "--scope", "keys:write")
    assert "Kim" not in run(owner, "members", "remove", kim.account)
    with pytest.raises(LedgerError, match="The session is over"):
        run(kim, "members", "list")
    assert "signed out on all devices" in run(owner, "logout", "--everywhere")
    with pytest.raises(LedgerError, match="not everybody's"):
        run(owner, "keys", "list")


def test_a_server_that_asks_for_a_signature_for_another_gets_none(
    run: Run, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch, database: Database, site: str
) -> None:
    settings.public_url = "https://the-real-one.example"  # as one in the middle would hand on
    monkeypatch.setattr("api.sign_in.routes.refuse_strangers", lambda *_: None)
    with pytest.raises(LedgerError, match=r"signs in at https://the-real-one\.example") as caught:
        run(world.stranger(), "login")
    assert "Nothing was signed" in caught.value.hint
    for url, why in (
        ("http://ledger.example", "is not https"),
        ("ledger.example", "is not a server's address"),
        ("https://ledger.example/portal", "is not a server's address"),
        ("https://[", "is not a server's address"),
        ("http://127.0.0.1:9", "does not answer"),
        (world.node.url, "not as a server of this ledger"),
    ):
        with pytest.raises(LedgerError, match=why):
            run(world.stranger(), "login", "--server", url)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Ledger.example", "https://ledger.example"),
        ("https://ledger.example:443/", "https://ledger.example"),
        ("https://ledger.example:8443", "https://ledger.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("", ""),
    ],
)
def test_the_public_address_is_written_as_browsers_do(given: str, origin: str) -> None:
    assert Settings(_env_file=None, public_url=given).public_origin == origin


@pytest.mark.parametrize(
    "given",
    ["http://ledger.example", "ledger.example", "https://", "https://a/b", "https://a?b", "https://["],
)
def test_what_is_no_public_address_is_refused_before_anything_starts(given: str) -> None:
    with pytest.raises(LedgerError, match="PLEDGER_PUBLIC_URL"):
        create_app(Settings(_env_file=None, public_url=given))
