"""Keys: opened from a keystore or the environment, and never shown."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from ledger.chain import anvil, keys
from ledger.chain.keys import KeyUnusable
from ledger.settings import Settings

KEY = anvil.wallet(3)


@pytest.fixture(scope="module")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "payer.json"
    keys.to_keystore(KEY, "correct horse", path)
    return path


def test_a_keystore_opens_with_its_password_only(keystore: Path) -> None:
    assert stat.S_IMODE(keystore.stat().st_mode) == 0o600
    opened = keys.signing_key(Settings(keystore=keystore, keystore_password=SecretStr("correct horse")))
    assert opened.key == KEY.key
    assert keys.signing_key(Settings(keystore=keystore), lambda _: "correct horse").key == KEY.key
    with pytest.raises(KeyUnusable, match=r"password of the keystore .* is wrong"):
        keys.from_keystore(keystore, "battery staple")
    with pytest.raises(KeyUnusable, match="needs its password"):
        keys.signing_key(Settings(keystore=keystore))
    with pytest.raises(KeyUnusable, match="exists already"):
        keys.to_keystore(KEY, "other", keystore)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"crypto": {"cipher": "none"}}', '{"version": 3, "crypto": {}}']
)
def test_what_is_no_keystore(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(KeyUnusable, match="is not a keystore file"):
        keys.from_keystore(path, "password")
    with pytest.raises(KeyUnusable, match="There is no keystore file"):
        keys.from_keystore(tmp_path / "none.json", "password")


@pytest.mark.parametrize("bad", ["0x" + "zz" * 32, "0x" + "00" * 32, "ab", "correct horse battery staple"])
def test_a_bad_key_is_never_shown(bad: str) -> None:
    with pytest.raises(KeyUnusable, match="PLEDGER_PRIVATE_KEY is no private key") as error:
        keys.signing_key(Settings(private_key=SecretStr(bad)))
    assert bad not in str(error.value)
    assert error.value.__suppress_context__


def test_no_key_at_all_says_what_to_set() -> None:
    with pytest.raises(KeyUnusable, match="no key to sign with") as error:
        keys.signing_key(Settings(keystore=None, private_key=None))
    assert "PLEDGER_KEYSTORE" in error.value.hint
    assert keys.signing_key(Settings(private_key=SecretStr(KEY.key.to_0x_hex()))).address == KEY.address
