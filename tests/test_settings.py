"""The settings as they are documented, and as they are read."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from ledger.checkout import ROOT
from ledger.errors import LedgerError
from ledger.settings import Settings


def test_the_table_of_settings_is_what_the_program_reads() -> None:
    table = (ROOT / "docs" / "settings.md").read_text()
    documented = dict(re.findall(r"^\| `PLEDGER_(\w+)` \| ?`?(.*?)`? ?\| ", table, re.MULTILINE))
    fields = Settings.model_fields
    assert documented == {
        name.upper(): "" if field.default is None else str(field.default) for name, field in fields.items()
    }


def test_set_to_nothing_is_not_set_whatever_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PLEDGER_DATABASE_URL=postgresql://other/\nPLEDGER_FINALITY=7\n")
    assert Settings().database_url == "postgresql://other/"
    for name in ("DATABASE_URL", "FINALITY", "KEYSTORE", "POLL_SECONDS"):
        monkeypatch.setenv(f"PLEDGER_{name}", "")
    settings = Settings()
    assert (settings.database_url, settings.keystore) == (None, None)
    assert (settings.finality, settings.poll_seconds) == ("finalized", 1.0)


def test_another_process_gets_all_of_them_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(relayer_key=SecretStr("0x1"), finality="immediate", test_wallet=True)
    for name, value in {"DATABASE_URL": "postgresql://other/", "FINALITY": "7"}.items():
        monkeypatch.setenv(f"PLEDGER_{name}", value)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLL_SECONDS", "soon", "PLEDGER_POLL_SECONDS cannot be used: input should be a valid number"),
        ("TEST_WALLET", "perhaps", "PLEDGER_TEST_WALLET cannot be used: input should be a valid boolean"),
        ("", b"PLEDGER_HOME=caf\xe9\n", r"\.env, in this folder, cannot be read: .*utf-8"),
    ],
)
def test_what_no_setting_can_be_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str | bytes, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if isinstance(value, bytes):
        (tmp_path / ".env").write_bytes(value)
    else:
        monkeypatch.setenv(f"PLEDGER_{name}", value)
    with pytest.raises(LedgerError, match=said) as refused:
        Settings()
    assert "\n" not in refused.value.what
