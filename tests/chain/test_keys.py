"""Keys: opened from a keystore or the environment, and never shown."""

import stat
from pathlib import Path

import pytest
from eth_utils.conversions import to_hex
from pydantic import SecretStr

from ledger.chain import anvil, keys
from ledger.chain.keys import KeyUnusable
from ledger.settings import Settings

KEY = anvil.wallet(3)
VECTOR = """{"crypto": {"cipher": "aes-128-ctr", "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
"ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
"kdf": "pbkdf2", "kdfparams": {"c": 262144, "dklen": 32, "prf": "hmac-sha256",
"salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
"mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
"id": "3198bc9c-6672-5ab3-d995-4942343ae5b6", "version": 3}"""


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


NO_KEYSTORE = ["", "{}", "[]", "0x" + "12" * 32, '"crypto"', "[" * 100_000, b"\xff\xfe"]
DAMAGED = [
    '{"crypto": {"cipher": "none"}}',
    '{"version": 3, "crypto": {}}',
    '{"version": 3, "crypto": null}',
    '{"version": 3, "Crypto": {"kdf": "scrypt", "kdfparams": {"n": "x"}, "cipher": 1}}',
]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        *((each, "is not a keystore file") for each in NO_KEYSTORE),
        *((each, "keystore file .* is damaged") for each in DAMAGED),
    ],
)
def test_what_is_no_keystore(tmp_path: Path, content: str | bytes, why: str) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(KeyUnusable, match=why) as error:
        keys.from_keystore(path, "password")
    assert error.value.__context__ is None or error.value.__suppress_context__
    assert error.value.__cause__ is None and error.value.hint


def test_a_keystore_that_cannot_be_read_is_said_before_its_password_is_asked(tmp_path: Path) -> None:
    def ask(path: Path) -> str:
        raise AssertionError("nobody is asked")

    for path, why in ((tmp_path / "none.json", "There is no keystore file"), (tmp_path, "cannot be read")):
        with pytest.raises(KeyUnusable, match=why):
            keys.signing_key(Settings(keystore=path), ask)
    with pytest.raises(KeyUnusable, match="cannot be written"):
        keys.to_keystore(KEY, "password", tmp_path / "no folder" / "key.json")


def test_a_keystore_of_another_program_opens(tmp_path: Path) -> None:
    """The test vector of the format's own description (Web3 Secret Storage, PBKDF2)."""
    path = tmp_path / "UTC--key.json"
    path.write_text(VECTOR)
    opened = keys.from_keystore(path, "testpassword")
    assert bytes(opened.key).hex() == "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"


@pytest.mark.parametrize("bad", ["0x" + "zz" * 32, "0x" + "00" * 32, "ab", "correct horse battery staple"])
def test_a_bad_key_is_never_shown(bad: str) -> None:
    with pytest.raises(KeyUnusable, match="PLEDGER_PRIVATE_KEY is not a private key") as error:
        keys.signing_key(Settings(private_key=SecretStr(bad)))
    assert bad not in str(error.value)
    assert error.value.__suppress_context__


def test_no_key_at_all_says_what_to_set() -> None:
    with pytest.raises(KeyUnusable, match="no key to sign with") as error:
        keys.signing_key(Settings(keystore=None, private_key=None))
    assert "PLEDGER_KEYSTORE" in error.value.hint
    assert keys.signing_key(Settings(private_key=SecretStr(to_hex(KEY.key)))).address == KEY.address
